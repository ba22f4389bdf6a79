import { sns } from '../../../../local/demo/queues/sns.ts';
import { startEndpoints } from '../../../../local/endpoints/aws.ts';
import { behavesAsQueue } from './behaviour.ts';

const on = (options: object) => async () => {
  const backend = { services: () => [], setDesired: () => undefined, count: () => undefined };
  const { env, stopQueue, startQueue, close } = await startEndpoints(backend, sns.endpoints?.());
  return { options: { type: 'sns', ...options }, env, stop: stopQueue, start: startQueue, close };
};

behavesAsQueue('a topic', sns, on({ topicName: 'uploads' }), { seesThroughOutage: true });
