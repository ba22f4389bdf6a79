/** Which hosts go, or why none does. */
import type { CapacityDecision } from '../../contract/capacity.ts';
import { fullerPlaces } from './hosts.ts';
import { mayLeave, toDrain } from './leaving.ts';
import type { Demand } from './packing.ts';
import { bufferOf, hostsIn, type Plan, type Scene } from './scene.ts';

type Reason = CapacityDecision['reasons'][number];

/** What keeps every host. */
const keeper = ({ capacity, group, missing, disableScaleIn }: Scene): Omit<Reason, 'said'> | undefined => {
  const { refreshing, suspended = [] } = group;
  if (disableScaleIn || capacity.disableScaleIn) return { by: 'disableScaleIn', why: 'no host may go' };
  if (missing.unknown.length > 0)
    return { by: 'unknown', why: `no host goes: ${missing.unknown.join('; ')}` };
  if (refreshing !== false) {
    const why = refreshing ? 'an instance refresh is in progress' : 'nobody knows of an instance refresh';
    return { by: 'refresh', why: `no host goes: ${why}` };
  }
  if (suspended.includes('Terminate'))
    return { by: 'suspended', why: 'no host goes: Terminate is suspended, resume it' };
  return undefined;
};

/** @param left what finds no room */
export const leavingHosts = (
  scene: Scene,
  left: readonly Demand[],
): Pick<Plan, 'drain' | 'terminate' | 'reasons'> => {
  const { capacity, group, hosts, bounds, missing } = scene;
  const { active, draining, coming } = hosts;
  const { desired, lost = [] } = group;
  const staying = desired - draining.length - lost.length;
  const must = Math.max(0, staying - bounds.max);
  const isCalm = missing.demands.length === 0 && left.length === 0 && coming.length === 0;
  const may = isCalm ? Math.max(0, staying - bounds.min) : must;
  const empty = draining.filter((host) => host.tasks === 0 && mayLeave(host));
  const gone = empty.slice(0, Math.max(0, desired - bounds.min));

  const kept = keeper(scene);
  if (kept !== undefined) {
    const reasons = may + gone.length === 0 ? [] : [{ ...kept, said: desired }];
    return { drain: [], terminate: [], reasons };
  }
  const others = fullerPlaces(group);
  const drained = toDrain({ active, draining, others, buffer: bufferOf(capacity), may, must });
  const reason = (by: string, said: number, why: string, when: boolean): readonly Reason[] =>
    when ? [{ by, said, why }] : [];
  const ids = (each: readonly { readonly id: string }[]): string => each.map(({ id }) => id).join(', ');
  // While one drains nobody looks who might be next.
  const isKeptByTasks = may > 0 && draining.length === 0 && active.length > 0 && !active.some(mayLeave);
  const fit = must >= drained.length ? 'the emptiest' : 'what is on it fits on another host';
  return {
    drain: drained.map(({ container }) => container),
    terminate: gone.map(({ id }) => id),
    reasons: [
      ...reason(
        'bounds',
        bounds.max,
        `${hostsIn(staying)}, above max ${bounds.max}${bounds.tight}`,
        must > 0,
      ),
      ...reason(
        'bounds',
        bounds.min,
        `no host goes below ${bounds.min}${bounds.tight}`,
        isCalm && staying <= bounds.min && bounds.tight !== '',
      ),
      ...reason(
        'protection',
        staying,
        'no host goes: each is protected from scale-in, or has a task that is or may be',
        isKeptByTasks,
      ),
      ...reason('drain', staying - drained.length, `${ids(drained)}: ${fit}`, drained.length > 0),
      ...reason(
        'terminate',
        desired - gone.length,
        `${ids(gone)}: drained, no task is left`,
        gone.length > 0,
      ),
    ],
  };
};
