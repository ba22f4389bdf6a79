/**
 * What Kinesis itself reports to CloudWatch, minute by minute: how far behind its readers are, and how many records arrived.
 *
 * Gotchas: it is there a minute or two after the minute. The iterator age is the largest of all consumers and shards, and exists
 * only for a minute in which somebody called GetRecords; consumers with enhanced fan-out don't. A minute without records
 * has no data point for them.
 */
import type { ReadContext, Sighting } from '../../../contract/source.ts';
import type { Metric, Metrics, Point } from '../cloudwatch/metrics.ts';
import { arrivedWithin } from './arrivals.ts';
import { type Options, streamOf } from './options.ts';
import { asked } from './trouble.ts';

const MINUTE_SECONDS = 60;
const MINUTE_MS = MINUTE_SECONDS * 1000;

/** As far back as arrivals are looked at; where the age is longer, their mean goes on. */
const MINUTES = 15;

/** How old the newest iterator age may be, and from when on nobody need have read since: it is then a floor. */
const MINUTES_OF_AGE = 5;
const MINUTES_OF_TRUST = 4;

/** Consumers that poll once a second or two are never nearer than that: so little is no burst that waits. */
const KEEPING_UP_SECONDS = 2;

const metric = (given: Options, metricName: string, statistic: string): Metric => ({
  namespace: 'AWS/Kinesis',
  metricName,
  dimensions: { StreamName: streamOf(given) },
  statistic,
  periodSeconds: MINUTE_SECONDS,
  // The newest minutes that are there are taken, so none has to be waited for.
  delaySeconds: 0,
});

/** @returns records of each minute, the newest first, up to the one that began at `newest` */
const minutesUpTo = (newest: number, points: readonly Point[]): readonly number[] => {
  const byMinute = new Map(points.map(({ at, value }) => [Date.parse(at), value]));
  return Array.from({ length: MINUTES }, (_, nth) => byMinute.get(newest - nth * MINUTE_MS) ?? 0);
};

const last = (
  metrics: Metrics,
  { metricName, ...rest }: Metric,
  minutes: number,
  context: ReadContext,
): Promise<readonly Point[]> =>
  asked(
    { action: 'cloudwatch:GetMetricData', resource: `AWS/Kinesis ${metricName}` },
    metrics.readLast({ metricName, ...rest }, minutes, context),
  );

const incoming = (metrics: Metrics, given: Options, context: ReadContext): Promise<readonly Point[]> =>
  last(metrics, metric(given, 'IncomingRecords', 'Sum'), MINUTES, context);

/** How many records arrived in the last so many seconds; `undefined`: CloudWatch reports none at all. */
export const arrivals = async (
  metrics: Metrics,
  given: Options,
  context: ReadContext,
): Promise<((seconds: number) => number) | undefined> => {
  const points = await incoming(metrics, given, context);
  const [newest] = points;
  if (newest === undefined) return undefined;
  const perMinute = minutesUpTo(Date.parse(newest.at), points);
  return (seconds) => arrivedWithin(seconds, perMinute);
};

const clockTime = (at: number): string => new Date(at).toISOString().slice(11, 16);

/** The backlog as an estimate: what arrived within the iterator age. */
export const readMetrics = async (
  metrics: Metrics,
  given: Options,
  context: ReadContext,
): Promise<Sighting> => {
  const [ages, points] = await Promise.all([
    last(metrics, metric(given, 'GetRecords.IteratorAgeMilliseconds', 'Maximum'), MINUTES_OF_AGE, context),
    incoming(metrics, given, context),
  ]);
  const [age] = ages;
  if (age === undefined) {
    const why = `nobody has read from stream ${streamOf(given)} for ${MINUTES_OF_AGE} minutes, as far as CloudWatch tells, so its backlog is unknown: name the KCL application that consumes it (application)`;
    return { known: false, why, error: 'NoDataPoint' };
  }
  const newest = Date.parse(age.at);
  const perMinute = minutesUpTo(newest, points);
  const oldestAgeSeconds = age.value / 1000;
  const isBehind = oldestAgeSeconds > KEEPING_UP_SECONDS;
  const rate = (perMinute[0] ?? 0) / MINUTE_SECONDS;
  const waiting = isBehind
    ? Math.ceil(arrivedWithin(oldestAgeSeconds, perMinute))
    : Math.round(oldestAgeSeconds * rate);
  const isOld = Date.parse(context.at) - newest >= MINUTES_OF_TRUST * MINUTE_MS;
  const asOf = `estimated from CloudWatch as of ${clockTime(newest + MINUTE_MS)} UTC`;
  return {
    known: true,
    visible: isBehind ? Math.max(1, waiting) : waiting,
    oldestAgeSeconds,
    arrivalsPerSecond: rate,
    // Nobody has read since, or something waits for longer than arrivals are known.
    ...(isOld || (isBehind && waiting === 0) ? { atLeast: true } : {}),
    notes: [`${asOf}: what arrived within the iterator age of ${oldestAgeSeconds} s`],
    at: context.at,
  };
};
