/** How far consumer groups have committed, asked of the brokers that keep their offsets, their coordinators. */
import { explainConnection } from '../../../contract/connection-errors.ts';
import { messageOf } from '../../../contract/errors.ts';
import type { Brokers } from './brokers.ts';
import { gather } from './gather.ts';
import type { Offsets, Partitions } from './group-offsets.ts';
import { type Address, textOf } from './node.ts';
import { Code, KafkaRefusal } from './refusal.ts';

interface AskedCommits {
  readonly group: string;
  readonly topic: string;
  readonly partitions: readonly number[];
}

/** Makes an error of a code of Kafka's. */
type Refuse = (code: number) => KafkaRefusal;

/** What became of a group: its offsets, or why there are none. */
type Outcome = Offsets | KafkaRefusal;

const partitionsIn = (asked: readonly AskedCommits[]): Partitions =>
  new Map(asked.map(({ topic, partitions }) => [topic, partitions]));

/**
 * The committed offset of each partition; one without is left out. A group that nobody has ever seen is a group without
 * commits: Kafka does not tell the two apart.
 */
export const commitsOf = (brokers: Brokers) => {
  const coordinators = new Map<string, Address>();

  const coordinatorOf = async (group: string): Promise<Address | Offsets> => {
    const known = coordinators.get(group);
    if (known !== undefined) return known;
    const { errorCode, coordinator } = await brokers.askAny((node) => node.coordinator(group));
    if (errorCode !== Code.none) return { errorCode, responses: [] };
    coordinators.set(group, coordinator);
    return coordinator;
  };

  const askCoordinator = async (
    coordinator: Address,
    groups: ReadonlyMap<string, Partitions>,
  ): Promise<ReadonlyMap<string, Outcome>> => {
    try {
      return await brokers.ask(coordinator, (node) => node.committed(groups));
    } catch (cause) {
      const name = `the broker ${textOf(coordinator)}, which keeps the group's offsets,`;
      const why = explainConnection(cause, name) ?? `${name} failed: ${messageOf(cause)}`;
      return new Map([...groups.keys()].map((group) => [group, new KafkaRefusal(why, { cause })]));
    }
  };

  const outcomesOf = async (
    groups: ReadonlyMap<string, Partitions>,
    more: boolean,
  ): Promise<Map<string, Outcome>> => {
    const outcomes = new Map<string, Outcome>();
    const found = await Promise.all(
      [...groups].map(async ([group, partitions]) => ({ group, partitions, at: await coordinatorOf(group) })),
    );
    const askable = found.flatMap(({ group, partitions, at }) => {
      if ('host' in at) return [{ group, partitions, at }];
      outcomes.set(group, at);
      return [];
    });
    await Promise.all(
      [...Map.groupBy(askable, ({ at }) => textOf(at)).values()].map(async (mine) => {
        const [{ at } = { at: { host: '', port: 0 } }] = mine;
        const asked = new Map(mine.map(({ group, partitions }) => [group, partitions]));
        for (const [group, outcome] of await askCoordinator(at, asked)) outcomes.set(group, outcome);
      }),
    );

    const moved = new Map<string, Partitions>();
    for (const [group, outcome] of outcomes) {
      const partitions = groups.get(group);
      const hasMoved = !(outcome instanceof KafkaRefusal) && outcome.errorCode === Code.notCoordinator;
      if (outcome instanceof KafkaRefusal || hasMoved) coordinators.delete(group);
      if (hasMoved && partitions !== undefined) moved.set(group, partitions);
    }
    if (moved.size > 0 && more)
      for (const [group, outcome] of await outcomesOf(moved, false)) outcomes.set(group, outcome);
    return outcomes;
  };

  const ask = gather((asked: readonly AskedCommits[]) => {
    const byGroup = Map.groupBy(asked, ({ group }) => group);
    return outcomesOf(new Map([...byGroup].map(([group, mine]) => [group, partitionsIn(mine)])), true);
  });

  return async (wanted: AskedCommits, refuse: Refuse): Promise<ReadonlyMap<number, bigint>> => {
    const outcome = (await ask(wanted)).get(wanted.group);
    if (outcome === undefined) throw refuse(Code.coordinatorNotAvailable);
    if (outcome instanceof KafkaRefusal) throw outcome;
    const partitions = outcome.responses.find(({ topic }) => topic === wanted.topic)?.partitions ?? [];
    const codes = [outcome.errorCode ?? Code.none, ...partitions.map((each) => each.errorCode)];
    const code = codes.find((each) => each !== Code.none);
    if (code !== undefined) throw refuse(code);
    const told = new Set(partitions.map(({ partition }) => partition));
    const untold = wanted.partitions.filter((partition) => !told.has(partition));
    if (untold.length > 0) {
      const which = `partitions ${untold.join(', ')} of topic ${wanted.topic}`;
      throw new KafkaRefusal(
        `Kafka did not say how far group ${wanted.group} is in ${which}: it is asked again at the next tick`,
      );
    }
    const committed = partitions.map(({ partition, offset }) => [partition, BigInt(offset)] as const);
    return new Map(committed.filter(([, offset]) => offset >= 0n));
  };
};
