/** How few and how many hosts there may be: the configuration's word, within what the group itself allows, for AWS refuses the rest. */
import type { ClusterCapacity } from '../../contract/capacity.ts';
import type { KnownCapacity } from './hosts.ts';

export interface Bounds {
  readonly min: number;
  readonly max: number;
  /** Why the bounds are not as configured, with the remedy. */
  readonly tight: string;
}

export const boundsOf = (capacity: ClusterCapacity, group: KnownCapacity): Bounds => {
  const within = (count: number): number => Math.max(group.min, Math.min(group.max, count));
  const wish = { min: capacity.min ?? group.min, max: capacity.max ?? group.max };
  const min = within(wish.min);
  const max = within(wish.max);
  const tight =
    min === wish.min && max === wish.max
      ? ''
      : `: the group itself allows ${group.min} to ${group.max}, set its own bounds to ${Math.min(wish.min, group.min)} and ${Math.max(wish.max, group.max)}`;
  return { min, max, tight };
};
