import { SERVICES_PER_LANE } from '../lambdas/contract/config.ts';

/** A lane's share of the services. */
export interface LaneShare<Service> {
  readonly name: string;
  readonly services: readonly Service[];
}

/**
 * Splits services over lanes of at most `size`, in the order in which they are listed: `name`, `name-2`, `name-3`, …
 *
 * In order, because a service that changes its lane leaves its cooldowns behind in the old one. A service added at
 * the end moves no other; one added or removed in the middle moves at most one other per lane after it. A hash into n
 * lanes would move most of them whenever n changes, and a set that is cut by any rule which looks at names only can't
 * keep everybody in place when a full lane gets one more.
 */
export const splitIntoLanes = <Service>(
  name: string,
  services: readonly Service[],
  size: number = SERVICES_PER_LANE,
): readonly LaneShare<Service>[] =>
  Array.from({ length: Math.ceil(services.length / size) }, (_, index) => ({
    name: index === 0 ? name : `${name}-${index + 1}`,
    services: services.slice(index * size, (index + 1) * size),
  }));
