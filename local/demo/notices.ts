/** A real subscription to the notices' topic: SNS delivers into a queue, and from there they are read as they come. */
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { Notice } from '../../lambdas/contract/records.ts';
import { DEMO_AGENT, LOCAL } from '../endpoints/aws.ts';
import { demoClient } from './sqs-client.ts';

const QUEUE = 'pulsescale-notices';

export interface Subscription {
  readonly topicArn: string;
  readonly stop: () => void;
}

/** @param url of SNS and SQS */
export const subscribeToNotices = async (
  url: string,
  onNotice: (subject: string, body: Notice['body']) => void,
): Promise<Subscription> => {
  const sns = new SNSClient({ ...LOCAL, endpoint: url, customUserAgent: DEMO_AGENT });
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'pulsescale' }));
  const sqs = demoClient(url, LOCAL.region);
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: QUEUE }));
  const Endpoint = `arn:aws:sqs:us-east-1:000000000000:${QUEUE}`;
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));

  let stopped = false;
  const receive = async (): Promise<void> => {
    while (!stopped) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1, MaxNumberOfMessages: 10 }),
      );
      for (const { Body = '{}', ReceiptHandle } of Messages) {
        const { Subject, Message } = JSON.parse(Body) as {
          readonly Subject: string;
          readonly Message: string;
        };
        onNotice(Subject, JSON.parse(Message) as Notice['body']);
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  };
  receive().catch((error: unknown) => {
    if (!stopped) throw error;
  });
  return {
    topicArn: TopicArn,
    stop: () => {
      stopped = true;
    },
  };
};
