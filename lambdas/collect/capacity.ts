/**
 * What the EC2 hosts of each cluster look like, all clusters at once. Reads only; what cannot be seen makes the whole reading unknown, and
 * what says whether a host may go (protection, an instance refresh) stays unset where nobody could look.
 *
 * Calls a tick and cluster of n hosts: DescribeAutoScalingGroups, and one ListContainerInstances and one DescribeContainerInstances for each
 * hundred hosts. Where a host might go besides: DescribeInstanceRefreshes, and for the five emptiest with tasks a ListTasks and a
 * GetTaskProtection each. Every ten minutes DescribeClusters and DescribeCapacityProviders, and once for each revision a
 * DescribeTaskDefinition. Of a group that a capacity provider moves, DescribeAutoScalingGroups is all.
 *
 * Gotcha: all of it together has three seconds, as the counts have: AWS limits ListTasks to 20 a second, and a tick must end.
 */
import type { CapacityReading, CapacitySample, ClusterCapacity, Host } from '../contract/capacity.ts';
import { type Config, capacitiesOf, type Service } from '../contract/config.ts';
import { messageOf, nameOf } from '../contract/errors.ts';
import { substitute } from '../contract/substitute.ts';
import { logger } from '../log.ts';
import { Unseen } from './capacity/asking.ts';
import { containerInstances } from './capacity/container-instances.ts';
import { hostsOf, told } from './capacity/fill.ts';
import { isRefreshing, type SeenGroup, seeGroup } from './capacity/group.ts';
import { latecomers } from './capacity/latecomers.ts';
import { needsIn } from './capacity/needs.ts';
import { hasProtectedTask } from './capacity/protection.ts';
import { type Providers, providersOf } from './capacity/providers.ts';

const TIME_LIMIT_MS = 3000;

/** Of so many hosts with tasks, the emptiest, it is asked whether one is protected. */
const LOOKED_AT = 5;

const log = logger('collect');

const warned = new Set<string>();

/** What nobody will tell stays unset, and decide then lets nothing go; the operator reads why in the log, once. */
const ifTold = async <T>(answer: Promise<T>, cluster: string): Promise<T | undefined> => {
  try {
    return await answer;
  } catch (thrown) {
    const why = messageOf(thrown);
    if (!warned.has(why)) log.warn('no host goes', { cluster, why });
    warned.add(why);
    return undefined;
  }
};

interface Place {
  readonly capacity: ClusterCapacity;
  readonly signal: AbortSignal;
}

/** With what says whether they may go, where one of them might. */
const withLeave = async (
  hosts: readonly Host[],
  { desired, min }: SeenGroup,
  isComing: boolean,
  { capacity: { cluster, autoScalingGroup, disableScaleIn, ...given }, signal }: Place,
): Promise<{ readonly hosts: readonly Host[]; readonly refreshing?: boolean | undefined }> => {
  const draining = hosts.filter(({ status }) => status === 'DRAINING');
  const mayShrink = desired - draining.length > Math.max(min, given.min ?? 0);
  if (disableScaleIn || (!mayShrink && draining.length === 0)) return { hosts };
  const isFull = draining.length >= Math.max(1, Math.floor(hosts.length / 10));
  const emptiest = hosts.filter(
    ({ status, tasks, scaleInProtected }) => status === 'ACTIVE' && tasks > 0 && scaleInProtected !== true,
  );
  const asked = mayShrink && !isComing && !isFull ? emptiest.slice(0, LOOKED_AT) : [];
  const [refreshing, ...protections] = await Promise.all([
    ifTold(isRefreshing(autoScalingGroup, signal), cluster),
    ...asked.map(({ container }) => ifTold(hasProtectedTask(cluster, container, signal), cluster)),
  ]);
  const protectedTask = new Map(asked.map((host, nth) => [host, protections[nth]]));
  return {
    hosts: hosts.map((host) =>
      protectedTask.get(host) === undefined ? host : { ...host, protectedTask: protectedTask.get(host) },
    ),
    refreshing,
  };
};

const warnOf =
  (lane: string, { cluster, autoScalingGroup }: ClusterCapacity) =>
  ({ movedBy }: Providers): void => {
    if (movedBy === undefined) return;
    const why = `capacity provider ${movedBy} moves group ${autoScalingGroup} by managed scaling, so this lane leaves it alone: turn that off, or take capacity out of this configuration`;
    log.warn('two controllers', { lane, key: cluster, autoScalingGroup, why });
  };

const look = async (place: Place, services: readonly Service[], lane: string): Promise<CapacityReading> => {
  const { capacity, signal } = place;
  const { cluster, autoScalingGroup } = capacity;
  const [{ instances, suspended, ...group }, providers] = await Promise.all([
    seeGroup(autoScalingGroup, signal),
    providersOf(cluster, autoScalingGroup, signal, warnOf(lane, capacity)),
  ]);
  const { movedBy } = providers;
  if (movedBy !== undefined) return { known: true, ...group, hosts: [], coming: [], needs: {}, movedBy };
  const [containers, { needs, unsized }] = await Promise.all([
    containerInstances(cluster, signal),
    needsIn(cluster, providers.names, services, signal),
  ]);
  const seen = { instances, suspended, ...group };
  const {
    hosts: all,
    coming,
    lost,
  } = hostsOf(seen, containers, (outside) =>
    latecomers(`${cluster} ${autoScalingGroup}`, outside, performance.now()),
  );
  const { hosts, refreshing } = await withLeave(all, seen, coming.length > 0, place);
  return {
    known: true,
    ...group,
    ...told(hosts),
    coming,
    ...(lost.length > 0 ? { lost } : {}),
    needs,
    ...(Object.keys(unsized).length > 0 ? { unsized } : {}),
    ...(refreshing === undefined ? {} : { refreshing }),
    ...(suspended.length > 0 ? { suspended } : {}),
  };
};

const sampleOf = async (
  written: ClusterCapacity,
  services: readonly Service[],
  lane: string,
): Promise<CapacitySample> => {
  try {
    const capacity = substitute(written, process.env);
    const signal = AbortSignal.timeout(TIME_LIMIT_MS);
    const unknown = (thrown: unknown): CapacityReading => {
      const error = thrown instanceof Unseen ? thrown.error : nameOf(thrown);
      return { known: false, why: messageOf(thrown), error };
    };
    return { capacity, reading: await look({ capacity, signal }, services, lane).catch(unknown) };
  } catch (thrown) {
    return {
      capacity: written,
      reading: { known: false, why: messageOf(thrown), error: nameOf(thrown) },
    };
  }
};

/** @param services with their names as they are in AWS; the list that the counts were asked with, for both share one look */
export const capacitySamples = (
  config: Config,
  services: readonly Service[],
): Promise<readonly CapacitySample[]> =>
  Promise.all(capacitiesOf(config).map((capacity) => sampleOf(capacity, services, config.loop.name)));
