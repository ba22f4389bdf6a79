import { kafka } from '../../../../local/demo/queues/kafka.ts';
import { startKafka } from '../../../servers/kafka.ts';
import { behavesAsQueue } from './behaviour.ts';

behavesAsQueue(
  'a topic',
  kafka,
  async () => {
    const { address, ...server } = await startKafka({});
    const bootstrapServers = [...address.bootstrapServers];
    const options = { type: 'kafka', bootstrapServers, topic: 'or.ders', consumerGroup: 'our workers/ü' };
    return { ...server, options: { ...options, offsetReset: 'earliest' } };
  },
  { seesInFlight: false },
);
