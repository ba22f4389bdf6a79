/** How many new hosts the tasks that are nowhere yet ask for, and why. */
import { fullerPlaces } from './hosts.ts';
import { type Demand, fitting, pack, placeOf } from './packing.ts';
import { BUFFER, bufferOf, hostsIn, listed, type Scene } from './scene.ts';

interface Wanted {
  readonly added: number;
  /** What finds no room, also not on the new hosts. */
  readonly left: readonly Demand[];
  readonly why: readonly string[];
}

/** Too large for any host, or too much for max. */
const leftOver = ({ hosts: { fresh }, bounds }: Scene, left: readonly Demand[]): readonly string[] => {
  if (fresh === undefined) return [];
  const large = left.filter(({ size }) => fitting(placeOf(fresh), size) === 0);
  const many = left.filter((each) => !large.includes(each));
  const empty = `${fresh.cpu} CPU units, ${fresh.memory} MiB`;
  return [
    ...(large.length === 0
      ? []
      : [`${listed(large)}: larger than an empty host (${empty}), use a larger type; no host is asked for`]),
    ...(many.length === 0
      ? []
      : [`${listed(many)}: no room within ${hostsIn(bounds.max)}${bounds.tight || ', raise max'}`]),
  ];
};

export const wantedHosts = (scene: Scene): Wanted => {
  const { capacity, group, hosts, bounds, missing } = scene;
  const { active, coming, fresh } = hosts;
  const size = bufferOf(capacity);
  const buffer = size.cpu + size.memory > 0 ? [{ of: BUFFER, size, count: 1 }] : [];
  const demands = [...missing.demands, ...buffer];
  const sized = coming.filter((each) => each !== undefined);
  const places = [
    ...active.map(({ free, registered }) => placeOf(free, registered)),
    ...fullerPlaces(group),
    ...sized.map((each) => placeOf(each)),
  ];
  const most = Math.max(0, bounds.max - group.desired);
  const { added, left } = pack(places, demands, fresh, most);

  const there = `${hostsIn(places.length - sized.length)}${coming.length > 0 ? ` and ${coming.length} coming` : ''}`;
  if (fresh === undefined && left.length > 0) {
    if (coming.length > 0)
      return {
        added,
        left,
        why: [`${listed(left)}: no room yet, the size of ${hostsIn(coming.length)} on the way is unknown`],
      };
    const why = `${listed(left)}: no room, and what a host offers is unknown: one is asked for, to see; or set capacity.instance`;
    return { added: Math.min(1, most), left, why: [why] };
  }
  const all = demands.length === 0 ? 'no task is missing' : listed(demands);
  const found = demands.length === 0 ? `${all} on ${there}` : `${all}: room on ${there}`;
  const why = added > 0 ? `${all}: no room for all on ${there}` : found;
  return { added, left, why: [...(added === 0 && left.length > 0 ? [] : [why]), ...leftOver(scene, left)] };
};
