/** `aws-kinesis-stream`: one replica for so many open shards, whatever waits in them; 2 by default. */
import { type Load, type Reader, thresholds } from './trigger.ts';

export const kinesis: Reader = (trigger): Load => {
  const { metadata } = trigger;
  const region = trigger.text('awsRegion');
  if (metadata.has('awsEndpoint'))
    metadata.tell(
      'awsEndpoint',
      'No equivalent: every AWS client is told another endpoint by AWS_ENDPOINT_URL_KINESIS.',
    );
  metadata.ignore('awsEndpoint', 'identityOwner');
  metadata.note(
    'shardCount',
    'It counts open shards, whatever waits in them, and so does this formula. policy: { type: queueDelay } follows the records that wait.',
  );
  return {
    source: {
      type: 'kinesis',
      streamName: trigger.required('streamName', 'the name of the data stream'),
      ...(region === undefined ? {} : { region }),
    },
    measured: (of) => `${of}parallelism`,
    ...thresholds(trigger, 'shardCount', 2, 'activationShardCount'),
  };
};
