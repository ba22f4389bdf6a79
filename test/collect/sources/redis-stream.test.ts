import { startRedis } from '../../servers/redis.ts';
import { behavesAsASource, type Subject } from './behaviour.ts';
import { redisClient } from './redis-client.ts';
import { add, createGroup, group, take } from './redis-streams.ts';

const startStream = async (): Promise<Subject> => {
  const server = await startRedis({ password: 'geheim' });
  const { host, port, password = '' } = server.address;
  const run = redisClient(server.address);
  const options = (queue: string) => ({ type: 'redis', host, port, password, queueKey: queue, ...group });
  return {
    options,
    create: (queue) => run(async (client) => void (await createGroup(client, queue, '$'))),
    send: (queue, messages) => run(async (client) => void (await add(client, queue, messages))),
    hold: (queue, messages) =>
      run(async (client) => {
        const ids = await take(client, queue, messages);
        return () => run(async (other) => void (await other.xAck(queue, group.consumerGroup, ids)));
      }),
    server,
    close: server.close,
    wrongPassword: {
      options: (queue) => ({ ...options(queue), password: 'falsch' }),
      why: /refused the user default: check username and password or passwordSecret/,
    },
  };
};

behavesAsASource({
  name: 'redis stream',
  start: startStream,
  at: (options, host, port) => ({ ...options, host, port }),
  missing: {
    known: true,
    visible: 0,
    inFlight: 0,
    notes: ['there is no stream nowhere yet, which counts as an empty one'],
  },
  oddNames: ['ord ers/50 %', 'größe 🚀', '{eu}:orders'],
  without: { tls: 'as for a list' },
});
