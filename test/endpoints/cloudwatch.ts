/** CloudWatch for tests: clients of this process find it by the environment. */
import { cloudWatchActions, type MetricStore, metricStore } from '../../local/endpoints/cloudwatch.ts';
import { startEndpoint, type TestEndpoint } from './aws.ts';

export interface TestCloudWatch<Store> {
  readonly endpoint: TestEndpoint;
  readonly store: Store;
}

/** What AWS clients need besides an endpoint; these accept any credentials. */
export const AWS_ACCESS = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
} as const;

const start = async <Store extends Pick<MetricStore, 'observed'>>(
  store: Store,
): Promise<TestCloudWatch<Store>> => {
  const endpoint = await startEndpoint('1.0', cloudWatchActions(store));
  Object.assign(process.env, AWS_ACCESS, { AWS_ENDPOINT_URL_CLOUDWATCH: endpoint.url });
  return { endpoint, store };
};

export const startCloudWatch = (): Promise<TestCloudWatch<MetricStore>> => start(metricStore());

/** Metrics that have one value, observed every five seconds, until they have another. */
export interface Gauges extends Pick<MetricStore, 'observed'> {
  readonly set: (metricName: string, value: number) => void;
  readonly get: (metricName: string) => number;
}

const EVERY_MS = 5000;

export const startGauges = (): Promise<TestCloudWatch<Gauges>> => {
  const values = new Map<string, number>();
  return start<Gauges>({
    set: (metricName, value) => void values.set(metricName, value),
    get: (metricName) => values.get(metricName) ?? 0,
    observed: (_namespace, metricName, _dimensions, startMs, endMs) => {
      const value = values.get(metricName);
      if (value === undefined) return [];
      const first = Math.ceil(startMs / EVERY_MS) * EVERY_MS;
      return Array.from({ length: Math.ceil((endMs - first) / EVERY_MS) }, (_, nth) => ({
        at: first + nth * EVERY_MS,
        value,
      }));
    },
  });
};
