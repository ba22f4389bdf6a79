import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { closeConnections } from '../../../lambdas/collect/connections.ts';
import { sourceSchema } from '../../../lambdas/collect/sources/registry.ts';
import { parseSource } from '../../../lambdas/contract/parse.ts';
import type { MetricStore } from '../../../local/endpoints/cloudwatch.ts';
import { problemsOf } from '../../contract/problems-of.ts';
import { refusing, untouched } from '../../endpoints/aws.ts';
import { startCloudWatch, startGauges, type TestCloudWatch } from '../../endpoints/cloudwatch.ts';
import { AT, later } from '../../samples.ts';
import { behavesAsASource, type Options, readAll, type Subject } from './behaviour.ts';

const start = async (): Promise<Subject> => {
  const { endpoint, store } = await startGauges();
  return {
    options: (metricName) => ({
      type: 'cloudwatch',
      namespace: 'Shop',
      metricName,
      dimensions: { Environment: 'test' },
      statistic: 'Maximum',
      period: '5s',
    }),
    create: async (metricName) => store.set(metricName, 0),
    send: async (metricName, messages) => store.set(metricName, store.get(metricName) + messages),
    server: { stop: endpoint.stop, start: endpoint.start },
    close: endpoint.stop,
  };
};

behavesAsASource({
  name: 'cloudwatch',
  start,
  // The SDK finds its endpoint in the environment, when the client is made; another region is another client.
  at: (options, host, port) => {
    process.env['AWS_ENDPOINT_URL_CLOUDWATCH'] = `http://${host}:${port}`;
    return { ...options, region: 'eu-west-1' };
  },
  missing: /no data point of Shop nowhere .*check namespace, metricName, dimensions and region.*emptyIs: 0/,
  expected: (waiting) => ({ value: waiting }),
  oddNames: ['queue/depth', '100% of it', 'with spaces', '"quoted" and \\ back'],
  pooled: true,
  without: { inFlight: 'a plain number', password: 'AWS credentials', tls: "the SDK's own" },
});

describe('cloudwatch besides', () => {
  let cloudWatch: TestCloudWatch<MetricStore>;
  let named = 0;
  beforeAll(async () => {
    cloudWatch = await startCloudWatch();
  });
  afterEach(() => {
    cloudWatch.endpoint.meddle = untouched;
    cloudWatch.endpoint.calls.length = 0;
  });
  afterAll(async () => {
    await closeConnections();
    await cloudWatch.endpoint.stop();
  });

  const fresh = (given: Options = {}): Options & { readonly metricName: string } => {
    named += 1;
    return { type: 'cloudwatch', namespace: 'Shop', metricName: `metric-${named}`, ...given };
  };
  const put = ({ metricName }: { readonly metricName: string }, seconds: number, value: number): void =>
    cloudWatch.store.put('Shop', metricName, {}, Date.parse(AT) + seconds * 1000, value);

  test('by default the average of the minute that ended a minute ago', async () => {
    const metric = fresh();
    put(metric, -100, 4);
    put(metric, -70, 8);
    put(metric, -30, 99);
    expect(await readAll([metric], later(2))).toEqual([{ known: true, value: 6, at: later(2) }]);
  });

  test('another statistic, period and delay; values may be negative', async () => {
    const metric = fresh({ statistic: 'Minimum', period: '5m', delay: '90s' });
    put(metric, -240, -7);
    expect(await readAll([metric], later(80))).toMatchObject([{ known: false, error: 'NoDataPoint' }]);
    expect(await readAll([metric], later(90))).toMatchObject([{ known: true, value: -7 }]);
  });

  test('an empty answer is 0 only where that is written, and the reading says so', async () => {
    const metric = fresh();
    const [unknown, zero] = await readAll([metric, { ...metric, emptyIs: 0 }], AT);
    expect(unknown).toMatchObject({ known: false, why: expect.stringContaining('emptyIs: 0') });
    expect(zero).toMatchObject({ known: true, value: 0, notes: [expect.stringContaining('no data point')] });
  });

  test('a failure is unknown even then', async () => {
    cloudWatch.endpoint.meddle = (_action, _input, answer) => {
      const { MetricDataResults } = answer() as { MetricDataResults: object[] };
      return { MetricDataResults: MetricDataResults.map((each) => ({ ...each, StatusCode: 'PartialData' })) };
    };
    expect(await readAll([fresh({ emptyIs: 0 })], AT)).toMatchObject([
      { known: false, why: expect.stringMatching(/could not read Shop metric-\d+: PartialData/) },
    ]);
    cloudWatch.endpoint.meddle = refusing('GetMetricData', 'ThrottlingException');
    expect(await readAll([fresh({ emptyIs: 0 })], AT)).toMatchObject([
      { known: false, why: expect.stringContaining('throttled') },
    ]);
  });

  test('fifty services are one GetMetricData a minute, whatever the interval', async () => {
    const many = Array.from({ length: 50 }, () => fresh());
    many.forEach((metric, nth) => {
      put(metric, -70, nth);
      put(metric, -10, nth + 100);
    });
    for (let seconds = 0; seconds < 120; seconds += 5) {
      const readings = await readAll(many, later(seconds));
      expect(readings.map((reading) => reading.known && reading.value)).toEqual(
        many.map((_, nth) => (seconds < 60 ? nth : nth + 100)),
      );
    }
    expect(cloudWatch.endpoint.calls).toHaveLength(2);
  });

  const whole = { type: 'cloudwatch', namespace: 'Shop', metricName: 'depth' };
  test.each([
    [{ period: '90s' }, /a period that CloudWatch knows: 1s, 5s, 10s, 20s, 30s or whole minutes/],
    [{ emptyIs: 1 }, /emptyIs/],
    [{ statistic: 'Mean' }, /expected Average, Sum, Maximum, Minimum, SampleCount or a percentile/],
    [{ dimensions: [{ Name: 'A', Value: 'b' }] }, /dimensions/],
    [{ metric_name: 'depth' }, /metricName/],
  ])('%j is refused', (wrong, why) => {
    const problems = problemsOf(() => parseSource({ ...whole, ...wrong }, sourceSchema, 'source'));
    expect(problems.join('\n')).toMatch(why);
  });
});
