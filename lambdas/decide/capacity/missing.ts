/** The tasks that were decided and are nowhere yet: what new hosts are asked for, and what keeps the others from going. */

import type { KnownCapacity } from './hosts.ts';
import type { Demand } from './packing.ts';

/** A service after its decision, with what ECS counts of it. */
export interface DecidedService {
  /** `cluster/service` */
  readonly key: string;
  readonly to: number;
  readonly running: number;
  readonly pending: number;
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
  const counted = new Set(services.map(({ key }) => key));
  const uncounted = [...Object.keys(needs), ...Object.keys(unsized)].filter((key) => !counted.has(key));
  return {
    demands: services.flatMap(({ key, to, running, pending }) => {
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
