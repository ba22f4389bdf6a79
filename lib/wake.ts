/**
 * What wakes a lane that sleeps: which metrics tell that its services have work, and where only the schedule's look finds it. Computes;
 * `wake-up.ts` declares.
 *
 * Gotchas: a lane sleeps when all its services may, so one without `idle` keeps it awake and nobody needs an alarm. An alarm tells of a change: one
 * that was still on when the lane fell asleep says nothing of the next message. CloudWatch is up to three minutes behind, so without the
 * schedule's look a lane may only sleep after five.
 */
import { type Stack, Token } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { sources } from '../lambdas/collect/sources/registry.ts';
import { type AnySource, keyOf, policiesOf, type Service, sourcesOf } from '../lambdas/contract/config.ts';
import { ConfigError } from '../lambdas/contract/errors.ts';
import type { WakeMetric } from '../lambdas/contract/source.ts';

/** One service of a lane, its tokens restored, and the queues among its sources that are objects of the same app. */
export interface Sleeper {
  readonly service: Service;
  readonly queues: readonly IQueue[];
}

export interface Waking {
  /** No two the same. */
  readonly metrics: readonly WakeMetric[];
  /** One sentence for each source that no alarm watches. */
  readonly unseen: readonly string[];
}

/** Whether all may be at 0 tasks and say for how long. */
const maySleep = (services: readonly Sleeper[]): boolean =>
  services.every(({ service: { idle, tasks } }) => idle !== undefined && tasks.min === 0);

const metricOf = (source: AnySource, queues: readonly IQueue[]): WakeMetric | undefined => {
  const queue = queues.find(({ queueUrl }) => queueUrl === source['queueUrl']);
  if (source.type !== 'sqs' || queue === undefined) return sources[source.type]?.wakeMetric?.(source);
  const { region, account } = queue.env;
  return {
    ...{ namespace: 'AWS/SQS', metricName: 'ApproximateNumberOfMessagesVisible', statistic: 'Maximum' },
    ...{ dimensions: { QueueName: queue.queueName }, region, account },
  };
};

const differs = (theirs: string | undefined, ours: string): boolean =>
  theirs !== undefined && !Token.isUnresolved(theirs) && !Token.isUnresolved(ours) && theirs !== ours;

const ONLY_LOOK = 'so no alarm wakes its lane: the look once a minute finds its work';

const alarmsFor = (stack: Stack, services: readonly Sleeper[]): Waking => {
  const metrics = new Map<string, WakeMetric>();
  const unseen: string[] = [];
  for (const { service, queues } of services)
    for (const source of sourcesOf(service)) {
      const metric = metricOf(source, queues);
      const key = keyOf(service);
      if (metric === undefined)
        unseen.push(`${key}: CloudWatch knows no metric of its source (${source.type})`);
      else if (differs(metric.region, stack.region) || differs(metric.account, stack.account))
        unseen.push(`${key}: the metric of its source is in another region or account`);
      else metrics.set(JSON.stringify([metric.namespace, metric.metricName, metric.dimensions]), metric);
    }
  return { metrics: [...metrics.values()], unseen };
};

/** How long CloudWatch may still show what was there before, and twice that. */
const LEAST_ALONE_SECONDS = 300;

const alone = ({ service }: Sleeper): readonly string[] => [
  ...((service.idle?.after ?? 0) < LEAST_ALONE_SECONDS
    ? [
        `its idle.after is below ${LEAST_ALONE_SECONDS}s, in which its alarm may not have seen yet that the queue is empty`,
      ]
    : []),
  ...(service.schedule === undefined ? [] : ['no alarm tells when a window of its schedule opens']),
  ...(policiesOf(service).some(({ type }) => type === 'forecast')
    ? ['no alarm tells what its forecast expects']
    : []),
];

/**
 * @param stack in which the alarms will be
 * @param looks whether the schedule looks once a minute
 * @returns undefined: this lane never sleeps
 * @throws ConfigError where it does not, and work would be missed
 */
export const wakingOf = (stack: Stack, services: readonly Sleeper[], looks: boolean): Waking | undefined => {
  if (!maySleep(services)) return undefined;
  const waking = alarmsFor(stack, services);
  if (looks) return { ...waking, unseen: waking.unseen.map((why) => `${why}, ${ONLY_LOOK}`) };
  const missed = [
    ...waking.unseen,
    ...services.flatMap((each) => alone(each).map((why) => `${keyOf(each.service)}: ${why}`)),
  ];
  if (missed.length === 0) return waking;
  throw new ConfigError(
    missed.map((why) => ({
      path: 'reviver',
      message: `is false, and nothing else looks at a lane that sleeps. ${why}`,
    })),
    'PulseScaler',
  );
};
