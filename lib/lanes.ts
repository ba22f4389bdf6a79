import { SERVICES_PER_LANE } from '../lambdas/contract/config.ts';

/** A lane's share of the services. */
export interface LaneShare<Service> {
  readonly name: string;
  readonly services: readonly Service[];
}

/**
 * What the services of a lane may weigh together: Step Functions takes 256 KiB as the data of a state and ends an execution
 * that has more. The largest state is the one before Notify, when all services scale out at once.
 */
const MOST_BYTES = 220_000;

/**
 * What one service adds to that state, roughly: its configuration, in collect's sample and perhaps in the execution's input, or
 * its notice; its memory and its history; and its name in each of them.
 */
const weightOf = (config: unknown, arn: string): number =>
  2 * JSON.stringify(config).length + 4 * arn.length + 900;

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
