/** What Kinesis itself would report to CloudWatch, a minute later there and at once here. */
import type { CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';

export interface StreamMetrics {
  readonly incoming: (records: number) => void;
  /** @param ageMs of the last record that somebody read; 0: nothing was left to read */
  readonly read: (ageMs: number) => void;
  readonly close: () => void;
}

export const streamMetrics = async (
  stream: string,
  config: CloudWatchClientConfig,
): Promise<StreamMetrics> => {
  const { CloudWatchClient, PutMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
  const client = new CloudWatchClient(config);
  const Dimensions = [{ Name: 'StreamName', Value: stream }];
  const put = (MetricName: string, Value: number): void => {
    const MetricData = [{ MetricName, Dimensions, Value, Timestamp: new Date() }];
    client.send(new PutMetricDataCommand({ Namespace: 'AWS/Kinesis', MetricData })).catch(() => undefined);
  };
  return {
    incoming: (records) => put('IncomingRecords', records),
    read: (ageMs) => put('GetRecords.IteratorAgeMilliseconds', ageMs),
    close: () => client.destroy(),
  };
};
