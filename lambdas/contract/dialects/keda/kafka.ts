/** `kafka`: the lag of a consumer group on a topic, 10 for one replica by default, and no more replicas than partitions. */
import { placeholder } from '../placeholder.ts';
import type { Fields } from '../values.ts';
import { type Load, type Reader, type Trigger, thresholds, waiting } from './trigger.ts';

const MECHANISMS: Readonly<Record<string, string>> = {
  none: 'none',
  plaintext: 'plain',
  scram_sha256: 'scram-sha-256',
  scram_sha512: 'scram-sha-512',
};

const NO_LIKE: Readonly<Record<string, string>> = {
  version: 'Not needed: versions are found out with the broker.',
  fullMetadata: 'Not needed: only the metadata of the topic is read.',
  partitionLimitation: 'No equivalent: the lag of all partitions counts.',
  ensureEvenDistributionOfPartitions:
    'No equivalent: the count may be any number up to that of the partitions, so that some tasks have one partition more than others.',
};

const UNCOMMITTED =
  'A partition in which the group has never committed keeps one replica there, or none; here it counts as everything that is in it (earliest) or as nothing (latest, the default of KEDA).';

const iamOf = (trigger: Trigger): Fields => {
  const clusterArn = placeholder('MSK_CLUSTER_ARN');
  trigger.metadata.note(
    'saslTokenProvider',
    `IAM's permissions are for one cluster: set MSK_CLUSTER_ARN to its ARN, or write that in place of ${clusterArn}.`,
  );
  return { authentication: 'iam', clusterArn };
};

const loginOf = (trigger: Trigger): Fields => {
  const { metadata } = trigger;
  const user = { ...trigger.secret('username'), ...trigger.secret('password') };
  const provider = metadata.choice('saslTokenProvider', ['bearer', 'aws_msk_iam']);
  const sasl = metadata.text('sasl');
  if (sasl === undefined) {
    if (trigger.text('sasl') !== undefined)
      metadata.note(
        'sasl',
        'In a TriggerAuthentication, where nobody here can read it: with a user scram-sha-512 is taken, write authentication for any other.',
      );
    return user;
  }
  if (sasl === 'oauthbearer' && provider === 'aws_msk_iam') return iamOf(trigger);
  const authentication = MECHANISMS[sasl];
  if (authentication !== undefined) return authentication === 'none' ? {} : { authentication, ...user };
  metadata.note(
    'sasl',
    `"${sasl}" has no equivalent: there are ${Object.values(MECHANISMS).join(', ')} and iam.`,
  );
  return {};
};

const tlsOf = (trigger: Trigger): Fields => {
  const { metadata } = trigger;
  const given = metadata.choice('tls', ['enable', 'disable']);
  if (given !== undefined) return trigger.tls(given === 'enable');
  if (trigger.text('tls') !== undefined)
    metadata.note(
      'tls',
      'In a TriggerAuthentication, where nobody here can read it: taken for enable; write tls: false for disable.',
    );
  return trigger.tls(trigger.has('tls') ? true : undefined);
};

const capOf = (trigger: Trigger): Fields => {
  const { metadata } = trigger;
  const idle = metadata.flag('allowIdleConsumers') === true;
  const withLag = metadata.flag('limitToPartitionsWithLag') === true;
  return idle ? { limitTo: 'none' } : withLag ? { limitTo: 'partitionsWithLag' } : {};
};

export const kafka: Reader = (trigger): Load | undefined => {
  const { metadata } = trigger;
  const bootstrapServers = trigger.list('bootstrapServers');
  if (bootstrapServers.length === 0) trigger.required('bootstrapServers', 'brokers as host:port');
  const consumerGroup = trigger.required('consumerGroup', 'the consumer group');
  const topic = trigger.text('topic');
  if (topic === undefined) {
    metadata.tell(
      'topic',
      'All topics of a group have no equivalent: write one trigger for each topic. This one is left out.',
    );
    return undefined;
  }
  for (const [key, why] of Object.entries(NO_LIKE)) if (metadata.has(key)) metadata.tell(key, why);
  const reset = metadata.choice('offsetResetPolicy', ['latest', 'earliest']) ?? 'latest';
  metadata.note('offsetResetPolicy', UNCOMMITTED);
  if (metadata.has('scaleToZeroOnInvalidOffset')) metadata.tell('scaleToZeroOnInvalidOffset', UNCOMMITTED);
  const isStuck = metadata.flag('excludePersistentLag') === true;
  if (isStuck)
    metadata.note(
      'excludePersistentLag',
      'There a partition is left out when it has not moved from one poll to the next; here after 10 readings and 120 s, and then it still counts as work.',
    );
  const region = trigger.text('awsRegion');
  return {
    source: {
      type: 'kafka',
      bootstrapServers,
      topic,
      consumerGroup,
      offsetReset: reset,
      ...(region === undefined ? {} : { region }),
      ...loginOf(trigger),
      ...tlsOf(trigger),
      ...capOf(trigger),
      ...(isStuck ? { excludeStuck: {} } : {}),
    },
    measured: waiting,
    ...thresholds(trigger, 'lagThreshold', 10, 'activationLagThreshold'),
  };
};
