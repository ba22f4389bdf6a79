import { SERVICES_PER_LANE } from '../lambdas/contract/config.ts';

/** A lane's share of the services. */
export interface LaneShare<Service> {
  readonly name: string;
  readonly services: readonly Service[];
}

/**
 * What the services of a lane may weigh together: Step Functions takes 256 KiB as the data of a state and ends an execution
 * that has more. A tenth is left free; what these services do not take is for the history of the ticks (`lambdas/decide/room.ts`).
 */
const MOST_BYTES = 234_000;

/** What one service remembers at most, and its name beside it. */
const MEMORY = 1024 + 10;

/**
 * What one service adds to the largest of the states, roughly: its memory, and either its sample, which is its configuration with the
 * defaults filled in and what was read, or its decision; with its name in each of them.
 */
const weightOf = (config: unknown, arn: string): number => {
  const sample = 1.2 * JSON.stringify(config).length + 250;
  const decision = arn.length + 800;
  return MEMORY + arn.length + Math.max(sample, decision);
};

/** How many services from `start` on fit into one lane; at least one. */
const fitting = (weights: readonly number[], start: number, size: number): number => {
  let bytes = 0;
  let count = 0;
  while (count < size && start + count < weights.length) {
    bytes += weights[start + count] ?? 0;
    if (count > 0 && bytes > MOST_BYTES) break;
    count += 1;
  }
  return count;
};

/**
 * Splits services over lanes of at most `size`, in the order in which they are listed: `name`, `name-2`, `name-3`, …
 * Very long names or configurations make it fewer, see {@link MOST_BYTES}.
 *
 * In order, because a service that changes its lane leaves its cooldowns behind in the old one. A service added at
 * the end moves no other; one added or removed in the middle moves few others per lane after it. A hash into n
 * lanes would move most of them whenever n changes, and a set that is cut by any rule which looks at names only can't
 * keep everybody in place when a full lane gets one more.
 */
export const splitIntoLanes = <Service extends { readonly config: unknown; readonly arn: string }>(
  name: string,
  services: readonly Service[],
  size: number = SERVICES_PER_LANE,
): readonly LaneShare<Service>[] => {
  const weights = services.map(({ config, arn }) => weightOf(config, arn));
  const lanes: LaneShare<Service>[] = [];
  for (let start = 0; start < services.length; ) {
    const count = fitting(weights, start, size);
    const nth = lanes.length === 0 ? '' : `-${lanes.length + 1}`;
    lanes.push({ name: `${name}${nth}`, services: services.slice(start, start + count) });
    start += count;
  }
  return lanes;
};
