/**
 * The hosts of a group from what both APIs tell of them, in the order of how empty they are.
 *
 * Gotcha: what travels is the data of a state, which holds 256 KiB for the whole lane. A host is some 230 bytes, so of a large cluster only
 * the emptiest are told whole, from which decide chooses who goes; of the others their room, 13 bytes each.
 */
import type { ContainerInstance } from '@aws-sdk/client-ecs';
import { lastPart } from '../../contract/arn.ts';
import type { CapacityReading, Host } from '../../contract/capacity.ts';
import { sizeIn } from './container-instances.ts';
import type { SeenGroup } from './group.ts';

/** Decide drains at most a tenth, of which protection is known of five that have tasks. */
const TOLD_WHOLE = 40;

type Known = Extract<CapacityReading, { known: true }>;

const statusOf = ({ status }: ContainerInstance): Host['status'] | undefined =>
  status === 'ACTIVE' || status === 'DRAINING' ? status : undefined;

export const reserved = ({ registered, free }: Host, of: 'cpu' | 'memory'): number =>
  registered[of] - free[of];

/** The emptiest first. */
const byFill = (a: Host, b: Host): number =>
  reserved(a, 'memory') - reserved(b, 'memory') || reserved(a, 'cpu') - reserved(b, 'cpu');

interface Seen {
  readonly hosts: readonly Host[];
  readonly coming: Known['coming'];
  readonly lost: readonly string[];
}

/**
 * Every host of the group, and what is to become one.
 *
 * @param lateOf of the running instances that are not in the cluster, those that are too late
 */
export const hostsOf = (
  { instances }: SeenGroup,
  containers: readonly ContainerInstance[],
  lateOf: (outside: readonly string[]) => readonly string[],
): Seen => {
  const containerOf = new Map(containers.map((each) => [each.ec2InstanceId, each]));
  const hosts = instances.flatMap((instance): Host[] => {
    const { InstanceId: id = '', InstanceType: type = '', ProtectedFromScaleIn } = instance;
    const container = containerOf.get(id);
    const status = container && statusOf(container);
    if (container === undefined || status === undefined) return [];
    const { runningTasksCount = 0, pendingTasksCount = 0 } = container;
    return [
      {
        id,
        container: lastPart(container.containerInstanceArn ?? ''),
        type,
        status,
        registered: sizeIn(container.registeredResources),
        free: sizeIn(container.remainingResources),
        tasks: runningTasksCount + pendingTasksCount,
        ...(ProtectedFromScaleIn === true ? { scaleInProtected: true } : {}),
      },
    ];
  });
  const there = new Set(hosts.map(({ id }) => id));
  const sizes = new Map(hosts.map(({ type, registered }) => [type, registered]));
  const outside = instances.filter(({ InstanceId = '' }) => !there.has(InstanceId));
  const running = outside.filter(({ LifecycleState }) => LifecycleState === 'InService');
  const lost = lateOf(running.flatMap(({ InstanceId }) => InstanceId ?? []));
  const coming = outside
    .filter(({ InstanceId = '' }) => !lost.includes(InstanceId))
    .map(({ InstanceType: type = '' }) => {
      const size = sizes.get(type);
      return size === undefined ? { type } : { type, size };
    });
  return { hosts: [...hosts].sort(byFill), coming, lost };
};

/** @param hosts the emptiest first */
export const told = (hosts: readonly Host[]): Pick<Known, 'hosts' | 'fuller'> => {
  if (hosts.length <= TOLD_WHOLE) return { hosts };
  const active = hosts.filter(({ status }) => status === 'ACTIVE');
  const whole = new Set([
    ...hosts.filter(({ status }) => status === 'DRAINING'),
    ...active.slice(0, TOLD_WHOLE),
    ...[...active].sort((a, b) => reserved(a, 'cpu') - reserved(b, 'cpu')).slice(0, 1),
  ]);
  return {
    hosts: hosts.filter((host) => whole.has(host)),
    fuller: hosts.filter((host) => !whole.has(host)).map(({ free: { cpu, memory } }) => [cpu, memory]),
  };
};
