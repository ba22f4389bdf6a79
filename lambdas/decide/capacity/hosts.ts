/** The hosts of a cluster as a decision needs them: those that take tasks, those that go, those that come. */
import type { CapacityReading, ClusterCapacity, Host, Size } from '../../contract/capacity.ts';
import type { Place } from './packing.ts';

export type KnownCapacity = Extract<CapacityReading, { known: true }>;

export interface Hosts {
  readonly active: readonly Host[];
  readonly draining: readonly Host[];
  /** Of those in the cluster. */
  readonly count: number;
  /** Room on those that are asked for and not in the cluster yet; undefined: nobody knows what one of them offers. */
  readonly coming: readonly (Size | undefined)[];
  /** What a new one offers; undefined: nobody knows. */
  readonly fresh: Size | undefined;
}

/** Unless it is configured, a new host is like those of the most common type. */
const freshSize = ({ instance }: ClusterCapacity, { hosts, coming }: KnownCapacity): Size | undefined => {
  if (instance !== undefined) return instance;
  const seen = [...hosts.map(({ type, registered: size }) => ({ type, size })), ...coming];
  const sized = seen.filter(({ size }) => size !== undefined);
  const alike = sized.map(({ type }) => sized.filter((other) => other.type === type).length);
  return sized[alike.indexOf(Math.max(...alike))]?.size;
};

export const hostsOf = (capacity: ClusterCapacity, reading: KnownCapacity): Hosts => {
  const { desired, hosts, fuller = [], coming, lost = [] } = reading;
  const fresh = freshSize(capacity, reading);
  const count = hosts.length + fuller.length;
  // Between SetDesiredCapacity and the first sight of its instances lie seconds, in which nothing must be asked for again.
  const notLaunched = Math.max(0, desired - count - coming.length - lost.length);
  return {
    active: hosts.filter(({ status }) => status === 'ACTIVE'),
    draining: hosts.filter(({ status }) => status === 'DRAINING'),
    count,
    coming: [
      ...coming.map(({ size = fresh }) => size),
      ...Array.from({ length: notLaunched }, (): Size | undefined => fresh),
    ],
    fresh,
  };
};

/** Room on the fuller hosts of a large cluster, which no decision lets go. */
export const fullerPlaces = ({ fuller = [] }: KnownCapacity): readonly Place[] =>
  fuller.map(([cpu, memory]) => ({ cpu, memory, empty: false }));
