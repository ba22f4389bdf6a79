/** The triggers of a ScaledObject: each is read by the reader of its type and becomes a named load, or a window of the schedule. */
import type { Owner } from '../../source.ts';
import { listed } from '../../wording.ts';
import type { Ledger } from '../ledger.ts';
import type { Fields } from '../values.ts';
import { activemq } from './activemq.ts';
import type { Parameter, Parameters } from './authentication.ts';
import { cloudwatch } from './cloudwatch.ts';
import { cron } from './cron.ts';
import { kafka } from './kafka.ts';
import { kinesis } from './kinesis.ts';
import { prometheus } from './prometheus.ts';
import { rabbitmq } from './rabbitmq.ts';
import { redis } from './redis.ts';
import { isResource, resource } from './resource.ts';
import { sqs } from './sqs.ts';
import { type Load, type Reader, type Trigger, triggerOf } from './trigger.ts';

const READERS: Readonly<Record<string, Reader>> = {
  'aws-sqs-queue': sqs,
  kafka,
  'apache-kafka': kafka,
  rabbitmq,
  redis,
  'redis-cluster': redis,
  'redis-sentinel': redis,
  'redis-streams': redis,
  'redis-cluster-streams': redis,
  'redis-sentinel-streams': redis,
  activemq,
  'aws-kinesis-stream': kinesis,
  prometheus,
  'aws-cloudwatch': cloudwatch,
};

/** AWS's own sources are read with a role and never with keys. */
const KEYS = ['awsRoleArn', 'awsAccessKeyID', 'awsSecretAccessKey', 'awsSessionToken'];

export const METRIC_TYPES = ['AverageValue', 'Value'] as const;

export interface NamedLoad extends Load {
  /** What the trigger is called, or its type. */
  readonly called: string;
  readonly metricType: string;
  /** Its metadata, for what is told later. */
  readonly metadata: Ledger;
}

export interface Triggers {
  readonly loads: readonly NamedLoad[];
  readonly schedule: readonly Fields[];
}

interface Circumstances {
  readonly owner: Owner;
  readonly max: number;
  readonly toZero: boolean;
  /** Of a TriggerAuthentication; undefined: it is not in the file. */
  readonly parametersOf: (kind: string, name: string) => Parameters | undefined;
  readonly used: Set<Parameter>;
}

const authenticationOf = (entry: Ledger, { parametersOf }: Circumstances): Parameters => {
  if (!entry.has('authenticationRef')) return NONE;
  const reference = entry.at('authenticationRef');
  const name = reference.text('name') ?? '';
  const found = parametersOf(reference.choice('kind', AUTHENTICATIONS) ?? 'TriggerAuthentication', name);
  if (found === undefined)
    entry.note(
      'authenticationRef',
      `"${name}" is not in this file: what it gives is missing below; put it into the file, or write username and passwordSecret.`,
    );
  return found ?? NONE;
};

const loadOf = (
  type: string,
  trigger: Trigger,
  metricType: string | undefined,
  circumstances: Circumstances,
): Load | undefined => {
  if (isResource(type)) return resource(trigger, circumstances.owner, metricType, circumstances.toZero);
  return (Object.hasOwn(READERS, type) ? READERS[type] : undefined)?.(trigger);
};

const AUTHENTICATIONS = ['TriggerAuthentication', 'ClusterTriggerAuthentication'] as const;

const NONE: Parameters = new Map();

const NOT_CACHED = 'Not needed: every source is read once a tick, however many policies look at it.';

export const triggersIn = (spec: Ledger, circumstances: Circumstances): Triggers => {
  const loads: NamedLoad[] = [];
  const schedule: Fields[] = [];
  for (const entry of spec.each('triggers')) {
    const type = entry.text('type') ?? '';
    const called = entry.text('name') ?? type;
    const metricType = entry.choice('metricType', [...METRIC_TYPES, 'Utilization']);
    if (entry.has('useCachedMetrics')) entry.tell('useCachedMetrics', NOT_CACHED);
    const parameters = authenticationOf(entry, circumstances);
    const metadata = entry.at('metadata');
    const trigger = triggerOf(type, metadata, parameters, circumstances.used);
    if (type === 'cron') {
      const window = cron(trigger, circumstances.max);
      if (window !== undefined) schedule.push(window);
      continue;
    }
    if (!Object.hasOwn(READERS, type) && !isResource(type)) {
      entry.leaveOut(
        `"${type}" has no equivalent, and its load is not seen; read are ${listed([...Object.keys(READERS), 'cron', 'cpu', 'memory'])}.`,
      );
      continue;
    }
    const load = loadOf(type, trigger, metricType, circumstances);
    for (const key of KEYS)
      if (metadata.has(key))
        metadata.tell(key, 'No equivalent: it is read with the role of the collect function.');
    if (load !== undefined)
      loads.push({
        ...load,
        called,
        metadata,
        metricType: isResource(type) ? 'Value' : (metricType ?? 'AverageValue'),
      });
  }
  return { loads, schedule };
};
