/** Streams from the side of those who add entries and take them. */
import { type redisClient, texts } from './redis-client.ts';

export type Run = ReturnType<typeof redisClient>;
type Client = Parameters<Parameters<Run>[0]>[0];

export const group = { queueType: 'stream', consumerGroup: 'work ers/ü' };
export const add = (client: Client, key: string, count: number, id = '*') =>
  Promise.all(texts(count).map((message) => client.xAdd(key, id, { message })));
/** A consumer takes so many; the answer is their ids. */
export const take = async (client: Client, key: string, COUNT: number): Promise<string[]> => {
  const given = await client.xReadGroup(group.consumerGroup, 'me', { key, id: '>' }, { COUNT });
  return (given?.[0]?.messages ?? []).map(({ id }) => id);
};
export const createGroup = (client: Client, key: string, from = '0') =>
  client.xGroupCreate(key, group.consumerGroup, from, { MKSTREAM: true });
