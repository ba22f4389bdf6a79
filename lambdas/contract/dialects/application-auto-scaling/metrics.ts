/**
 * Metrics of CloudWatch as sources. The counters of SQS are read from the queue itself, minutes sooner; the number of tasks is known anyway;
 * any other metric is read where it is.
 */
import type { Ledger } from '../ledger.ts';
import { isPlaceholder, placeholder } from '../placeholder.ts';
import { type Fields, isObject } from '../values.ts';

/** A number of a source, or of the service itself. */
export interface Measured {
  /** `undefined`: a count of the service, which needs none. */
  readonly source: Fields | undefined;
  /** Behind the name of its source and a dot. */
  readonly name: string;
}

/** Where the file says that everything is. */
interface Place {
  readonly region: string;
  readonly account: string;
}

/** Whose policy it is. */
export interface Scene {
  readonly cluster: string;
  readonly service: string;
  readonly place: Place | undefined;
}

const COUNTERS: Readonly<Record<string, string>> = {
  ApproximateNumberOfMessagesVisible: 'visible',
  ApproximateNumberOfMessagesNotVisible: 'inFlight',
  ApproximateNumberOfMessagesDelayed: 'delayed',
};

const COUNTS: Readonly<Record<string, string>> = {
  RunningTaskCount: 'running',
  DesiredTaskCount: 'desired',
  PendingTaskCount: 'pending',
};

const dimensionsOf = (metric: Ledger): Readonly<Record<string, string>> => {
  const entries = metric
    .each('Dimensions')
    .map((each): [string, string] => [each.text('Name') ?? '', each.text('Value') ?? '']);
  return Object.fromEntries(entries);
};

const DIRECT = 'Read from the queue itself at every tick, and not from CloudWatch';

/** `%(ORDERS_QUEUE_QUEUE_NAME)` → `%(ORDERS_QUEUE_URL)`. */
const urlOf = (queue: string, place: Place | undefined, metric: Ledger): string => {
  if (place !== undefined && !isPlaceholder(queue)) {
    metric.note(
      'Dimensions',
      `${DIRECT}; the queue is taken to be in the account and the region of the policy, check its URL.`,
    );
    return `https://sqs.${place.region}.amazonaws.com/${place.account}/${queue}`;
  }
  const url = placeholder(queue.replace(/^%\((.*?)(_QUEUE)?(_QUEUE_NAME)?\)$/, '$1'), 'QUEUE_URL');
  metric.note(
    'Dimensions',
    `${DIRECT}: set ${url.slice(2, -1)} to the URL of the queue, or write it in place of ${url}.`,
  );
  return url;
};

/** @param statistic as CloudWatch calls it @param period of the metric, in seconds */
export const measuredBy = (
  metric: Ledger,
  statistic: string | undefined,
  period: number | undefined,
  { cluster, service, place }: Scene,
): Measured => {
  const namespace = metric.text('Namespace') ?? '';
  const metricName = metric.text('MetricName') ?? '';
  const dimensions = dimensionsOf(metric);
  const counter = namespace === 'AWS/SQS' ? COUNTERS[metricName] : undefined;
  if (counter !== undefined && 'QueueName' in dimensions)
    return {
      source: { type: 'sqs', queueUrl: urlOf(dimensions['QueueName'] ?? '', place, metric) },
      name: counter,
    };
  const isOwn = dimensions['ClusterName'] === cluster && dimensions['ServiceName'] === service;
  const count = namespace === 'ECS/ContainerInsights' && isOwn ? COUNTS[metricName] : undefined;
  if (count !== undefined) return { source: undefined, name: count };
  return {
    source: {
      type: 'cloudwatch',
      namespace,
      metricName,
      dimensions,
      ...(statistic === undefined ? {} : { statistic }),
      ...(period === undefined || period === 60 ? {} : { period }),
    },
    name: 'value',
  };
};

/** A number of the moment is no average. */
export const notAveraged = (read: Ledger, ...keys: readonly string[]): void => {
  for (const key of keys)
    if (read.has(key))
      read.tell(key, 'Not needed: the number of the moment is read at every tick, not one of a period.');
};

/** How much of an ALB's label is which dimension: `app/shop/50dc/targetgroup/shop/943f`. */
export const targetGroupIn = (label: string): Fields => {
  const at = label.indexOf('targetgroup/');
  return at < 0
    ? { TargetGroup: label }
    : { TargetGroup: label.slice(at), LoadBalancer: label.slice(0, Math.max(0, at - 1)) };
};

/** `arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:…` */
export const placeIn = (value: unknown): Place | undefined => {
  const arn = isObject(value)
    ? (value['PolicyARN'] ?? value['ScalableTargetARN'] ?? value['RoleARN'])
    : undefined;
  const [, region, account] = /^arn:[\w-]+:[\w-]+:([\w-]+):(\d{12}):/.exec(String(arn)) ?? [];
  return region === undefined || account === undefined ? undefined : { region, account };
};
