/** AWS itself: the same loop with the endpoint variables unset and the credentials of whoever runs it. */
import { S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Publication } from './machine-parts.ts';
import type { Surroundings } from './surroundings.ts';

const needed = (env: NodeJS.ProcessEnv, name: string, what: string): string => {
  const value = env[name];
  if (value === undefined || value === '') throw new Error(`--aws needs ${name}: ${what}`);
  return value;
};

const notHere = async (): Promise<never> => {
  throw new Error('this is possible with the embedded endpoints only, not with --aws');
};

/** @throws Error naming the variable that is missing */
export const useAws = (env: NodeJS.ProcessEnv): Surroundings => {
  const bucket = needed(env, 'PULSESCALE_BUCKET', 'the bucket that holds leases and memory');
  const topicArn = env.PULSESCALE_TOPIC_ARN ?? '';
  const region = needed(env, 'AWS_REGION', 'the region of the services');
  const s3 = new S3Client({});
  const sns = new SNSClient({});
  return {
    env: { PULSESCALE_BUCKET: bucket },
    addresses: {
      AWS: region,
      bucket,
      status: `npx pulsescale status --bucket ${bucket} --region ${region}  (or pause, resume, stop)`,
      topic: topicArn === '' ? 'none (set PULSESCALE_TOPIC_ARN to be told of scale-outs)' : topicArn,
    },
    // The state machine's definition needs some ARN; nothing is published without a topic.
    topicArn: topicArn === '' ? 'arn:aws:sns:us-east-1:000000000000:none' : topicArn,
    store: { bucket, s3 },
    publish: async (publication: Publication) =>
      topicArn === '' ? {} : await sns.send(new PublishCommand(publication)),
    calls: new Map(),
    queues: [],
    burst: notHere,
    stopQueue: notHere,
    startQueue: notHere,
    stop: async () => {
      s3.destroy();
      sns.destroy();
    },
  };
};
