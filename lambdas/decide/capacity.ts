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
import { type Bounds, boundsOf } from './capacity/bounds.ts';
import { type Hosts, hostsOf, type KnownCapacity } from './capacity/hosts.ts';
import { mayLeave, toDrain } from './capacity/leaving.ts';
import { type DecidedService, type Missing, missingTasks } from './capacity/missing.ts';
import { type Demand, fitting, pack, placeOf } from './capacity/packing.ts';

interface Circumstances {
  /** ISO 8601. */
  readonly at: string;
  readonly term: number;
  /** No host goes, in any cluster. */
  readonly disableScaleIn: boolean;
}

type Plan = Pick<CapacityDecision, 'from' | 'to' | 'drain' | 'terminate' | 'reasons'>;

const held = (count: number, by: string, why: string): Plan => ({
  from: count,
  to: count,
  drain: [],
  terminate: [],
  reasons: [{ by, said: count, why }],
});

const BUFFER = 'the buffer';

const listed = (demands: readonly Demand[]): string =>
  demands.map(({ of, count }) => (of === BUFFER ? of : `${count} of ${of}`)).join(', ');

/** One known reading, everything about it at hand. */
interface Scene {
  readonly capacity: CapacitySample['capacity'];
  readonly group: KnownCapacity;
  readonly hosts: Hosts;
  readonly bounds: Bounds;
  readonly missing: Missing;
  readonly disableScaleIn: boolean;
}

const bufferOf = ({ cpuBuffer: cpu, memoryBuffer: memory }: Scene['capacity']) => ({ cpu, memory });

/** How many hosts there should be by what finds no room, and why. */
const wanted = ({ capacity, group, hosts, bounds, missing }: Scene) => {
  const { active, coming, fresh } = hosts;
  const size = bufferOf(capacity);
  const buffer = size.cpu + size.memory > 0 ? [{ of: BUFFER, size, count: 1 }] : [];
  const places = [
    ...active.map(({ free, registered }) => placeOf(free, registered)),
    ...coming.flatMap((place) => place ?? []),
  ];
  const most = Math.max(0, bounds.max - group.desired);
  const { added, left } = pack(places, [...missing.demands, ...buffer], fresh, most);
  const there = `${active.length} hosts${coming.length > 0 ? ` and ${coming.length} coming` : ''}`;
  const say = (more: number, why: string) => ({ added: more, left, why });
  if (fresh === undefined && left.length > 0) {
    if (coming.length > 0)
      return say(0, `${listed(left)} find no room, and what a coming host offers is not known yet`);
    return say(
      Math.min(1, most),
      `${listed(left)} find no room, and what a host offers is unknown: one, to see; or set instance`,
    );
  }
  const all = listed([...missing.demands, ...buffer]);
  if (added > 0) return say(added, `${all}: no room for all of it on ${there}`);
  return say(0, all === '' ? `no task is missing on ${there}` : `${all}: find room on ${there}`);
};

/** What is left over after the new hosts: too large for any, or too much for max. */
const leftOver = ({ hosts: { fresh }, bounds }: Scene, left: readonly Demand[]): readonly string[] => {
  if (fresh === undefined) return [];
  const large = left.filter(({ size }) => fitting(placeOf(fresh), size) === 0);
  const many = left.filter((each) => !large.includes(each));
  return [
    ...(large.length > 0
      ? [
          `${listed(large)} are larger than an empty host (${fresh.cpu} CPU units, ${fresh.memory} MiB) and ask for none: use a larger type, or set instance`,
        ]
      : []),
    ...(many.length > 0
      ? [`${listed(many)} find no room within ${bounds.max} hosts${bounds.tight || ': raise max'}`]
      : []),
  ];
};

/** Why no host may go at all. */
const kept = ({ capacity, group, missing, disableScaleIn }: Scene): readonly [string, string] | undefined => {
  if (disableScaleIn || capacity.disableScaleIn) return ['disableScaleIn', 'no host may go'];
  if (missing.unknown.length > 0) return ['unknown', `no host goes: ${missing.unknown.join('; ')}`];
  if (group.refreshing !== false)
    return ['refresh', `no host goes: ${group.refreshing ? 'an' : 'nobody knows of an'} instance refresh`];
  return group.suspended?.includes('Terminate')
    ? ['suspended', 'no host goes: the process Terminate of the group is suspended, resume it']
    : undefined;
};

/** Who goes. */
const leaving = (scene: Scene, left: readonly Demand[]): Pick<Plan, 'drain' | 'terminate' | 'reasons'> => {
  const { capacity, group, hosts, bounds, missing } = scene;
  const { active, draining, coming } = hosts;
  const { desired } = group;
  const staying = desired - draining.length;
  const must = Math.max(0, staying - bounds.max);
  const gone = draining
    .filter((host) => host.tasks === 0 && mayLeave(host))
    .slice(0, Math.max(0, desired - bounds.min));
  const calm = missing.demands.length === 0 && left.length === 0 && coming.length === 0;
  const may = calm ? Math.max(0, staying - bounds.min) : must;
  const said = staying - Math.min(1, may);
  const why = kept(scene);
  if (why !== undefined) {
    const idle = may + gone.length === 0;
    return { drain: [], terminate: [], reasons: idle ? [] : [{ by: why[0], said: desired, why: why[1] }] };
  }
  const drained = toDrain({ active, draining, buffer: bufferOf(capacity), may, must });
  const reasons = [
    ...(must > 0
      ? [
          {
            by: 'bounds',
            said: bounds.max,
            why: `${staying} hosts stay, max is ${bounds.max}${bounds.tight}`,
          },
        ]
      : []),
    ...(calm && staying <= bounds.min && bounds.tight !== ''
      ? [{ by: 'bounds', said: bounds.min, why: `no host goes below ${bounds.min}${bounds.tight}` }]
      : []),
    ...(drained.length > 0
      ? [
          {
            by: 'drain',
            said,
            why: `${drained.map(({ id }) => id).join(', ')}: others have room for all its tasks`,
          },
        ]
      : []),
    ...(gone.length > 0
      ? [
          {
            by: 'terminate',
            said: desired - gone.length,
            why: `${gone.map(({ id }) => id).join(', ')} drained, no task is left`,
          },
        ]
      : []),
  ];
  return { drain: drained.map(({ container }) => container), terminate: gone.map(({ id }) => id), reasons };
};

const planned = (scene: Scene): Plan => {
  const { group, bounds } = scene;
  const { desired: from } = group;
  const { added, left, why } = wanted(scene);
  const to = Math.max(from + added, bounds.min);
  const reasons = [
    { by: 'placement', said: from + added, why },
    ...leftOver(scene, left).map((each) => ({ by: 'placement', said: to, why: each })),
    ...(to > from + added
      ? [{ by: 'bounds', said: to, why: `${from + added} is below min ${to}${bounds.tight}` }]
      : []),
  ];
  if (to > from) {
    if (!group.suspended?.includes('Launch')) return { from, to, drain: [], terminate: [], reasons };
    const resume = 'the process Launch of the group is suspended, resume it';
    return {
      from,
      to: from,
      drain: [],
      terminate: [],
      reasons: [...reasons, { by: 'suspended', said: from, why: resume }],
    };
  }
  const { drain, terminate, reasons: more } = leaving(scene, left);
  return { from, to: from - terminate.length, drain, terminate, reasons: [...reasons, ...more] };
};

const planOf = (
  { capacity, reading }: CapacitySample,
  services: readonly DecidedService[],
  all: boolean,
): Plan => {
  if (!reading.known)
    return held(capacity.min ?? 0, 'unknown', `the hosts are unknown, nothing is changed: ${reading.why}`);
  if (reading.movedBy !== undefined)
    return held(
      reading.desired,
      'capacityProvider',
      `capacity provider ${reading.movedBy} moves this group with managed scaling: turn that off, or take capacity out of the configuration`,
    );
  const plan = planned({
    capacity,
    group: reading,
    hosts: hostsOf(capacity, reading),
    bounds: boundsOf(capacity, reading),
    missing: missingTasks(reading, services),
    disableScaleIn: all,
  });
  const idle = plan.to === plan.from && plan.drain.length + plan.terminate.length === 0;
  if (capacity.dryRun !== true || idle) return plan;
  const would = `dry run: would set ${plan.to} hosts, drain ${plan.drain.length}, terminate ${plan.terminate.length}`;
  const { reasons } = held(plan.from, 'dryRun', would);
  return { ...held(plan.from, '', ''), reasons: [...plan.reasons, ...reasons] };
};

/**
 * @param services every service of the tick after its decision, in the order of the configuration
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
    const goes = plan.drain.length + plan.terminate.length > 0;
    const direction = plan.to > plan.from ? 'out' : goes ? 'in' : 'hold';
    return { cluster, autoScalingGroup, ...plan, direction, at, term };
  });
