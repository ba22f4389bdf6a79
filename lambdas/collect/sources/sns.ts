/**
 * Amazon SNS: how many messages were published to a topic in the last period that is over, from CloudWatch.
 *
 * That is a rate and no backlog: a topic keeps nothing, what it has published waits in the queues that subscribe to it, and
 * those have sources of their own. It suits a service that is called by the topic itself, over HTTP.
 *
 * Gotchas: SNS reports nothing, not even 0, for a topic to which nothing was published, and CloudWatch says as little of a topic
 * that does not exist. The two cannot be told apart, so an idle topic is unknown, which holds the count, until somebody
 * who has seen the name to be right writes `emptyIs: 0`. The dimension is the topic's name, so topics of one name in
 * two accounts are told apart by where the function runs.
 */
import * as z from 'zod';
import { commonOptions, defineSource } from '../../contract/source.ts';
import { type Metric, metricPermission, metricsIn, metricTrouble } from './cloudwatch/metrics.ts';
import { EMPTY_IS_ZERO, empty, metricOptions, timingOf } from './cloudwatch/options.ts';

const ARN = /^arn:[\w-]+:sns:([\w-]+):\d{12}:([\w.-]+)$/;

const options = z
  .strictObject({
    type: z.literal('sns'),
    topicArn: z
      .string()
      .regex(
        /^(arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]{1,256}(\.fifo)?|.*%\(.+\).*)$/,
        'expected the ARN of a topic, such as arn:aws:sns:us-east-1:123456789012:orders',
      )
      .optional()
      .meta({ description: 'ARN of the topic.' }),
    topicName: z
      .string()
      .regex(
        /^([\w-]{1,256}(\.fifo)?|.*%\(.+\).*)$/,
        'expected the name of a topic: letters, digits, "-" and "_"',
      )
      .optional()
      .meta({ description: 'Name of the topic, in place of topicArn.' }),
    ...metricOptions,
    region: metricOptions.region.meta({
      description: "Region of the topic. Default: the one in topicArn, else the function's.",
    }),
    ...commonOptions,
  })
  .refine(({ topicArn, topicName }) => (topicArn === undefined) !== (topicName === undefined), {
    path: ['topicArn'],
    error: 'give either topicArn or topicName',
  })
  .meta({ description: 'An Amazon SNS topic.' });

type Options = z.output<typeof options>;

const topicOf = ({ topicArn, topicName }: Options): string =>
  topicName ?? ARN.exec(topicArn ?? '')?.[2] ?? '';

const regionOf = ({ region, topicArn }: Options): string | undefined =>
  region ?? ARN.exec(topicArn ?? '')?.[1];

const metricOf = (given: Options): Metric => ({
  namespace: 'AWS/SNS',
  metricName: 'NumberOfMessagesPublished',
  dimensions: { TopicName: topicOf(given) },
  statistic: 'Sum',
  ...timingOf(given),
});

export const sns = defineSource({
  type: 'sns',
  options,
  reports: ['value', 'arrivalsPerSecond'],
  permissions: () => [metricPermission],
  examples: [
    { type: 'sns', topicArn: 'arn:aws:sns:us-east-1:123456789012:orders', emptyIs: 0 },
    { type: 'sns', topicName: 'orders', period: '5m' },
  ],
  server: (given) => `CloudWatch in ${regionOf(given) ?? "the function's region"}`,
  connect: async (given) => {
    const metrics = await metricsIn(regionOf(given));
    return {
      read: async (each, context) => {
        const point = await metrics.read(metricOf(each), context);
        if (point === undefined && each.emptyIs === undefined)
          return empty(`AWS/SNS NumberOfMessagesPublished of ${topicOf(each)}`, 'the name of the topic');
        const published = point?.value ?? 0;
        const rate = `messages published in ${each.period} s: a rate, a topic has no backlog`;
        return {
          known: true,
          value: published,
          arrivalsPerSecond: published / each.period,
          notes: point === undefined ? [rate, EMPTY_IS_ZERO] : [rate],
          at: context.at,
        };
      },
      close: metrics.close,
    };
  },
  wakeMetric: (given) => {
    const { namespace, metricName, dimensions } = metricOf(given);
    const account = given.topicArn?.split(':')[4];
    return { namespace, metricName, dimensions, statistic: 'Sum', region: regionOf(given), account };
  },
  trouble: (thrown, given) => metricTrouble(thrown, `AWS/SNS NumberOfMessagesPublished of ${topicOf(given)}`),
});
