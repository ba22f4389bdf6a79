/** A reading by the lease table of a KCL application: exact where all that waits could be counted. */
import { messageOf } from '../../../contract/errors.ts';
import type { ReadContext, Sighting } from '../../../contract/source.ts';
import type { Metrics } from '../cloudwatch/metrics.ts';
import type { Backlog, GatherBacklog } from './backlog.ts';
import type { LeaseScan } from './leases.ts';
import type { Look } from './look.ts';
import { type LeaseTable, type Options, streamOf } from './options.ts';
import { coversLeases, positionsOf } from './positions.ts';
import type { Shards } from './shards.ts';
import { arrivals } from './stream-metrics.ts';
import { trouble } from './trouble.ts';

export interface LeaseReader {
  readonly scan: () => Promise<LeaseScan>;
  readonly shards: Shards;
  readonly gather: GatherBacklog;
  readonly metrics: () => Promise<Metrics>;
}

/** What was not counted, in all shards together. */
interface Rest {
  readonly records: number;
  /** There is more than that. */
  readonly atLeast: boolean;
  readonly notes: readonly string[];
}

const NO_REST: Rest = { records: 0, atLeast: false, notes: [] };

const restOf = async (
  cut: readonly Look[],
  open: number,
  arrivedWithin: () => Promise<((seconds: number) => number) | undefined>,
): Promise<Rest> => {
  if (cut.length === 0) return NO_REST;
  const where = `${cut.length === 1 ? 'one shard has' : `${cut.length} shards have`} more than is counted`;
  const floor = (why: string): Rest => ({
    records: cut.length,
    atLeast: true,
    notes: [`${where}, and ${why}: this is the least that waits`],
  });
  try {
    const arrived = await arrivedWithin();
    if (arrived === undefined) return floor('CloudWatch has no IncomingRecords to estimate the rest by');
    // Of a stream's arrivals a shard has its share, if keys are spread evenly.
    const shares = cut.map(({ restSeconds }) => Math.max(1, arrived(restSeconds) / Math.max(1, open)));
    return {
      records: Math.ceil(shares.reduce((total, share) => total + share, 0)),
      // An answer that was full, with nothing said to be behind it: nobody knows whether that was all.
      atLeast: cut.some(({ restSeconds }) => restSeconds === 0),
      notes: [`${where}; the rest is estimated: the time that it spans x the arrival rate`],
    };
  } catch (thrown) {
    return floor(`the rest cannot be estimated (${trouble(thrown)?.why ?? messageOf(thrown)})`);
  }
};

const missingNote = ({ missing }: Backlog, all: number): readonly string[] =>
  missing.length === 0
    ? []
    : [
        `${missing.length} of ${all} shards could not be read and are left out: ${missing.slice(0, 3).join(', ')}`,
      ];

/** @param early aborted a while before the reading has to be there, so that what is known by then can be told */
export const readLeases = async (
  { scan, shards, gather, metrics }: LeaseReader,
  given: Options,
  table: LeaseTable,
  context: ReadContext,
  early: AbortSignal,
): Promise<Sighting> => {
  const now = Date.parse(context.at);
  const stream = streamOf(given);
  const leases = await (await scan()).leases(table.name, stream, early);
  if (leases.length === 0) {
    const why = `lease table ${table.name} has no lease of stream ${stream}: has the application run yet, and is this its table (application, leaseTable)?`;
    return { known: false, why, error: 'NoLease' };
  }
  const all = await shards.list(given, now, early, coversLeases(leases));
  const open = all.filter((shard) => shard.open).length;
  const { positions, notes } = positionsOf(all, leases);
  const backlog = await gather(given, positions, now, early);
  const { looks, missing } = backlog;
  const rest = await restOf(
    looks.filter(({ complete }) => !complete),
    open,
    async () => arrivals(await metrics(), given, context),
  );
  const said = [
    ...missingNote(backlog, positions.length),
    ...rest.notes,
    ...notes,
    ...(table.guessed ? [`by the lease table ${table.name}, found by the name of the service`] : []),
  ];
  const counted = looks.reduce((total, { records }) => total + records, 0);
  const oldest = Math.max(0, ...looks.map(({ oldestAgeSeconds }) => oldestAgeSeconds));
  return {
    known: true,
    visible: counted + rest.records,
    oldestAgeSeconds: Math.round(oldest * 1000) / 1000,
    parallelism: open,
    ...(missing.length > 0 || rest.atLeast ? { atLeast: true } : {}),
    ...(said.length === 0 ? {} : { notes: said }),
    at: context.at,
  };
};
