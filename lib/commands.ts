/** What an operator types, with the names of this deployment in it. */
import { Stack } from 'aws-cdk-lib';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Lane } from './lane.ts';

/** Lines for a shell, about one lane. */
export interface LaneCommands {
  readonly lane: string;
  /** Starts the lane now; harmless when it runs already. */
  readonly start: string;
  /** No more changes from the next tick on, until it is resumed. */
  readonly pause: string;
  readonly resume: string;
}

/** The lines about one lane. */
export const laneCommands = ({ laneName, stateMachine }: Lane, bucket: Bucket): LaneCommands => {
  const { region } = Stack.of(stateMachine);
  const where = `--bucket ${bucket.bucketName} --lane ${laneName} --region ${region}`;
  return {
    lane: laneName,
    start: `aws stepfunctions start-execution --state-machine-arn ${stateMachine.stateMachineArn} --region ${region}`,
    pause: `npx pulsescale pause ${where}`,
    resume: `npx pulsescale resume ${where}`,
  };
};

/** Shows all lanes of a bucket; its exit code is 0 when every one of them ticks. */
export const statusCommand = (bucket: Bucket): string =>
  `npx pulsescale status --bucket ${bucket.bucketName} --region ${Stack.of(bucket).region}`;

/** The line that subscribes a mailbox to the notices. */
export const subscribeCommand = (topic: ITopic): string =>
  `aws sns subscribe --topic-arn ${topic.topicArn} --protocol email --notification-endpoint you@example.com --region ${topic.env.region}`;
