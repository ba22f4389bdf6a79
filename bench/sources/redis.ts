import { createClient } from 'redis';
import type { SourceCase } from './case.ts';

const keyOf = (index: number): string => `orders-${index}`;

export const redis: SourceCase = {
  name: 'redis',
  server: 'redis',
  open: async (address, queues, network) => {
    const host = '127.0.0.1';
    const port = await network.to(address.port ?? 6379);
    const client = () =>
      createClient({ socket: { host, port } })
        .on('error', () => undefined)
        .connect();
    const maker = await client();
    for (let index = 0; index < queues; index += 1) {
      await maker.rPush(keyOf(index), ['a', 'b', 'c']);
      await maker.rPush(`${keyOf(index)}:processing`, 'd');
    }
    await maker.close();
    return {
      options: (index) => ({
        type: 'redis',
        host,
        port,
        queueKey: keyOf(index),
        processingKey: `${keyOf(index)}:processing`,
      }),
      bare: async () => {
        const bare = await client();
        return {
          ask: (index) => Promise.all([bare.lLen(keyOf(index)), bare.lLen(`${keyOf(index)}:processing`)]),
          close: () => bare.destroy(),
        };
      },
      close: () => undefined,
    };
  },
};
