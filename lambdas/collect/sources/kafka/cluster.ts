/**
 * Looks at a topic from a consumer group's side: where the log of each partition begins and ends, and how far the group has
 * committed. What the services of a tick ask becomes one request for all topics, one a group, and two a broker.
 *
 * The ends are read after the commits, never at the same time: a commit that is newer than the end it is compared with would
 * look like one beyond it.
 */
import { openBrokers } from './brokers.ts';
import { commitsOf } from './commits.ts';
import { edgesOf } from './edges.ts';
import { gather } from './gather.ts';
import type { Access, Address } from './node.ts';
import { Code, KafkaRefusal, LoginRefused, whyRefused } from './refusal.ts';

/** One partition as it was seen. Offsets have 64 bits. */
export interface PartitionSeen {
  readonly partition: number;
  /** Of the oldest message that is still there. */
  readonly start: bigint;
  /** Of the next message to come. */
  readonly end: bigint;
  /** `undefined`: the group has committed none. */
  readonly committed: bigint | undefined;
}

export interface Look {
  readonly seen: readonly PartitionSeen[];
  /** Partitions that nobody could tell of, each with the reason. */
  readonly unseen: readonly { readonly partition: number; readonly why: string }[];
}

export interface Cluster {
  /** @throws KafkaRefusal where the answer is no */
  readonly look: (topic: string, group: string) => Promise<Look>;
  readonly close: () => void;
}

const NO_LEADER = 'no broker leads there, start those that hold it';

/** @param server as people know it, for the reasons */
export const openCluster = async (
  bootstrap: readonly Address[],
  access: Access,
  timeLimitMs: number,
  server: string,
): Promise<Cluster> => {
  const brokers = await openBrokers(bootstrap, access, timeLimitMs);
  const commits = commitsOf(brokers);
  const starts = edgesOf(brokers, 'start');
  const ends = edgesOf(brokers, 'end');
  const metadata = gather(async (topics: readonly string[]) => {
    const answer = await brokers.askAny((node) => node.metadata([...new Set(topics)]));
    return {
      addresses: new Map(answer.brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }])),
      topics: new Map(answer.topicMetadata.map((each) => [each.topic, each])),
    };
  });

  const look = async (topic: string, group: string): Promise<Look> => {
    const refuse = (code: number) => new KafkaRefusal(whyRefused(code, { topic, group, server }));
    const { addresses, topics } = await metadata(topic);
    const found = topics.get(topic);
    if (found === undefined) throw refuse(Code.unknownTopic);
    if (found.topicErrorCode === Code.notLoggedIn) throw new LoginRefused('the token was not taken');
    if (found.topicErrorCode !== Code.none) throw refuse(found.topicErrorCode);

    const all = found.partitionMetadata.map(({ partitionId }) => partitionId).sort((a, b) => a - b);
    const led = found.partitionMetadata.flatMap(({ partitionId: partition, leader }) => {
      const address = addresses.get(leader);
      return address === undefined ? [] : [{ partition, leader: address }];
    });
    const [committed, start] = await Promise.all([
      commits({ group, topic, partitions: all }, refuse),
      starts(topic, led),
    ]);
    const end = await ends(topic, led);

    const seen: PartitionSeen[] = [];
    const unseen: { partition: number; why: string }[] = [];
    for (const partition of all) {
      const [first = NO_LEADER, next = NO_LEADER] = [start.get(partition), end.get(partition)];
      if (typeof first === 'string') unseen.push({ partition, why: first });
      else if (typeof next === 'string') unseen.push({ partition, why: next });
      else seen.push({ partition, start: first, end: next, committed: committed.get(partition) });
    }
    return { seen, unseen };
  };
  return { look, close: brokers.close };
};
