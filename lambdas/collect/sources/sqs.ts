/**
 * Amazon SQS: the three approximate counters of one queue, in one GetQueueAttributes.
 *
 * Gotchas: the counters are approximate and settle about a minute after producers stop, so "empty" is believed for scale
 * to zero only after a while (a guard's business, not ours). The age of the oldest message is not an attribute, it
 * exists in CloudWatch only. The JS client follows the host in QueueUrl before its endpoint setting, and the region
 * of a queue is the one in its URL.
 */
import * as z from 'zod';
import { partitionOf } from '../../contract/arn.ts';
import { explain, statusOf } from '../../contract/aws-errors.ts';
import { nameOf } from '../../contract/errors.ts';
import { commonOptions, defineSource } from '../../contract/source.ts';

const options = z
  .strictObject({
    type: z.literal('sqs'),
    queueUrl: z
      .string()
      .regex(
        /^(https?:\/\/[^/]+\/[^/]+\/[^/]+|.*%\(.+\).*)$/,
        'expected a queue URL such as https://sqs.us-east-1.amazonaws.com/123456789012/orders',
      )
      .meta({ description: 'URL of the queue.' }),
    region: z
      .string()
      .optional()
      .meta({ description: "Region of the queue. Default: the one in the URL, else the function's." }),
    ...commonOptions,
  })
  .meta({ description: 'An Amazon SQS queue.' });

type Options = z.output<typeof options>;

/** Also matches the old form `us-east-1.queue.amazonaws.com`. */
const REGION = /^https?:\/\/(?:sqs(?:-fips)?\.([a-z0-9-]+)\.|([a-z0-9-]+)\.queue\.)/;

/** Its account and its name. */
const QUEUE = /^https?:\/\/[^/]+\/(\d{12})\/([\w-]{1,80}(?:\.fifo)?)$/;

const regionOf = ({ queueUrl, region }: Options): string | undefined => {
  const [, current, old] = REGION.exec(queueUrl) ?? [];
  return region ?? current ?? old;
};

const arnOf = (given: Options): string => {
  const [account = '*', queue = '*'] = new URL(given.queueUrl).pathname.split('/').filter(Boolean);
  const region = regionOf(given) ?? '*';
  return `arn:${partitionOf(region)}:sqs:${region}:${account}:${queue}`;
};

const COUNTERS = {
  visible: 'ApproximateNumberOfMessages',
  inFlight: 'ApproximateNumberOfMessagesNotVisible',
  delayed: 'ApproximateNumberOfMessagesDelayed',
} as const;

const counter = (attributes: Readonly<Record<string, string>> | undefined, name: string): number => {
  const text = attributes?.[name];
  const value = Number(text);
  if (text === undefined || text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new Error(`SQS answered without a usable ${name} (${text})`);
  return value;
};

export const sqs = defineSource({
  type: 'sqs',
  options,
  reports: ['visible', 'inFlight', 'delayed'],
  // "It takes at least one minute after the producers stop" (SQS developer guide, on its approximate counters).
  settlesInSeconds: 60,
  examples: [{ type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/orders' }],
  permissions: (given) => [{ actions: ['sqs:GetQueueAttributes'], resources: [arnOf(given)] }],
  server: (given) => `SQS in ${regionOf(given) ?? "the function's region"}`,
  connect: async (given) => {
    const { SQSClient, GetQueueAttributesCommand } = await import('@aws-sdk/client-sqs');
    const region = regionOf(given);
    const client = new SQSClient({
      ...(region === undefined ? {} : { region }),
      useQueueUrlAsEndpoint: false,
      maxAttempts: 2,
    });
    return {
      read: async ({ queueUrl }, { at, signal }) => {
        const command = new GetQueueAttributesCommand({
          QueueUrl: queueUrl,
          AttributeNames: Object.values(COUNTERS),
        });
        const { Attributes } = await client.send(command, { abortSignal: signal });
        return {
          known: true,
          visible: counter(Attributes, COUNTERS.visible),
          inFlight: counter(Attributes, COUNTERS.inFlight),
          delayed: counter(Attributes, COUNTERS.delayed),
          at,
        };
      },
      close: () => client.destroy(),
    };
  },
  wakeMetric: (given) => {
    const [, account, QueueName] = QUEUE.exec(given.queueUrl) ?? [];
    if (QueueName === undefined) return undefined;
    return {
      ...{ namespace: 'AWS/SQS', metricName: 'ApproximateNumberOfMessagesVisible', statistic: 'Maximum' },
      ...{ dimensions: { QueueName }, region: regionOf(given), account },
    };
  },
  trouble: (thrown, given) => ({
    kind: statusOf(thrown) === undefined ? 'broken' : 'answered',
    why: /QueueDoesNotExist|NonExistentQueue/.test(nameOf(thrown))
      ? `there is no queue ${given.queueUrl} in ${regionOf(given) ?? 'this region'}: check queueUrl`
      : explain(thrown, 'sqs:GetQueueAttributes', arnOf(given)),
  }),
});
