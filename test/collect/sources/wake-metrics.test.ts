/** Which metric of CloudWatch tells that a source has work, so that an alarm on it wakes a lane that sleeps. */
import { expect, test } from '@jest/globals';
import { sources } from '../../../lambdas/collect/sources/registry.ts';

const metricOf = (given: { readonly type: string; readonly [option: string]: unknown }) => {
  const source = sources[given.type];
  return source?.wakeMetric?.(source.options.parse(given));
};

const US = { region: 'us-east-1', account: '123456789012' };
const MSK = 'arn:aws:kafka:us-east-1:123456789012:cluster/shop/0ae1d5b6-3c21-4b0f-9c4a-5f2f1f6a7e11-3';
const lag = { type: 'kafka', clusterArn: MSK, topic: 'orders', consumerGroup: 'workers' };

test.each<[string, Parameters<typeof metricOf>[0], object]>([
  [
    'a queue by its name',
    { type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/orders' },
    {
      ...{ namespace: 'AWS/SQS', metricName: 'ApproximateNumberOfMessagesVisible', statistic: 'Maximum' },
      ...{ dimensions: { QueueName: 'orders' }, ...US },
    },
  ],
  [
    'a FIFO queue by its whole name',
    { type: 'sqs', queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders.fifo' },
    { dimensions: { QueueName: 'orders.fifo' }, region: 'eu-west-1' },
  ],
  [
    'a topic by what is published to it',
    { type: 'sns', topicArn: 'arn:aws:sns:us-east-1:123456789012:orders' },
    {
      ...{ namespace: 'AWS/SNS', metricName: 'NumberOfMessagesPublished', statistic: 'Sum' },
      ...{ dimensions: { TopicName: 'orders' }, ...US },
    },
  ],
  [
    'a stream by what comes in',
    { type: 'kinesis', streamArn: 'arn:aws:kinesis:us-east-1:123456789012:stream/orders' },
    {
      ...{ namespace: 'AWS/Kinesis', metricName: 'IncomingRecords', statistic: 'Sum' },
      ...{ dimensions: { StreamName: 'orders' }, ...US },
    },
  ],
  ['a stream of the own region', { type: 'kinesis', streamName: 'orders' }, { region: undefined }],
  [
    'a group on a topic of MSK',
    lag,
    {
      ...{ namespace: 'AWS/Kafka', metricName: 'SumOffsetLag', statistic: 'Maximum', ...US },
      dimensions: { 'Cluster Name': 'shop', 'Consumer Group': 'workers', Topic: 'orders' },
    },
  ],
  [
    'a queue of a broker whose name is given',
    { type: 'activemq', brokerId: 'b-1234', brokerName: 'shop-1', queueName: 'orders' },
    {
      ...{ namespace: 'AWS/AmazonMQ', metricName: 'QueueSize', statistic: 'Maximum' },
      dimensions: { Broker: 'shop-1', Queue: 'orders' },
    },
  ],
  [
    'the metric itself',
    { type: 'cloudwatch', namespace: 'Shop', metricName: 'Waiting', dimensions: { Kind: 'order' } },
    { namespace: 'Shop', metricName: 'Waiting', dimensions: { Kind: 'order' }, statistic: 'Maximum' },
  ],
])('%s', (_, given, metric) => {
  expect(metricOf(given)).toMatchObject(metric);
});

test.each<[string, Parameters<typeof metricOf>[0]]>([
  ['a queue whose URL only deployment knows', { type: 'sqs', queueUrl: '%(PULSE_1)' }],
  ['brokers that are not of MSK', { ...lag, clusterArn: undefined, bootstrapServers: ['kafka:9092'] }],
  ['a group whose lag CloudWatch leaves out', { ...lag, consumerGroup: 'orders:workers' }],
  ['a broker without its name', { type: 'activemq', brokerId: 'b-1234', queueName: 'orders' }],
  [
    'a broker of your own',
    { type: 'activemq', endpoints: ['stomp://mq:61613'], brokerName: 'mq', queueName: 'q' },
  ],
  ['RabbitMQ', { type: 'rabbitmq', host: 'rabbit', queue: 'orders' }],
  ['Redis', { type: 'redis', host: 'cache', queueKey: 'orders' }],
  ['a number of samples', { type: 'cloudwatch', namespace: 'S', metricName: 'W', statistic: 'SampleCount' }],
])('none for %s', (_, given) => {
  expect(metricOf(given)).toBeUndefined();
});
