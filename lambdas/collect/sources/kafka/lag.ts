/**
 * What a look at a topic means: the messages that its consumer group has yet to work off.
 *
 * - Committed offsets only move when work is done, so the lag holds what waits and what is being worked on; there is no
 *   number in flight besides.
 * - A partition without a commit stands where consumers without one begin (`offsetReset`). Kafka does not know that, it is a
 *   setting of the consumers.
 * - Messages that retention has deleted are no backlog any more, whatever the commit says.
 * - A commit beyond the end (the topic was made anew, or cut back) is a lag of 0, and said.
 */
import type { KnownReading } from '../../../contract/records.ts';
import type { Sighting } from '../../../contract/source.ts';
import type { Look, PartitionSeen } from './cluster.ts';
import type { Standing, Still } from './stuck.ts';

export interface LagOptions {
  readonly topic: string;
  readonly consumerGroup: string;
  readonly offsetReset: 'earliest' | 'latest';
  readonly limitTo: 'partitions' | 'partitionsWithLag' | 'none';
}

/** One partition with what the group has yet to do in it. */
interface Lagging extends PartitionSeen {
  /** Where the group stands, committed or not. */
  readonly position: bigint;
  readonly lag: bigint;
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

const sum = <T>(all: readonly T[], amount: (each: T) => bigint): number =>
  Number(all.reduce((total, each) => total + amount(each), 0n));

const lagsIn = ({ seen }: Look, { offsetReset }: LagOptions): readonly Lagging[] =>
  seen.map((each) => {
    const { start, end, committed } = each;
    const position = committed ?? (offsetReset === 'earliest' ? start : end);
    return { ...each, position, lag: larger(0n, end - larger(position, start)) };
  });

const MOST_NAMED = 5;

/** `partition 3`, `partitions 0, 2, 5 and 37 more`. */
const named = (all: readonly { readonly partition: number }[]): string => {
  const some = all.slice(0, MOST_NAMED).map(({ partition }) => partition);
  const more = all.length - some.length;
  return `partition${all.length === 1 ? '' : 's'} ${some.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

const uncommitted = (all: readonly Lagging[], options: LagOptions): readonly string[] => {
  const { consumerGroup, offsetReset } = options;
  const mattering = all.filter(({ committed, start, end }) => committed === undefined && end > start);
  if (mattering.length === 0) return [];
  const what =
    offsetReset === 'earliest'
      ? 'everything there counts (offsetReset: earliest); set latest if its consumers begin at the end, or consumerGroup if theirs is another'
      : 'the messages there do not count (offsetReset: latest); set consumerGroup if the consumers are in another';
  return [`group ${consumerGroup} has no offsets in ${named(mattering)}: ${what}`];
};

const deleted = (all: readonly Lagging[]): readonly string[] => {
  const behind = all.filter(({ committed, start }) => committed !== undefined && committed < start);
  if (behind.length === 0) return [];
  const lost = sum(behind, ({ start, position }) => start - position);
  return [`${lost} messages of ${named(behind)} were deleted before the group read them, and do not count`];
};

const beyond = (all: readonly Lagging[], { consumerGroup }: LagOptions): readonly string[] => {
  const ahead = all.filter(({ committed, end }) => committed !== undefined && committed > end);
  if (ahead.length === 0) return [];
  return [
    `the offsets of group ${consumerGroup} lie beyond the end of ${named(ahead)}, as when a topic is made anew: nothing there counts until its consumers reset them`,
  ];
};

const unseenIn = ({ unseen }: Look): readonly string[] =>
  [...Map.groupBy(unseen, ({ why }) => why)].map(([why, all]) => `${named(all)} could not be read: ${why}`);

const stuckIn = (stuck: readonly Lagging[], still: ReadonlyMap<number, Still>): readonly string[] => {
  if (stuck.length === 0) return [];
  const least = (of: (each: Still) => number) =>
    Math.min(...stuck.flatMap(({ partition }) => still.get(partition) ?? []).map(of));
  const since = `${least(({ readings }) => readings)} readings and ${least(({ seconds }) => seconds)} s`;
  return [
    `the ${sum(stuck, ({ lag }) => lag)} messages of ${named(stuck)} are left out: the group has not moved there for ${since}`,
  ];
};

const parallelismOf = (lagging: number, { seen, unseen }: Look, { limitTo }: LagOptions) => {
  const most = {
    none: 0,
    partitions: seen.length + unseen.length,
    partitionsWithLag: lagging + unseen.length,
  };
  // Without any lag there is nothing to limit.
  return most[limitTo] === 0 ? {} : { parallelism: most[limitTo] };
};

/**
 * @param stillIn tells which of the partitions with a lag are stuck; they are left out, but while they are there the backlog
 *   is never 0: somebody must stay to get over the message
 */
export const sightingOf = (
  look: Look,
  options: LagOptions,
  at: string,
  stillIn: (lagging: readonly Standing[]) => ReadonlyMap<number, Still>,
): Sighting => {
  if (look.seen.length === 0)
    return {
      known: false,
      why: `topic ${options.topic}: ${unseenIn(look).join('; ')}`,
      error: 'NoLeader',
    };
  const all = lagsIn(look, options);
  const lagging = all.filter(({ lag }) => lag > 0n);
  const still = stillIn(lagging);
  const stuck = lagging.filter(({ partition }) => still.has(partition));
  const counted = sum(lagging, ({ partition, lag }) => (still.has(partition) ? 0n : lag));
  const whole = look.unseen.length === 0;
  // What matters most comes first: collect keeps few.
  const notes = [
    ...unseenIn(look),
    ...stuckIn(stuck, still),
    ...uncommitted(all, options),
    ...beyond(all, options),
    ...deleted(all),
  ];
  const reading: KnownReading = {
    known: true,
    visible: counted === 0 && stuck.length > 0 ? 1 : counted,
    ...parallelismOf(lagging.length, look, options),
    ...(whole ? {} : { atLeast: true }),
    ...(notes.length === 0 ? {} : { notes }),
    at,
  };
  // Totals of a part are no totals: the rate of the next reading would be wrong.
  const totals = { arrived: sum(all, ({ end }) => end), departed: sum(all, ({ position }) => position) };
  return whole ? { ...reading, totals } : reading;
};
