/**
 * What an operator should hear of, looked for once per execution in what its predecessor hands over: a service that has been *unknown* or
 * at its maximum for long, and a second controller on one of the services: a target of Application Auto Scaling, or another lane. One line each, at every execution for as long as it lasts; the
 * alarms of the stack (`lib/alarms.ts`) count those lines, and a quiet lane prints none.
 *
 * Gotchas: a lane that was dead hands over no ticks, and then what it remembers is no news. Second controllers are looked for at a process's
 * first acquisition and every ten minutes: who asks and when is in this process alone, since a cold start costs one more look: a free call, and an S3 LIST
 * for half a thousandth of a cent.
 */
import { explain } from '../contract/aws-errors.ts';
import type { Config, Service } from '../contract/config.ts';
import type { History } from '../contract/history.ts';
import type { Memory } from '../contract/records.ts';
import { logger } from '../log.ts';
import type { LeaseStore } from '../store/lease-object.ts';
import { type AtMaxSince, atMaxAfter } from './at-max.ts';
import { createLaneWatch, objectOf } from './other-lanes.ts';
import { otherControllers, resourceIdOf } from './scalable-targets.ts';
import { servicesIn } from './services.ts';

/** A server that is restarted, a password that is rotated: most such troubles end by themselves before this. */
const UNKNOWN_SECONDS = 300;
/** Tasks that start within a minute have had nine to work off what waits. */
const AT_MAX_SECONDS = 600;
const ASK_EVERY_SECONDS = 600;

const log = logger('lease');

/**
 * What the lane's object is to say of services at their maximum, for the write that acquires the lease.
 *
 * @param before what it said until now
 */
export const atMaxSince = (
  before: AtMaxSince | undefined,
  config: Config,
  history: History | undefined,
): AtMaxSince => atMaxAfter(before, servicesIn(config), history);

export interface HandedOver {
  readonly store: LeaseStore;
  readonly config: Config;
  readonly lane: string;
  /** ISO 8601. */
  readonly at: string;
  readonly memory: Memory;
  /** Of the predecessor. */
  readonly history: History | undefined;
  /** As {@link atMaxSince} said with that history. */
  readonly atMax: AtMaxSince;
}

const secondsBetween = (since: string, at: string): number => (Date.parse(at) - Date.parse(since)) / 1000;

const reportUnknown = (services: ReadonlyMap<string, Service>, { memory, at }: HandedOver): void => {
  for (const key of services.keys()) {
    const since = memory[key]?.unknownSince;
    const seconds = since === undefined ? 0 : secondsBetween(since, at);
    if (seconds < UNKNOWN_SECONDS) continue;
    const minutes = Math.floor(seconds / 60);
    const why = `${key} has not been seen for ${minutes} minutes, so it is not scaled in: the line "unknown" of ${since} says why`;
    log.warn('source unknown', { key, since, why });
  }
};

const reportAtMax = (services: ReadonlyMap<string, Service>, { atMax, at }: HandedOver): void => {
  for (const [key, since] of Object.entries(atMax)) {
    const seconds = secondsBetween(since, at);
    if (seconds < AT_MAX_SECONDS) continue;
    const minutes = Math.floor(seconds / 60);
    const most = services.get(key)?.tasks.max;
    const why = `${key} is at its ${most} tasks for ${minutes} minutes and there is still work: raise tasks.max, or find out what keeps its tasks`;
    log.warn('at max', { key, since, max: most, why });
  }
};

const askedAt = new Map<string, number>();

const isDue = ({ lane, at }: HandedOver): boolean => {
  const now = Date.parse(at) / 1000;
  const last = askedAt.get(lane);
  if (last !== undefined && now >= last && now < last + ASK_EVERY_SECONDS) return false;
  askedAt.set(lane, now);
  return true;
};

/** The first tick of the execution waits for this at most, as for Application Auto Scaling. */
const LANES_MS = 1500;

const otherLanes = createLaneWatch();

const reportLanes = async (
  services: ReadonlyMap<string, Service>,
  { store, lane, at }: HandedOver,
): Promise<void> => {
  try {
    const signal = AbortSignal.timeout(LANES_MS);
    for (const other of await otherLanes(store, lane, [...services.keys()], at, signal))
      for (const key of other.shared) {
        const why = `lane ${other.lane} scales ${key} too (${objectOf(store, other)}), and each undoes what the other does: take the service out of one of the two configurations, or stop that lane (npx pulsescale stop --lane ${other.lane})`;
        log.warn('two controllers', { key, otherLane: other.lane, why });
      }
  } catch (thrown) {
    const why = explain(thrown, 's3:ListBucket', `arn:aws:s3:::${store.bucket}`);
    log.warn('second controllers cannot be looked for', { why });
  }
};

const reportTargets = async (services: ReadonlyMap<string, Service>): Promise<void> => {
  const keys = new Map(
    [...services].map(([key, { cluster, service }]) => [resourceIdOf(cluster, service), key] as const),
  );
  try {
    for (const { resourceId, min, max } of await otherControllers([...keys.keys()])) {
      const key = keys.get(resourceId);
      if (key === undefined) continue;
      const remedy = `aws application-autoscaling deregister-scalable-target --service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id ${resourceId}`;
      const why = `Application Auto Scaling has a target on ${key} (min ${min}, max ${max}) and undoes what this lane does: deregister it (${remedy}), or take the service out of this configuration`;
      log.warn('two controllers', { key, min, max, why });
    }
  } catch (thrown) {
    const action = 'application-autoscaling:DescribeScalableTargets';
    log.warn('second controllers cannot be looked for', { why: explain(thrown, action, '*') });
  }
};

/** Logs what there is to tell of a lane that has just been acquired. Never throws; waits 1.5 s at the very most, once in ten minutes. */
export const supervise = async (handedOver: HandedOver): Promise<void> => {
  const services = servicesIn(handedOver.config);
  log.resetKeys();
  log.appendKeys({ lane: handedOver.lane, at: handedOver.at });
  if ((handedOver.history?.at.length ?? 0) > 0) {
    reportUnknown(services, handedOver);
    reportAtMax(services, handedOver);
  }
  if (!isDue(handedOver)) return;
  await Promise.all([reportTargets(services), reportLanes(services, handedOver)]);
};
