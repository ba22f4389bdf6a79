/** The demo's SQS queue: in the embedded endpoint, past the gate for watching, through it for everybody else. */
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { LOCAL } from '../../endpoints/aws.ts';
import { defineDemoQueue } from '../queue.ts';
import { demoClient } from '../sqs-client.ts';

const REGION = /\/\/(?:sqs\.)?([a-z]{2}(?:-[a-z]+)+-\d)\./;

/** What one SendMessageBatch takes. */
const BATCH = 10;

/** A long poll this short lets a stopped task go soon. */
const POLL_SECONDS = 1;

/** A queue's own default, which is long enough for a message that takes a second. */
const VISIBILITY_SECONDS = 30;

/** Half as long again as a message takes, where that is long: so long is a message out of sight whose task was killed. */
const visibilitySeconds = (workMs: number): number =>
  workMs > 1000 ? Math.ceil((1.5 * workMs) / 1000) : VISIBILITY_SECONDS;

const COUNTERS = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;

interface Options {
  readonly queueUrl: string;
}

export const sqs = defineDemoQueue<Options>({
  type: 'sqs',
  embedded: () => true,
  open: async ({ queueUrl: QueueUrl }, { key, env, workMs: longest }) => {
    const region = REGION.exec(QueueUrl)?.[1] ?? LOCAL.region;
    const { AWS_ENDPOINT_URL: directUrl = '', AWS_ENDPOINT_URL_SQS: endpoint = directUrl } = env;
    const client = demoClient(endpoint, region);
    const direct = demoClient(directUrl, region);
    const fifo = QueueUrl.endsWith('.fifo');
    const QueueName = new URL(QueueUrl).pathname.split('/').at(-1) ?? '';
    const Attributes = {
      VisibilityTimeout: String(visibilitySeconds(longest)),
      ...(fifo ? { FifoQueue: 'true', ContentBasedDeduplication: 'false' } : {}),
    };
    await direct.send(new CreateQueueCommand({ QueueName, Attributes }));

    return {
      key,
      send: async (messages) => {
        for (let sent = 0; sent < messages; sent += BATCH) {
          const Entries = Array.from({ length: Math.min(BATCH, messages - sent) }, (_, index) => {
            const Id = `m${sent + index}`;
            const fifoFields = fifo
              ? { MessageGroupId: Id, MessageDeduplicationId: `${Date.now()}-${Id}` }
              : {};
            return { Id, MessageBody: JSON.stringify({ order: sent + index }), ...fifoFields };
          });
          await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
        }
      },
      depth: async () => {
        const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...COUNTERS] });
        const { Attributes = {} } = await direct.send(command);
        return { backlog: Number(Attributes[COUNTERS[0]]), inFlight: Number(Attributes[COUNTERS[1]]) };
      },
      work: async (task, workMs, stop) => {
        while (!stop.aborted) {
          const poll = new ReceiveMessageCommand({
            QueueUrl,
            MaxNumberOfMessages: 1,
            WaitTimeSeconds: POLL_SECONDS,
          });
          // Not aborted on stop: a message that is on its way to a task that is gone would be invisible for 30 s.
          const { Messages = [] } = await client.send(poll);
          for (const { ReceiptHandle, MessageId } of Messages) {
            await task.work(workMs, MessageId);
            await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
          }
        }
      },
      close: async () => {
        client.destroy();
        direct.destroy();
      },
    };
  },
});
