/** The reader that all sources share, through the real client, against CloudWatch's wire format. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  type Metric,
  type Metrics,
  metricsIn,
  metricTrouble,
} from '../../../../lambdas/collect/sources/cloudwatch/metrics.ts';
import type { MetricStore } from '../../../../local/endpoints/cloudwatch.ts';
import { refusing, untouched } from '../../../endpoints/aws.ts';
import { startCloudWatch, type TestCloudWatch } from '../../../endpoints/cloudwatch.ts';
import { AT, later } from '../../../samples.ts';

let cloudWatch: TestCloudWatch<MetricStore>;
let metrics: Metrics;
let named = 0;

beforeAll(async () => {
  cloudWatch = await startCloudWatch();
  metrics = await metricsIn(undefined);
});
afterAll(async () => {
  metrics.close();
  await cloudWatch.endpoint.stop();
});
beforeEach(() => {
  cloudWatch.endpoint.meddle = untouched;
  cloudWatch.endpoint.calls.length = 0;
});

const context = (seconds = 0) => ({
  at: later(seconds),
  signal: AbortSignal.timeout(5000),
});

/** A metric that nobody has asked for yet. */
const fresh = (given: Partial<Metric> = {}): Metric => {
  named += 1;
  return {
    namespace: 'Test',
    metricName: `metric-${named}`,
    dimensions: { Queue: 'orders' },
    statistic: 'Sum',
    periodSeconds: 60,
    delaySeconds: 0,
    ...given,
  };
};

/** @param seconds from AT */
const put = ({ namespace, metricName, dimensions }: Metric, seconds: number, value: number): void =>
  cloudWatch.store.put(namespace, metricName, dimensions, Date.parse(AT) + seconds * 1000, value);

const reasonOf = (reading: Promise<unknown>): Promise<string> =>
  reading.then(
    (value) => `read ${JSON.stringify(value)}`,
    (thrown: unknown) => metricTrouble(thrown, 'the metric').why,
  );

test('the last whole period, and the last of several, the newest first', async () => {
  const metric = fresh();
  put(metric, -150, 1);
  put(metric, -50, 3);
  put(metric, -10, 4);
  put(metric, 5, 99);
  expect(await metrics.read(metric, context(20))).toEqual({ value: 7, at: later(-60) });
  expect(await metrics.readLast(metric, 3, context(20))).toEqual([
    { value: 7, at: later(-60) },
    { value: 1, at: later(-180) },
  ]);
});

test('the delay moves the end back to a period that is over by then', async () => {
  const metric = fresh({ delaySeconds: 90 });
  put(metric, -61, 5);
  put(metric, -1, 99);
  // 10 s - 90 s = -80 s: the period that ended at -120 s has no data yet, the one that ends at -60 s is not over.
  expect(await metrics.read(metric, context(10))).toBeUndefined();
  expect(await metrics.read(metric, context(30))).toEqual({ value: 5, at: later(-120) });
});

test('every statistic; dimensions by value, in any order', async () => {
  const dimensions = { A: '1', B: 'é/%' };
  const metric = fresh({ dimensions });
  for (const value of [1, 2, 3, 10]) put(metric, -30, value);
  const read = async (statistic: string) =>
    (await metrics.read({ ...metric, dimensions: { B: 'é/%', A: '1' }, statistic }, context()))?.value;
  expect(await Promise.all(['Sum', 'Average', 'Maximum', 'Minimum', 'SampleCount', 'p50'].map(read))).toEqual(
    [16, 4, 10, 1, 4, 2],
  );
  expect(await metrics.read({ ...metric, dimensions: { A: '1' } }, context())).toBeUndefined();
});

test('fifty metrics in one turn are one call, the same metric once', async () => {
  const many = Array.from({ length: 50 }, () => fresh());
  many.forEach((metric, nth) => {
    put(metric, -10, nth);
  });
  const points = await Promise.all([...many, ...many].map((metric) => metrics.read(metric, context())));
  expect(points.map((point) => point?.value)).toEqual([...many.keys(), ...many.keys()]);
  expect(cloudWatch.endpoint.calls).toMatchObject([{ input: { MetricDataQueries: { length: 50 } } }]);
});

test('more than 500 are more calls', async () => {
  const many = Array.from({ length: 1001 }, () => fresh());
  await Promise.all(many.map((metric) => metrics.read(metric, context())));
  const sizes = cloudWatch.endpoint.calls.map(
    ({ input }) => (input as { MetricDataQueries: unknown[] }).MetricDataQueries.length,
  );
  expect(sizes.sort()).toEqual([1, 500, 500]);
});

test('periods of different lengths share a call and get their own points', async () => {
  const minute = fresh();
  const quarter = fresh({ periodSeconds: 900, delaySeconds: 300 });
  const hour = fresh({ periodSeconds: 3600 });
  put(minute, -10, 1);
  put(quarter, -901, 2);
  put(quarter, -10, 99);
  put(hour, -3600, 3);
  const points = await Promise.all([minute, quarter, hour].map((metric) => metrics.read(metric, context())));
  expect(points).toEqual([
    { value: 1, at: later(-60) },
    { value: 2, at: later(-1800) },
    { value: 3, at: later(-3600) },
  ]);
  expect(cloudWatch.endpoint.calls).toHaveLength(1);
});

test('less than a minute, and what divides no hour, are asked apart: the start must suit them', async () => {
  const all = [fresh(), fresh({ periodSeconds: 10 }), fresh({ periodSeconds: 420 })];
  for (const metric of all) put(metric, -480, 6);
  const end = Math.floor(Date.parse(AT) / 420_000) * 420;
  put(all[2] as Metric, end - Date.parse(AT) / 1000 - 1, 7);
  put(all[1] as Metric, -1, 8);
  const points = await Promise.all(all.map((metric) => metrics.read(metric, context())));
  expect(points.map((point) => point?.value)).toEqual([undefined, 8, 7]);
  expect(cloudWatch.endpoint.calls).toHaveLength(3);
});

test('asked no oftener than the period by the time of the ticks; an empty answer counts as one', async () => {
  const [full, empty] = [fresh(), fresh()];
  put(full, -10, 1);
  put(full, 10, 2);
  for (let seconds = 0; seconds < 120; seconds += 5) {
    const [point, none] = await Promise.all(
      [full, empty].map((each) => metrics.read(each, context(seconds))),
    );
    expect(point?.value).toBe(seconds < 60 ? 1 : 2);
    expect(none).toBeUndefined();
  }
  expect(cloudWatch.endpoint.calls).toHaveLength(2);
});

test('a failure is told and not kept: the next tick asks again', async () => {
  const metric = fresh();
  put(metric, -10, 4);
  cloudWatch.endpoint.meddle = refusing('GetMetricData', 'ThrottlingException');
  expect(await reasonOf(metrics.read(metric, context()))).toMatch(/throttled by AWS: it is tried again/);
  cloudWatch.endpoint.meddle = refusing('GetMetricData', 'AccessDeniedException', 'no');
  expect(await reasonOf(metrics.read(metric, context(5)))).toMatch(
    /allow cloudwatch:GetMetricData in the role/,
  );
  cloudWatch.endpoint.meddle = untouched;
  expect(await metrics.read(metric, context(10))).toMatchObject({ value: 4 });
});

type Results = { MetricDataResults: { Label: string }[] };

/** Changes what is answered of one metric. */
const changing =
  ({ metricName }: Metric, change: object) =>
  (_action: string, _input: unknown, answer: () => unknown) => {
    const { MetricDataResults } = answer() as Results;
    return {
      MetricDataResults: MetricDataResults.map((result) =>
        result.Label === metricName ? { ...result, ...change } : result,
      ),
    };
  };

test.each([
  [{ StatusCode: 'PartialData' }, /could not read the metric: PartialData; it is asked again/],
  [{ StatusCode: 'InternalError', Values: [], Timestamps: [] }, /InternalError/],
  [{ StatusCode: 'Forbidden', Values: [], Timestamps: [] }, /Forbidden/],
  [{ Messages: [{ Code: 'Odd', Value: 'not all of it' }] }, /Odd: not all of it/],
  [{ Id: 'another' }, /left out of the answer/],
])('%j of one metric is a failure of that one only', async (change, why) => {
  const [good, bad] = [fresh(), fresh()];
  put(good, -10, 1);
  put(bad, -10, 2);
  cloudWatch.endpoint.meddle = changing(bad, change);
  const [fine, reason] = await Promise.all([
    metrics.read(good, context()),
    reasonOf(metrics.read(bad, context())),
  ]);
  expect(fine).toMatchObject({ value: 1 });
  expect(reason).toMatch(why);
  cloudWatch.endpoint.meddle = untouched;
  expect(await metrics.read(bad, context())).toMatchObject({ value: 2 });
});

test('an answer in two pages is read to its end', async () => {
  const metric = fresh();
  put(metric, -10, 6);
  cloudWatch.endpoint.meddle = (_action, input, answer) => {
    if ((input as { NextToken?: string }).NextToken === 'more') return answer();
    const nothingYet = { Id: 'm0', StatusCode: 'PartialData', Values: [], Timestamps: [] };
    return { MetricDataResults: [nothingYet], NextToken: 'more' };
  };
  expect(await metrics.read(metric, context())).toMatchObject({ value: 6 });
});

test('who gives up leaves the call to the others; when all have, it ends', async () => {
  const metric = fresh();
  put(metric, -10, 2);
  let release = (): void => undefined;
  cloudWatch.endpoint.meddle = async (_action, _input, answer) => {
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    return answer();
  };
  const hasty = new AbortController();
  const patient = context();
  const both = [{ ...patient, signal: hasty.signal }, patient].map((each) => metrics.read(metric, each));
  while (cloudWatch.endpoint.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  hasty.abort();
  release();
  expect(await Promise.all(both)).toMatchObject([{ value: 2 }, { value: 2 }]);

  const alone = new AbortController();
  const lost = reasonOf(metrics.read(fresh(), { at: AT, signal: alone.signal }));
  while (cloudWatch.endpoint.calls.length === 1) await new Promise((resolve) => setTimeout(resolve, 5));
  alone.abort();
  expect(await lost).toMatch(/did not answer in time/);
  release();
});

test('the client lives as long as somebody uses it', async () => {
  const another = await metricsIn('us-east-1');
  const same = await metricsIn('us-east-1');
  const metric = fresh();
  put(metric, -10, 1);
  another.close();
  expect(await same.read(metric, context())).toMatchObject({ value: 1 });
  same.close();
  const anew = await metricsIn('us-east-1');
  expect(await anew.read(metric, context())).toMatchObject({ value: 1 });
  anew.close();
});
