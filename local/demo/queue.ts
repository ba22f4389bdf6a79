/** The demo's queues: made in the embedded SQS as the configuration names them, filled by bursts, watched directly. */
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SQSClient,
  type SQSClientConfig,
} from '@aws-sdk/client-sqs';
import { type Config, keyOf, type Service, sourcesOf } from '../../lambdas/contract/config.ts';
import { substitute } from '../../lambdas/contract/substitute.ts';
import { DEMO_AGENT, LOCAL } from '../endpoints/aws.ts';

export interface DemoQueue {
  /** `cluster/service` of who works on it. */
  readonly key: string;
  readonly url: string;
  /** Speaks to the endpoint that people can stop; {@link DemoQueue.direct} goes past it. */
  readonly client: SQSClient;
  readonly direct: SQSClient;
}

/** A client of the demo itself: a long poll holds a socket, so there must be one for every task. */
export const demoClient = (endpoint: string, region: string): SQSClient => {
  const config: SQSClientConfig = {
    endpoint,
    ...LOCAL,
    region,
    useQueueUrlAsEndpoint: false,
    customUserAgent: DEMO_AGENT,
    requestHandler: { httpAgent: { keepAlive: true, maxSockets: 2000 } },
  };
  return new SQSClient(config);
};

const REGION = /\/\/(?:sqs\.)?([a-z]{2}(?:-[a-z]+)+-\d)\./;

const queueUrlOf = (service: Service, env: NodeJS.ProcessEnv): string | undefined => {
  const source = sourcesOf(service).find(({ type }) => type === 'sqs');
  return typeof source?.queueUrl === 'string' ? substitute(source.queueUrl, env) : undefined;
};

/** @param endpoint of SQS as the loop sees it @param directUrl the same queues, past the gate */
export const createQueues = async (
  config: Config,
  env: NodeJS.ProcessEnv,
  { endpoint, directUrl }: { readonly endpoint: string; readonly directUrl: string },
): Promise<readonly DemoQueue[]> => {
  const queues = config.services.flatMap((service) => {
    const url = queueUrlOf(service, env);
    if (url === undefined) return [];
    const region = REGION.exec(url)?.[1] ?? LOCAL.region;
    return [
      {
        key: keyOf(service),
        url,
        client: demoClient(endpoint, region),
        direct: demoClient(directUrl, region),
      },
    ];
  });
  for (const { url, direct } of queues) {
    const QueueName = new URL(url).pathname.split('/').at(-1) ?? '';
    const Attributes = QueueName.endsWith('.fifo')
      ? { FifoQueue: 'true', ContentBasedDeduplication: 'false' }
      : {};
    await direct.send(new CreateQueueCommand({ QueueName, Attributes }));
  }
  return queues;
};

/** What one SendMessageBatch takes. */
const BATCH = 10;

/** Sends that many real messages, ten a call. */
export const sendBurst = async ({ client, url }: DemoQueue, messages: number): Promise<void> => {
  const fifo = url.endsWith('.fifo');
  for (let sent = 0; sent < messages; sent += BATCH) {
    const Entries = Array.from({ length: Math.min(BATCH, messages - sent) }, (_, index) => {
      const Id = `m${sent + index}`;
      const fifoFields = fifo ? { MessageGroupId: Id, MessageDeduplicationId: `${Date.now()}-${Id}` } : {};
      return { Id, MessageBody: JSON.stringify({ order: sent + index }), ...fifoFields };
    });
    await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
  }
};

export const depthOf = async ({
  direct,
  url,
}: DemoQueue): Promise<{ readonly backlog: number; readonly inFlight: number }> => {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes = {} } = await direct.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...AttributeNames] }),
  );
  return { backlog: Number(Attributes[AttributeNames[0]]), inFlight: Number(Attributes[AttributeNames[1]]) };
};
