import { redis } from '../../../../local/demo/queues/redis.ts';
import { startRedis } from '../../../servers/redis.ts';
import { behavesAsQueue } from './behaviour.ts';

const on = (options: object) => async () => {
  const { address, ...server } = await startRedis({ password: 'geheim' });
  const { host, port, password } = address;
  return { ...server, address, options: { type: 'redis', host, port, password, ...options } };
};

const stream = { queueKey: 'orders', queueType: 'stream' };

behavesAsQueue('a list', redis, on({ queueKey: 'ord ers/ü', processingKey: 'working on' }));
behavesAsQueue('a stream with a group', redis, on({ ...stream, consumerGroup: 'workers' }));
behavesAsQueue('a stream without a group', redis, on(stream));
