/**
 * The demo's topic: messages are published to it, and it delivers them into a queue of the service's own, on which the tasks work. That
 * is the queue of the service's sqs source where it has one, else one that is called like topic and service. What SNS would report
 * to CloudWatch is put there as well, a minute early.
 */
import { CreateTopicCommand, PublishBatchCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { DEMO_AGENT, LOCAL } from '../../endpoints/aws.ts';
import { awsJson } from '../../endpoints/aws-json.ts';
import { cloudWatchActions, metricStore } from '../../endpoints/cloudwatch.ts';
import { defineDemoQueue } from '../queue.ts';
import { demoClient } from '../sqs-client.ts';
import { sqs } from './sqs.ts';

/** What one PublishBatch takes. */
const BATCH = 10;

interface Options {
  readonly topicArn?: string | undefined;
  readonly topicName?: string | undefined;
  readonly region?: string | undefined;
}

const nameOf = ({ topicName, topicArn = '' }: Options): string =>
  topicName ?? topicArn.slice(topicArn.lastIndexOf(':') + 1);

const regionOf = ({ region, topicArn }: Options): string => region ?? topicArn?.split(':')[3] ?? LOCAL.region;

export const sns = defineDemoQueue<Options>({
  type: 'sns',
  // A FIFO topic takes no messages without groups, and delivers into FIFO queues only.
  embedded: (options) => !nameOf(options).endsWith('.fifo'),
  endpoints: () => ({ CLOUDWATCH: awsJson('1.0', cloudWatchActions(metricStore())) }),
  open: async (options, context) => {
    const { key, env, queueUrls = [] } = context;
    const [name, region] = [nameOf(options), regionOf(options)];
    const own = `${name}-${key.slice(key.lastIndexOf('/') + 1)}`;
    const queueUrl = queueUrls[0] ?? `https://sqs.${region}.amazonaws.com/000000000000/${own}`;
    const queue = await sqs.open({ queueUrl }, context);

    const { AWS_ENDPOINT_URL: directUrl = '', AWS_ENDPOINT_URL_CLOUDWATCH: metricsUrl = '' } = env;
    // Through the gate: topic and queue are away together.
    const endpoint = env['AWS_ENDPOINT_URL_SQS'] ?? directUrl;
    const client = new SNSClient({ ...LOCAL, region, endpoint, customUserAgent: DEMO_AGENT });
    const { TopicArn } = await client.send(new CreateTopicCommand({ Name: name }));
    const direct = demoClient(directUrl, region);
    const ask = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] });
    const { Attributes = {} } = await direct.send(ask);
    direct.destroy();
    const Endpoint = Attributes['QueueArn'];
    await client.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));

    const { CloudWatchClient, PutMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
    const metrics = new CloudWatchClient({ ...LOCAL, region, endpoint: metricsUrl });
    const report = (Value: number): void => {
      const Dimensions = [{ Name: 'TopicName', Value: name }];
      const datum = { MetricName: 'NumberOfMessagesPublished', Dimensions, Value, Timestamp: new Date() };
      const command = new PutMetricDataCommand({ Namespace: 'AWS/SNS', MetricData: [datum] });
      metrics.send(command).catch(() => undefined);
    };

    return {
      ...queue,
      send: async (messages) => {
        for (let sent = 0; sent < messages; sent += BATCH) {
          const PublishBatchRequestEntries = Array.from(
            { length: Math.min(BATCH, messages - sent) },
            (_, index) => ({ Id: `m${index}`, Message: JSON.stringify({ order: sent + index }) }),
          );
          await client.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));
        }
        report(messages);
      },
      close: async () => {
        await queue.close();
        client.destroy();
        metrics.destroy();
      },
    };
  },
});
