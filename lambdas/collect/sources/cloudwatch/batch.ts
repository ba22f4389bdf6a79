/**
 * Gathers the metrics that are asked for in one turn of the event loop, which are those of one tick, and asks CloudWatch once:
 * GetMetricData takes 500 of them.
 *
 * Gotchas: the call has one start and one end for all its metrics, and CloudWatch cuts periods from the start. So the start is
 * one where a period of each metric begins, and every metric picks its own points from the answer. Metrics of less than a minute
 * get a call of their own, because they are kept for three hours only and a start before that makes CloudWatch answer
 * nothing; so does a period that divides no hour, lest the common start lie days back. An answer may come in several pages;
 * a metric that is not complete with the last one is a failure, never its part.
 */
import type { GetMetricDataCommandInput, GetMetricDataCommandOutput } from '@aws-sdk/client-cloudwatch';

export interface Metric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Average`, `Sum`, `Maximum`, `Minimum`, `SampleCount`, `p99`… */
  readonly statistic: string;
  /** 1, 5, 10, 20, 30 or a multiple of 60. */
  readonly periodSeconds: number;
  /** How long after its end a period is looked at. */
  readonly delaySeconds: number;
}

/** One data point. */
export interface Point {
  readonly value: number;
  /** ISO 8601: when its period began. */
  readonly at: string;
}

/** `endMs` is exclusive. */
interface Query {
  readonly metric: Metric;
  readonly startMs: number;
  readonly endMs: number;
}

export interface Answer {
  /** The newest first. */
  readonly points: Promise<readonly Point[]>;
  /** Says who waits for it, and how long. */
  readonly join: (signal: AbortSignal) => void;
}

export type Ask = (query: Query) => Answer;

type Send = (input: GetMetricDataCommandInput, signal: AbortSignal) => Promise<GetMetricDataCommandOutput>;

interface Asked extends Query {
  readonly signal: AbortSignal;
  readonly resolve: (points: readonly Point[]) => void;
  readonly reject: (reason: unknown) => void;
}

/** The name of an error that concerns one metric, where the call itself went well. */
export const METRIC_ERROR = 'MetricError';

class MetricError extends Error {
  override readonly name = METRIC_ERROR;
}

const MOST_QUERIES = 500;

const HOUR_SECONDS = 3600;

/** Aborted once all who have joined are: one who gives up must not spoil it for the others. */
const patienceOfAll = () => {
  const all = new AbortController();
  let waiting = 0;
  const join = (signal: AbortSignal): void => {
    waiting += 1;
    const leave = (): void => {
      waiting -= 1;
      if (waiting === 0) all.abort(signal.reason);
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  };
  return { signal: all.signal, join };
};

const companyOf = ({ metric: { periodSeconds } }: Query): string => {
  if (periodSeconds < 60) return 'seconds';
  return HOUR_SECONDS % periodSeconds === 0 ? 'divides an hour' : String(periodSeconds);
};

const callsFor = (asked: readonly Asked[]): readonly (readonly Asked[])[] =>
  Object.values(Object.groupBy(asked, companyOf)).flatMap((company = []) =>
    Array.from({ length: Math.ceil(company.length / MOST_QUERIES) }, (_, nth) =>
      company.slice(nth * MOST_QUERIES, (nth + 1) * MOST_QUERIES),
    ),
  );

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);

const inputFor = (asked: readonly Asked[]): GetMetricDataCommandInput => {
  const stepMs = asked.reduce((step, { metric: { periodSeconds } }) => {
    const periodMs = periodSeconds * 1000;
    return (step * periodMs) / greatestCommonDivisor(step, periodMs);
  }, 1);
  const earliest = Math.min(...asked.map(({ startMs }) => startMs));
  return {
    MetricDataQueries: asked.map(({ metric }, nth) => ({
      Id: `m${nth}`,
      MetricStat: {
        Metric: {
          Namespace: metric.namespace,
          MetricName: metric.metricName,
          Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
        },
        Period: metric.periodSeconds,
        Stat: metric.statistic,
      },
    })),
    StartTime: new Date(Math.floor(earliest / stepMs) * stepMs),
    EndTime: new Date(Math.max(...asked.map(({ endMs }) => endMs))),
    ScanBy: 'TimestampDescending',
  };
};

type Result = NonNullable<GetMetricDataCommandOutput['MetricDataResults']>[number];
type Messages = GetMetricDataCommandOutput['Messages'];

const wordsOf = (messages: Messages): string =>
  (messages ?? []).map(({ Code, Value }) => [Code, Value].filter(Boolean).join(': ')).join('; ');

/** @param pages what the answer says of one metric, page by page */
const pointsIn = (
  pages: readonly Result[],
  { startMs, endMs }: Query,
  messages: Messages,
): readonly Point[] => {
  const last = pages.at(-1);
  const said = wordsOf([...pages.flatMap((page) => page.Messages ?? []), ...(last ? [] : (messages ?? []))]);
  if (last?.StatusCode !== 'Complete' || said !== '') {
    const status = last === undefined ? 'it was left out of the answer' : last.StatusCode;
    throw new MetricError(`${[status, said].filter(Boolean).join(', ')}; it is asked again at the next tick`);
  }
  return pages
    .flatMap(({ Timestamps = [], Values = [] }) =>
      Timestamps.map((timestamp, index) => ({ ms: timestamp.getTime(), value: Values[index] ?? Number.NaN })),
    )
    .filter(({ ms }) => ms >= startMs && ms < endMs)
    .sort((a, b) => b.ms - a.ms)
    .map(({ ms, value }) => ({ value, at: new Date(ms).toISOString() }));
};

const call = async (send: Send, asked: readonly Asked[]): Promise<void> => {
  const patience = patienceOfAll();
  for (const { signal } of asked) patience.join(signal);
  const input = inputFor(asked);
  const pages: GetMetricDataCommandOutput[] = [];
  try {
    do {
      const NextToken = pages.at(-1)?.NextToken;
      pages.push(await send(NextToken === undefined ? input : { ...input, NextToken }, patience.signal));
    } while (pages.at(-1)?.NextToken !== undefined);
  } catch (thrown) {
    for (const { reject } of asked) reject(thrown);
    return;
  }
  const results = Object.groupBy(
    pages.flatMap((page) => page.MetricDataResults ?? []),
    ({ Id = '' }) => Id,
  );
  const messages = pages.flatMap((page) => page.Messages ?? []);
  asked.forEach((query, nth) => {
    try {
      query.resolve(pointsIn(results[`m${nth}`] ?? [], query, messages));
    } catch (thrown) {
      query.reject(thrown);
    }
  });
};

/** @param send one GetMetricData */
export const batcher = (send: Send): Ask => {
  let gathered: Asked[] = [];
  const flush = (): void => {
    const asked = gathered;
    gathered = [];
    for (const together of callsFor(asked)) void call(send, together);
  };
  return (query) => {
    if (gathered.length === 0) setImmediate(flush);
    const { promise, resolve, reject } = Promise.withResolvers<readonly Point[]>();
    const { signal, join } = patienceOfAll();
    gathered.push({ ...query, signal, resolve, reject });
    return { points: promise, join };
  };
};
