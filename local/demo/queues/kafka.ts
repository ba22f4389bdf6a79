/**
 * The demo's Kafka topic: as many partitions as the demo has tasks, and a task is a consumer of the configuration's group, which
 * commits after each message. What is being worked on is in the lag until then.
 */
import type { Options } from '../../../lambdas/collect/sources/kafka/options.ts';
import { placesOf } from '../../../lambdas/collect/sources/kafka/way-in.ts';
import { mskEndpoint } from '../../endpoints/msk.ts';
import { defineDemoQueue } from '../queue.ts';
import { clientTo, keptLine, LIMIT_MS, serversAt } from './kafka/client.ts';
import { workIn } from './kafka/member.ts';
import { lagOf, make } from './kafka/topic.ts';

export const kafka = defineDemoQueue<Options>({
  type: 'kafka',
  server: {
    name: 'kafka',
    settings: 'KAFKA_BOOTSTRAP_SERVERS, or bootstrapServers of the source',
    named: (options) => ({ places: placesOf(options) }),
    demo: ({ bootstrapServers }) => ({
      source: { type: 'kafka', bootstrapServers, topic: 'orders', consumerGroup: 'orders-worker' },
    }),
    endpoints: (address) => ({
      KAFKA: mskEndpoint(() => ({ bootstrapBrokerString: serversAt(address).join(',') })),
    }),
  },
  open: async (options, { key, server }) => {
    const { topic } = options;
    const client = await clientTo(options, server);
    await make(client, options);
    const line = keptLine(client);
    return {
      key,
      send: async (messages) => {
        const burst = Date.now();
        // Without a key they go to one partition after the other.
        const orders = Array.from({ length: messages }, (_, index) => ({
          value: JSON.stringify({ order: `${burst}-${index}` }),
        }));
        await line.use(({ producer }) => producer.send({ topic, messages: orders, timeout: LIMIT_MS }));
      },
      depth: async () => {
        const partitions = await line.use(({ admin }) => lagOf(admin, options));
        return { backlog: partitions.reduce((sum, { lag }) => sum + lag, 0), inFlight: null };
      },
      work: (task, workMs, stop) => workIn(client, options, task, workMs, stop),
      close: line.close,
    };
  },
});
