/**
 * CloudWatch in its own wire format (AWS JSON 1.0): GetMetricData, answered from the data points that it was given, by
 * PutMetricData too, and from nothing else. Times are epoch seconds on the wire.
 */
import { type Actions, AwsFault } from './aws-json.ts';

type Dimensions = Readonly<Record<string, string>>;

export interface MetricStore {
  /** One observation, as somebody would put it. @param at milliseconds since 1970 */
  readonly put: (
    namespace: string,
    metricName: string,
    dimensions: Dimensions,
    at: number,
    value: number,
  ) => void;
  /** What was observed from `startMs` to before `endMs`. */
  readonly observed: (
    namespace: string,
    metricName: string,
    dimensions: Dimensions,
    startMs: number,
    endMs: number,
  ) => readonly Observation[];
}

interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

interface Observation {
  readonly at: number;
  readonly value: number;
}

/** What GetMetricData asks for, as far as it is answered here. */
interface Request {
  readonly StartTime: number;
  readonly EndTime: number;
  readonly ScanBy?: 'TimestampAscending' | 'TimestampDescending';
  readonly MetricDataQueries?: readonly {
    readonly Id: string;
    readonly MetricStat?: {
      readonly Metric: {
        readonly Namespace: string;
        readonly MetricName: string;
        readonly Dimensions?: readonly Dimension[];
      };
      readonly Period: number;
      readonly Stat: string;
    };
  }[];
}

type Query = NonNullable<NonNullable<Request['MetricDataQueries']>[number]['MetricStat']>;

const dimensionsOf = (list: readonly Dimension[] = []): Dimensions =>
  Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]));

const keyFor = (namespace: string, metricName: string, dimensions: Dimensions): string =>
  JSON.stringify([namespace, metricName, Object.entries(dimensions).sort()]);

export const metricStore = (): MetricStore => {
  const observations = new Map<string, Observation[]>();
  return {
    put: (namespace, metricName, dimensions, at, value) => {
      const key = keyFor(namespace, metricName, dimensions);
      const known = observations.get(key) ?? [];
      known.push({ at, value });
      observations.set(key, known);
    },
    observed: (namespace, metricName, dimensions, startMs, endMs) =>
      (observations.get(keyFor(namespace, metricName, dimensions)) ?? []).filter(
        ({ at }) => at >= startMs && at < endMs,
      ),
  };
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const percentile = (values: readonly number[], percent: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
};

const STATISTICS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  Sum: sum,
  Average: (values) => sum(values) / values.length,
  Maximum: (values) => Math.max(...values),
  Minimum: (values) => Math.min(...values),
  SampleCount: (values) => values.length,
};

const statisticOf = (name: string): ((values: readonly number[]) => number) => {
  const [, percent] = /^p(\d+(?:\.\d+)?)$/.exec(name) ?? [];
  const statistic =
    percent === undefined
      ? STATISTICS[name]
      : (values: readonly number[]) => percentile(values, Number(percent));
  if (statistic === undefined) throw new AwsFault('ValidationError', `${name} is not a valid statistic.`);
  return statistic;
};

/** Periods are counted from the start, as CloudWatch does; one without an observation has no data point. */
const pointsOf = (
  store: Pick<MetricStore, 'observed'>,
  { Metric, Period, Stat }: Query,
  { StartTime, EndTime, ScanBy }: Request,
) => {
  if (![1, 5, 10, 20, 30].includes(Period) && Period % 60 !== 0)
    throw new AwsFault('ValidationError', `${Period} is not a valid period.`);
  const statistic = statisticOf(Stat);
  const dimensions = dimensionsOf(Metric.Dimensions);
  const found = store.observed(
    Metric.Namespace,
    Metric.MetricName,
    dimensions,
    StartTime * 1000,
    EndTime * 1000,
  );
  const periods = Map.groupBy(found, ({ at }) => Math.floor((at / 1000 - StartTime) / Period));
  const points = [...periods]
    .sort(([a], [b]) => (ScanBy === 'TimestampAscending' ? a - b : b - a))
    .map(([period, seen]) => ({
      timestamp: StartTime + period * Period,
      value: statistic(seen.map(({ value }) => value)),
    }));
  return {
    Timestamps: points.map(({ timestamp }) => timestamp),
    Values: points.map(({ value }) => value),
    StatusCode: 'Complete',
  };
};

interface Observations {
  readonly Namespace: string;
  readonly MetricData?: readonly {
    readonly MetricName: string;
    readonly Dimensions?: readonly Dimension[];
    readonly Timestamp?: number;
    readonly Value: number;
  }[];
}

/** @param store that cannot `put` is one that only answers */
export const cloudWatchActions = (
  store: Pick<MetricStore, 'observed'> & Partial<Pick<MetricStore, 'put'>>,
): Actions => ({
  PutMetricData: (input) => {
    const { Namespace, MetricData = [] } = input as Observations;
    for (const { MetricName, Dimensions, Timestamp = Date.now() / 1000, Value } of MetricData)
      store.put?.(Namespace, MetricName, dimensionsOf(Dimensions), Timestamp * 1000, Value);
    return {};
  },
  GetMetricData: (input) => {
    const request = input as Request;
    const queries = request.MetricDataQueries ?? [];
    if (queries.length > 500)
      throw new AwsFault(
        'ValidationError',
        'The collection MetricDataQueries must not have a size greater than 500.',
      );
    if (request.StartTime >= request.EndTime)
      throw new AwsFault(
        'ValidationError',
        'The parameter StartTime must be less than the parameter EndTime.',
      );
    return {
      MetricDataResults: queries.map(({ Id, MetricStat }) => {
        if (MetricStat === undefined) throw new AwsFault('ValidationError', 'Only MetricStat is known here.');
        return { Id, Label: MetricStat.Metric.MetricName, ...pointsOf(store, MetricStat, request) };
      }),
      Messages: [],
    };
  },
});
