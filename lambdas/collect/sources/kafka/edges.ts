/** Where the logs of partitions begin or end, asked of their leaders. */
import { explainConnection } from '../../../contract/connection-errors.ts';
import { messageOf } from '../../../contract/errors.ts';
import type { Brokers } from './brokers.ts';
import { gather } from './gather.ts';
import { type Address, type Edge, textOf } from './node.ts';
import { Code } from './refusal.ts';

interface Led {
  readonly partition: number;
  readonly leader: Address;
}

interface Asked extends Led {
  readonly topic: string;
}

/** By partition: its edge, or why it could not be seen. */
type Seen = Map<number, bigint | string>;

const partitionsIn = (asked: readonly Asked[]) => {
  const topics = new Map<string, Set<number>>();
  for (const { topic, partition } of asked)
    topics.set(topic, (topics.get(topic) ?? new Set()).add(partition));
  return new Map([...topics].map(([topic, numbers]) => [topic, [...numbers]]));
};

/** What one leader says of the partitions that it leads, by topic. */
const askLeader = async (brokers: Brokers, edge: Edge, leader: Address, asked: readonly Asked[]) => {
  const answer = await brokers.ask(leader, (node) => node.edges(edge, partitionsIn(asked)));
  return new Map(
    answer.responses.map(({ topic, partitions }) => {
      const seen: Seen = new Map();
      for (const { partition, errorCode, offset } of partitions) {
        const refused = `the leader ${textOf(leader)} answered with Kafka error ${errorCode}`;
        seen.set(partition, errorCode === Code.none ? BigInt(offset) : refused);
      }
      return [topic, seen];
    }),
  );
};

/** Of one topic; a partition whose leader said nothing of it is not in the answer. */
export const edgesOf = (brokers: Brokers, edge: Edge) => {
  const ask = gather(async (wishes: readonly (readonly Asked[])[]) => {
    const topics = new Map<string, Seen>();
    const seenOf = (topic: string): Seen => {
      const seen: Seen = topics.get(topic) ?? new Map();
      topics.set(topic, seen);
      return seen;
    };
    const byLeader = Map.groupBy(wishes.flat(), ({ leader }) => textOf(leader));
    await Promise.all(
      [...byLeader].map(async ([name, asked]) => {
        const [{ leader } = { leader: { host: '', port: 0 } }] = asked;
        try {
          for (const [topic, seen] of await askLeader(brokers, edge, leader, asked))
            for (const [partition, offset] of seen) seenOf(topic).set(partition, offset);
        } catch (thrown) {
          const it = `the leader ${name}`;
          const why = explainConnection(thrown, it) ?? `${it} failed: ${messageOf(thrown)}`;
          for (const { topic, partition } of asked) seenOf(topic).set(partition, why);
        }
      }),
    );
    return topics;
  });

  return async (topic: string, partitions: readonly Led[]): Promise<ReadonlyMap<number, bigint | string>> =>
    (await ask(partitions.map((each) => ({ topic, ...each })))).get(topic) ?? new Map();
};
