import { SERVICES_PER_LANE } from '../lambdas/contract/config.ts';
import { ConfigError, type ConfigProblem } from '../lambdas/contract/errors.ts';

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

/** Services that have to be in one lane. */
export interface Tie {
  /** Where the configuration says so: `groups[0]`. */
  readonly path: string;
  /** Their places in the list. */
  readonly services: readonly number[];
  /** What it adds to the state of their lane, besides themselves. */
  readonly bytes?: number;
}

interface Bundle {
  readonly services: readonly number[];
  readonly ties: readonly Tie[];
}

/** Who goes together, in the order of the first of each; who is tied to nobody goes alone. */
const bundlesOf = (count: number, ties: readonly Tie[]): readonly Bundle[] => {
  const first = Array.from({ length: count }, (_, index) => index);
  for (const { services } of ties) {
    const joined = new Set(services.map((each) => first[each]));
    const leader = Math.min(...services.map((each) => first[each] ?? each));
    for (const [index, each] of first.entries()) if (joined.has(each)) first[index] = leader;
  }
  return [...Map.groupBy(first.keys(), (index) => first[index])].map(([leader, services]) => ({
    services,
    ties: ties.filter(({ services: [one = -1] }) => first[one] === leader),
  }));
};

const REMEDY =
  'make several groups of a group, each with a part of the budget, or give some of the services a cluster and hosts of their own';

/** @returns undefined: it fits into a lane. One service alone always does: nothing can be done about it here. */
const tooMuch = ({ services, ties }: Bundle, bytes: number, size: number): ConfigProblem | undefined => {
  const [first] = ties;
  if (first === undefined || (services.length <= size && (services.length < 2 || bytes <= MOST_BYTES)))
    return undefined;
  const room = services.length > size ? `at most ${size} services` : 'less than these need in its state';
  const by = ties.map(({ path }) => path).join(' and ');
  const message = `${services.length} services have to be in one lane because of ${by}, and a lane carries ${room}: ${REMEDY}`;
  return { path: first.path, message };
};

/**
 * Splits services over lanes of at most `size`, in the order in which they are listed: `name`, `name-2`, `name-3`, …
 * Very long names or configurations make it fewer, see {@link MOST_BYTES}. Services that are tied together go into one lane, at the
 * place of the first of them.
 *
 * In order, because a service that changes its lane leaves its cooldowns behind in the old one. A service added at
 * the end moves no other; one added or removed in the middle moves few others per lane after it. A hash into n
 * lanes would move most of them whenever n changes, and a set that is cut by any rule which looks at names only can't
 * keep everybody in place when a full lane gets one more.
 *
 * @throws ConfigError when more is tied together than a lane can hold
 */
export const splitIntoLanes = <Service extends { readonly config: unknown; readonly arn: string }>(
  name: string,
  services: readonly Service[],
  { size = SERVICES_PER_LANE, ties = [] }: { readonly size?: number; readonly ties?: readonly Tie[] } = {},
): readonly LaneShare<Service>[] => {
  const lanes: { readonly services: Service[]; bytes: number }[] = [];
  const problems: ConfigProblem[] = [];
  for (const bundle of bundlesOf(services.length, ties)) {
    const members = bundle.services.flatMap((index) => services[index] ?? []);
    const shared = bundle.ties.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
    const bytes = members.reduce((sum, { config, arn }) => sum + weightOf(config, arn), shared);
    const problem = tooMuch(bundle, bytes, size);
    if (problem !== undefined) problems.push(problem);
    const last = lanes.at(-1);
    const fits =
      last !== undefined && last.services.length + members.length <= size && last.bytes + bytes <= MOST_BYTES;
    const lane = fits ? last : { services: [], bytes: 0 };
    if (!fits) lanes.push(lane);
    lane.services.push(...members);
    lane.bytes += bytes;
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return lanes.map((lane, index) => ({
    name: index === 0 ? name : `${name}-${index + 1}`,
    services: lane.services,
  }));
};
