import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { LOCAL } from '../../local/endpoints/aws.ts';
import { awsJson } from '../../local/endpoints/aws-json.ts';
import { cloudWatchActions, metricStore } from '../../local/endpoints/cloudwatch.ts';
import type { SourceCase } from './case.ts';

const METRIC = { Namespace: 'Shop', MetricName: 'OrdersWaiting' } as const;

export const cloudwatch: SourceCase = {
  name: 'cloudwatch',
  secondsPerTick: 60,
  open: async (_address, _queues, network) => {
    const server = awsJson('1.0', cloudWatchActions(metricStore())).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = await network.to((server.address() as AddressInfo).port);
    const { region, credentials } = LOCAL;
    const endpoint = `http://127.0.0.1:${port}`;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_CLOUDWATCH: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    });
    return {
      options: (index) => ({
        type: 'cloudwatch',
        namespace: METRIC.Namespace,
        metricName: METRIC.MetricName,
        dimensions: { Queue: `orders-${index}` },
        emptyIs: 0,
      }),
      bare: async () => {
        const bare = new CloudWatchClient({ region, credentials, endpoint });
        return {
          ask: (index) => {
            const EndTime = new Date();
            const Dimensions = [{ Name: 'Queue', Value: `orders-${index}` }];
            const MetricStat = { Metric: { ...METRIC, Dimensions }, Period: 60, Stat: 'Average' };
            return bare.send(
              new GetMetricDataCommand({
                StartTime: new Date(EndTime.getTime() - 60_000),
                EndTime,
                MetricDataQueries: [{ Id: 'm', MetricStat }],
              }),
            );
          },
          close: () => bare.destroy(),
        };
      },
      close: () => {
        server.closeAllConnections();
        server.close();
      },
    };
  },
};
