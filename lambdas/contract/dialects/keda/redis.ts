/**
 * `redis`, `redis-streams` and the same for a cluster and behind sentinels: the length of a list, or the entries of a stream.
 *
 * Of a stream with a group KEDA looks at what is pending, which is nothing as long as nobody reads, or at the lag, which leaves out what is being
 * worked on. Here both count together, so that neither hides the other.
 */
import type { Fields } from '../values.ts';
import { type Load, type Reader, type Trigger, thresholds, waiting, waitingOrInFlight } from './trigger.ts';

interface Place {
  readonly host: string;
  readonly port?: number;
}

const PLACE =
  'There it holds host and port; here the host alone, and the port (6379, of a sentinel 26379) is written as a number beside it.';

/** `cache:6379`; a reference has no port that could be read. */
const placeIn = (address: string): Place => {
  const [, host = address, port] = /^(.*):(\d+)$/.exec(address) ?? [];
  return port === undefined ? { host } : { host, port: Number(port) };
};

const noteReference = ({ metadata }: Trigger, key: string, text: string): void => {
  if (!text.includes('%(')) return;
  metadata.note(metadata.has(`${key}FromEnv`) ? `${key}FromEnv` : key, PLACE);
};

const portIn = (text: string | undefined): { readonly port?: number } =>
  /^\d+$/.test(text ?? '') ? { port: Number(text) } : {};

/** `address`, or `host` and `port`. */
const oneOf = (trigger: Trigger): Place | undefined => {
  if (!trigger.has('address') && trigger.has('host')) {
    const port = trigger.text('port');
    noteReference(trigger, 'port', port ?? '');
    return { host: trigger.text('host') ?? '', ...portIn(port) };
  }
  const address = trigger.required('address', 'host:port of the server');
  noteReference(trigger, 'address', address);
  return placeIn(address);
};

/** `addresses`, or `hosts` and `ports`. */
const severalOf = (trigger: Trigger): readonly Place[] => {
  if (!trigger.has('addresses') && trigger.has('hosts')) {
    const ports = trigger.list('ports');
    noteReference(trigger, 'hosts', trigger.text('hosts') ?? '');
    noteReference(trigger, 'ports', ports.join());
    return trigger.list('hosts').map((host, nth) => ({ host, ...portIn(ports[nth]) }));
  }
  noteReference(trigger, 'addresses', trigger.required('addresses', 'host:port of the nodes'));
  return trigger.list('addresses').map(placeIn);
};

const serverOf = (trigger: Trigger): Fields => {
  if (/-sentinel/.test(trigger.type)) {
    return {
      sentinels: severalOf(trigger),
      sentinelName: trigger.required('sentinelMaster', 'what the sentinels call the master'),
      ...usernameOf(trigger),
      ...trigger.secret('sentinelPassword'),
    };
  }
  return /-cluster/.test(trigger.type) ? { nodes: severalOf(trigger) } : { ...oneOf(trigger) };
};

const usernameOf = (trigger: Trigger): Fields => {
  const user = trigger.text('sentinelUsername');
  return user === undefined ? {} : { sentinelUsername: user };
};

const commonOf = (trigger: Trigger): Fields => {
  const { metadata } = trigger;
  const database = metadata.whole('databaseIndex') ?? 0;
  const asked = metadata.flag('enableTLS') ?? (trigger.text('tls') === undefined ? undefined : true);
  if (trigger.has('tls'))
    metadata.note('tls', 'In a TriggerAuthentication, where nobody here can read it: taken for enable.');
  const isCluster = /-cluster/.test(trigger.type);
  if (isCluster && database !== 0)
    metadata.note('databaseIndex', 'A Redis Cluster has only database 0, which is read.');
  return {
    ...(database === 0 || isCluster ? {} : { database }),
    ...trigger.secret('username'),
    ...trigger.secret('password'),
    ...trigger.tls(asked),
  };
};

const list: Reader = (trigger): Load => ({
  source: {
    type: 'redis',
    ...serverOf(trigger),
    queueKey: trigger.required('listName', 'the key of the list'),
    ...commonOf(trigger),
  },
  measured: waiting,
  ...thresholds(trigger, 'listLength', 5, 'activationListLength'),
});

/** Which of its three numbers is looked at. */
const lookOf = (trigger: Trigger, isGrouped: boolean): string => {
  const { metadata } = trigger;
  const given = isGrouped ? (metadata.has('lagCount') ? 'lagCount' : 'pendingEntriesCount') : 'streamLength';
  for (const other of ['lagCount', 'pendingEntriesCount', 'streamLength'])
    if (other !== given && metadata.has(other))
      metadata.tell(other, `Not looked at: ${given} is what counts, there as well.`);
  if (isGrouped)
    metadata.note(
      given,
      given === 'lagCount'
        ? 'There entries that no consumer has been given; here those and the pending ones, or tasks that still work would be stopped.'
        : 'There entries that are pending, which are none until somebody reads; here those and the lag of the group.',
    );
  return given;
};

const stream: Reader = (trigger): Load => {
  const consumerGroup = trigger.text('consumerGroup');
  const isGrouped = consumerGroup !== undefined;
  return {
    source: {
      type: 'redis',
      ...serverOf(trigger),
      queueKey: trigger.required('stream', 'the key of the stream'),
      queueType: 'stream',
      ...(isGrouped ? { consumerGroup } : {}),
      ...commonOf(trigger),
    },
    measured: isGrouped ? waitingOrInFlight : waiting,
    ...thresholds(trigger, lookOf(trigger, isGrouped), 5, 'activationLagCount'),
  };
};

export const redis: Reader = (trigger) => (trigger.type.endsWith('-streams') ? stream : list)(trigger);
