/** CloudWatch for tests: clients of this process find it by the environment. */
import { cloudWatchActions, type MetricStore, metricStore } from '../../local/endpoints/cloudwatch.ts';
import { startEndpoint, type TestEndpoint } from './aws.ts';

export interface TestCloudWatch {
  readonly endpoint: TestEndpoint;
  readonly store: MetricStore;
}

/** What AWS clients need besides an endpoint; these accept any credentials. */
export const AWS_ACCESS = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
} as const;

export const startCloudWatch = async (): Promise<TestCloudWatch> => {
  const store = metricStore();
  const endpoint = await startEndpoint('1.0', cloudWatchActions(store));
  Object.assign(process.env, AWS_ACCESS, { AWS_ENDPOINT_URL_CLOUDWATCH: endpoint.url });
  return { endpoint, store };
};
