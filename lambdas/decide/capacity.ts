/**
 * The EC2 hosts of a cluster at one tick: as many as the tasks that were decided in the same tick need, with room for one more of the
 * buffer's size. A pure function of what collect saw and of those decisions; nothing is remembered from tick to tick.
 *
 * The story: tasks that are nowhere yet are packed onto the hosts that are there and coming (`capacity/packing.ts`). What finds no room asks
 * for hosts, all at once. If all is placed, the emptiest host is drained (`capacity/leaving.ts`), and a draining host without tasks is
 * terminated. Never both in one tick: a desired capacity that is set after a termination got lost would let the group choose its victim.
 *
 * Whatever is unknown lets no host go: a task count, a task's size or its protection, an instance refresh.
 */
import type { CapacityDecision, CapacitySample } from '../contract/capacity.ts';
import { boundsOf } from './capacity/bounds.ts';
import { hostsOf } from './capacity/hosts.ts';
import { type DecidedService, missingTasks } from './capacity/missing.ts';
import { leavingHosts } from './capacity/scale-in.ts';
import { wantedHosts } from './capacity/scale-out.ts';
import type { Plan, Scene } from './capacity/scene.ts';

interface Circumstances {
  /** ISO 8601. */
  readonly at: string;
  readonly term: number;
  /** No host goes, in any cluster. */
  readonly disableScaleIn: boolean;
}

const held = (count: number, reasons: Plan['reasons']): Plan => ({
  from: count,
  to: count,
  drain: [],
  terminate: [],
  reasons,
});

const planned = (scene: Scene): Plan => {
  const { group, bounds } = scene;
  const { desired: from, suspended = [] } = group;
  const { added, left, why } = wantedHosts(scene);
  const to = Math.max(from + added, bounds.min);
  const reasons = why.map((each) => ({ by: 'placement', said: from + added, why: each }));
  if (group.lost !== undefined) {
    const never = `${group.lost.join(', ')} run and never joined the cluster: look at their ECS agent, and terminate them`;
    reasons.push({ by: 'lost', said: from, why: never });
  }
  if (to > from + added)
    reasons.push({ by: 'bounds', said: to, why: `${from + added} is below min ${to}${bounds.tight}` });
  if (to > from && suspended.includes('Launch')) {
    const resume = 'no host is asked for: Launch is suspended, resume it';
    return held(from, [...reasons, { by: 'suspended', said: from, why: resume }]);
  }
  if (to > from) return { ...held(from, reasons), to };
  const { drain, terminate, reasons: more } = leavingHosts(scene, left);
  return { from, to: from - terminate.length, drain, terminate, reasons: [...reasons, ...more] };
};

const isChange = ({ from, to, drain, terminate }: Plan): boolean =>
  to !== from || drain.length + terminate.length > 0;

const planOf = (
  { capacity, reading }: CapacitySample,
  services: readonly DecidedService[],
  disableScaleIn: boolean,
): Plan => {
  if (!reading.known) {
    const said = capacity.min ?? 0;
    const why = `the hosts are unknown, nothing is changed: ${reading.why}`;
    return held(said, [{ by: 'unknown', said, why }]);
  }
  const { desired, movedBy } = reading;
  if (movedBy !== undefined) {
    const why = `capacity provider ${movedBy} moves this group (managed scaling), so it is left alone: turn that off, or take capacity out of the configuration`;
    return held(desired, [{ by: 'capacityProvider', said: desired, why }]);
  }
  const plan = planned({
    capacity,
    group: reading,
    hosts: hostsOf(capacity, reading),
    bounds: boundsOf(capacity, reading),
    missing: missingTasks(reading, services),
    disableScaleIn,
  });
  if (capacity.dryRun !== true || !isChange(plan)) return plan;
  const would = `dry run: would have ${plan.to} hosts, drain ${plan.drain.length}, terminate ${plan.terminate.length}`;
  return held(desired, [...plan.reasons, { by: 'dryRun', said: desired, why: would }]);
};

/**
 * @param services every service of the tick after its decision, in the order of the configuration; one whose count is unknown is left out
 * @returns one decision for each cluster with hosts
 */
export const decideCapacity = (
  samples: readonly CapacitySample[],
  services: readonly DecidedService[],
  { at, term, disableScaleIn }: Circumstances,
): readonly CapacityDecision[] =>
  samples.map((sample) => {
    const { cluster, autoScalingGroup } = sample.capacity;
    const plan = planOf(sample, services, disableScaleIn);
    const direction = plan.to > plan.from ? 'out' : isChange(plan) ? 'in' : 'hold';
    return { cluster, autoScalingGroup, ...plan, direction, at, term };
  });
