/** The tasks that were decided and are nowhere yet: what new hosts are asked for, and what keeps the others from going. */

import type { KnownCapacity } from './hosts.ts';
import type { Demand } from './packing.ts';

/** A service after its decision. */
export interface DecidedService {
  /** `cluster/service` */
  readonly key: string;
  readonly to: number;
  /** What ECS counts; left out (or the whole service is): it is unknown. */
  readonly running?: number | undefined;
  readonly pending?: number | undefined;
}

export interface Missing {
  /** In the order of the services. */
  readonly demands: readonly Demand[];
  /** What is not known of the services on these hosts. */
  readonly unknown: readonly string[];
}

export const missingTasks = (
  { needs, unsized = {} }: KnownCapacity,
  services: readonly DecidedService[],
): Missing => {
  const here = services.filter(({ key }) => needs[key] !== undefined || unsized[key] !== undefined);
  const counted = here.filter(({ running }) => running !== undefined);
  const known = new Set(counted.map(({ key }) => key));
  const uncounted = [...Object.keys(needs), ...Object.keys(unsized)].filter((key) => !known.has(key));
  return {
    demands: counted.flatMap(({ key, to, running = 0, pending = 0 }) => {
      const size = needs[key];
      const count = to - running - pending;
      return size === undefined || count <= 0 ? [] : [{ of: key, size, count }];
    }),
    unknown: [
      ...uncounted.map((key) => `the task count of ${key} is unknown`),
      ...Object.entries(unsized).map(([key, why]) => `the task size of ${key} is unknown (${why})`),
    ],
  };
};
