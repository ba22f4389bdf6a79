import { kinesis } from '../../../../local/demo/queues/kinesis.ts';
import { cloudWatchActions, metricStore } from '../../../../local/endpoints/cloudwatch.ts';
import { leaseTables } from '../../../../local/endpoints/lease-table.ts';
import { startEndpoint } from '../../../endpoints/aws.ts';
import { startKinesis } from '../../../servers/kinesis.ts';
import { behavesAsQueue } from './behaviour.ts';

const on = (options: object) => async () => {
  const server = await startKinesis();
  const dynamodb = await startEndpoint('1.0', leaseTables().actions);
  const cloudWatch = await startEndpoint('1.0', cloudWatchActions(metricStore()));
  return {
    ...server,
    options: { type: 'kinesis', streamName: 'orders', ...options },
    env: { AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url, AWS_ENDPOINT_URL_CLOUDWATCH: cloudWatch.url },
    close: async () => {
      await Promise.all([server.close(), dynamodb.stop(), cloudWatch.stop()]);
    },
  };
};

behavesAsQueue('a stream', kinesis, on({ application: 'worker' }), { seesInFlight: false });
