/**
 * Amazon Kinesis Data Streams: how many records wait behind the checkpoints of a KCL application, and how old the first of them
 * is. There is no such number in Kinesis. With the application's lease table, the records after each checkpoint are
 * counted (kinesis/look.ts says up to where, and why that is cheap enough); what is beyond the bound is estimated as the time
 * that it spans × the arrival rate. Without one, CloudWatch's iterator age × arrival rate is all there is, a minute or two old.
 *
 * The lease table is called like the application, and where no application is named, the table called like the service is tried:
 * many are. If it is not there, may not be read or holds no leases of this stream, CloudWatch it is, for a minute.
 *
 * Gotchas: what a consumer has taken and not checkpointed yet still waits, so there is no "in flight" besides. More tasks than open
 * shards are idle. The client's HTTP/2 is switched off: its one session per call gains nothing here.
 */
import { defineSource, type ReadContext } from '../../contract/source.ts';
import { type Metrics, metricsIn } from './cloudwatch/metrics.ts';
import { backlogWith } from './kinesis/backlog.ts';
import { type LeaseReader, readLeases } from './kinesis/by-leases.ts';
import { type LeaseScan, leaseScan } from './kinesis/leases.ts';
import { lookWith } from './kinesis/look.ts';
import {
  type LeaseTable,
  type Options,
  options,
  permissions,
  regionOf,
  streamOf,
  tableOf,
} from './kinesis/options.ts';
import { shardsOf } from './kinesis/shards.ts';
import { readMetrics } from './kinesis/stream-metrics.ts';
import { trouble } from './kinesis/trouble.ts';

/** How long it is taken for granted that a table is not there. */
const NO_TABLE_FOR_MS = 60_000;

/** Of the time that is left: for a table that may not be there, and for everything before the estimate. */
const SHARE_TO_GUESS = 0.5;
const SHARE_TO_LOOK = 0.75;

const NAME_IT =
  'name the KCL application that consumes the stream (application) for exact numbers at every tick';

const sooner = (signal: AbortSignal, ms: number): AbortSignal =>
  AbortSignal.any([signal, AbortSignal.timeout(Math.round(ms))]);

/** Outlives a connection, which ends when the table is out of reach: that must not look like a table that is not there. */
const guesses = new Map<string, { readonly at: number; readonly right: boolean }>();

/** Whether a table that nobody has named is the lease table of this stream. Once it was, it is. */
const isRight = async (
  scan: () => Promise<LeaseScan>,
  table: LeaseTable,
  given: Options,
  { at, signal, msLeft }: ReadContext,
): Promise<boolean> => {
  const now = Date.parse(at);
  const key = JSON.stringify([regionOf(given), table.name, streamOf(given)]);
  const guess = guesses.get(key);
  if (guess !== undefined && (guess.right || Math.abs(now - guess.at) < NO_TABLE_FOR_MS)) return guess.right;
  const right = await scan()
    .then((leases) =>
      leases.hasLeases(table.name, streamOf(given), sooner(signal, msLeft() * SHARE_TO_GUESS)),
    )
    // Not there, not allowed, not in reach: nobody has said that it would be.
    .catch(() => false);
  guesses.set(key, { at: now, right });
  return right;
};

/** Made at the first call, and then the same. `made` is what there is by now. */
const once = <T>(make: () => Promise<T>) => {
  let made: Promise<T> | undefined;
  const get = (): Promise<T> => {
    made ??= make();
    return made;
  };
  return { get, made: async (): Promise<T | undefined> => made };
};

export const kinesis = defineSource({
  type: 'kinesis',
  options,
  reports: ['visible', 'oldestAgeSeconds', 'arrivalsPerSecond', 'parallelism'],
  permissions,
  examples: [
    { type: 'kinesis', streamName: 'orders', application: 'orders-worker' },
    { type: 'kinesis', streamArn: 'arn:aws:kinesis:us-east-1:123456789012:stream/orders' },
  ],
  server: (given) => `Kinesis in ${regionOf(given) ?? "the function's region"}`,
  complete: (given, { service }) =>
    given.application === undefined && given.leaseTable === undefined ? { service, ...given } : given,
  connect: async (given) => {
    const api = await import('@aws-sdk/client-kinesis');
    const { NodeHttpHandler } = await import('@smithy/node-http-handler');
    const region = regionOf(given);
    const client = new api.KinesisClient({
      ...(region === undefined ? {} : { region }),
      requestHandler: new NodeHttpHandler(),
      maxAttempts: 2,
    });
    const scan = once(() => leaseScan(region));
    const metrics = once((): Promise<Metrics> => metricsIn(region));
    const shards = shardsOf(client, api);
    const reader: LeaseReader = {
      scan: scan.get,
      shards,
      gather: backlogWith(lookWith(client, api)),
      metrics: metrics.get,
    };
    return {
      read: async (each, context) => {
        const early = sooner(context.signal, context.msLeft() * SHARE_TO_LOOK);
        const table = tableOf(each);
        if (table !== undefined && (!table.guessed || (await isRight(scan.get, table, each, context))))
          return readLeases(reader, each, table, context, early);
        const [all, seen] = await Promise.all([
          shards.list(each, Date.parse(context.at), context.signal),
          metrics.get().then((known) => readMetrics(known, each, context)),
        ]);
        if (!seen.known) return seen;
        const notes = [...(seen.notes ?? []), NAME_IT];
        return { ...seen, parallelism: all.filter(({ open }) => open).length, notes };
      },
      close: async () => {
        client.destroy();
        const [leases, known] = await Promise.all([scan.made(), metrics.made()]);
        leases?.close();
        known?.close();
      },
    };
  },
  wakeMetric: (given) => ({
    ...{ namespace: 'AWS/Kinesis', metricName: 'IncomingRecords', statistic: 'Sum' },
    ...{ dimensions: { StreamName: streamOf(given) }, region: regionOf(given) },
    account: given.streamArn?.split(':')[4],
  }),
  trouble,
});
