/** One cluster at one tick: everything that a decision about its hosts looks at. */
import type { CapacityDecision, ClusterCapacity, Size } from '../../contract/capacity.ts';
import type { Bounds } from './bounds.ts';
import type { Hosts, KnownCapacity } from './hosts.ts';
import type { Missing } from './missing.ts';
import type { Demand } from './packing.ts';

export interface Scene {
  readonly capacity: ClusterCapacity;
  readonly group: KnownCapacity;
  readonly hosts: Hosts;
  readonly bounds: Bounds;
  readonly missing: Missing;
  /** No host goes, in any cluster. */
  readonly disableScaleIn: boolean;
}

export type Plan = Pick<CapacityDecision, 'from' | 'to' | 'drain' | 'terminate' | 'reasons'>;

/** CPU and memory that stay free for one more task. */
export const bufferOf = ({ cpuBuffer: cpu, memoryBuffer: memory }: ClusterCapacity): Size => ({
  cpu,
  memory,
});

export const BUFFER = 'the buffer';

export const listed = (demands: readonly Demand[]): string =>
  demands.map(({ of, count }) => (of === BUFFER ? of : `${count} of ${of}`)).join(', ');

export const hostsIn = (count: number): string => (count === 1 ? '1 host' : `${count} hosts`);
