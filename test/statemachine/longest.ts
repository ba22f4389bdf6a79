/**
 * How long an execution can last at most: every path through the state machine as it is written, every task taking all the time that its
 * limits and retries give it, unless a choice on the way would then go the other way. A time is the latest at which a state can be entered;
 * a choice that is taken only before some time lets it be entered just before that time at the latest.
 */
import { awaitExpiry } from '../../lambdas/lease/await-expiry.ts';
import { planOf } from '../../lambdas/lease/plan.ts';

export interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly Choice[];
  readonly Retry?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly IntervalSeconds?: number;
    readonly MaxAttempts: number;
    readonly BackoffRate?: number;
  }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly TimeoutSeconds?: number;
  readonly MaxConcurrency?: number;
  readonly ItemProcessor?: { readonly States: States };
  readonly TimestampPath?: string;
  readonly SecondsPath?: string;
}
export type States = Readonly<Record<string, State>>;

interface Condition {
  readonly Variable?: string;
  readonly TimestampLessThanPath?: string;
  readonly NumericLessThanPath?: string;
  readonly BooleanEquals?: boolean;
}
interface Choice extends Condition {
  readonly And?: readonly Condition[];
  readonly Next: string;
}

export interface Loop {
  readonly interval: number;
  readonly executionLength: number;
  /** How many notices there may be at once. */
  readonly notices: number;
}

/** In seconds since the execution began; `now` is when the state is entered. */
interface Entered {
  readonly now: number;
  readonly next: number;
  readonly until: number;
  readonly deadline: number;
  readonly awaitExpiry: number;
  readonly ticks: number;
  readonly ticked: number;
  readonly waited: boolean;
}

const START = Date.parse('2026-11-22T12:00:00.000Z');
const instant = (seconds: number): string => new Date(START + seconds * 1000).toISOString();
const secondsOf = (iso: string): number => (Date.parse(iso) - START) / 1000;

/** All attempts at their limit, and the pauses between them. */
export const longestTask = ({ TimeoutSeconds = 0, Retry = [] }: State): number => {
  const attempts = Math.max(0, ...Retry.map(({ MaxAttempts }) => MaxAttempts));
  const pauses = Retry.map(({ IntervalSeconds = 1, MaxAttempts }) => IntervalSeconds * MaxAttempts);
  return TimeoutSeconds * (1 + attempts) + Math.max(0, ...pauses);
};

const longestMap = ({ ItemProcessor, MaxConcurrency = 40 }: State, items: number): number => {
  const one = Object.values(ItemProcessor?.States ?? {}).reduce((sum, state) => sum + longestTask(state), 0);
  return one * Math.ceil(items / Math.min(40, MaxConcurrency));
};

/** What the lease answers to a start at that time. */
const leased = ({ interval, executionLength }: Loop, { now, waited }: Entered): Partial<Entered> => {
  const given = { at: instant(now), started: instant(0) };
  // Only a successor is told of a next tick, and it never waits for a lease.
  const next = waited ? undefined : instant(now + 1.25 * interval);
  const plan = planOf({ interval, executionLength }, { ...given, next });
  const left = (seconds: number) => ({ freeInMs: seconds * 1000, now: new Date(START + (now + 40) * 1000) });
  const event = { act: 'acquire', term: undefined, waited: undefined, at: given.at, retry: 2 } as const;
  const waits = Array.from({ length: 200 }, (_, seconds) => awaitExpiry(event, left(seconds), interval));
  return {
    next: secondsOf(plan.next),
    until: secondsOf(plan.until),
    deadline: secondsOf(plan.deadline),
    ticks: plan.ticks,
    awaitExpiry: Math.max(...waits.map((each) => (each === null ? 0 : secondsOf(each)))),
  };
};

const NAMES: Readonly<Record<string, 'now' | 'next' | 'until' | 'deadline'>> = {
  '$$.State.EnteredTime': 'now',
  '$.tick.next': 'next',
  '$.until': 'until',
  '$.deadline': 'deadline',
};

/** With what is so where the condition holds; undefined: it can't hold. */
const where = (entered: Entered, condition: Condition, interval: number): Entered | undefined => {
  const { Variable = '', TimestampLessThanPath: limit, NumericLessThanPath, BooleanEquals } = condition;
  if (Variable === '$.awaitExpiry') return entered.waited ? undefined : entered;
  // A look at a lane that sleeps is the first tick, and there is no second one.
  if (Variable === '$.peek' && BooleanEquals)
    return entered.waited || entered.ticked > 0 ? undefined : entered;
  if (Variable === '$.ticked' && NumericLessThanPath === '$.ticks')
    return entered.ticked < entered.ticks ? entered : undefined;
  if (limit === undefined) return entered;
  const [name, most] = [NAMES[Variable], NAMES[limit]];
  if (name === undefined || most === undefined) throw new Error(`${Variable} < ${limit}: who knows?`);
  const limited = { ...entered, [name]: Math.min(entered[name], entered[most]) };
  // No tick has begun later than now, and the next is an interval and its quarter after the last at most.
  return { ...limited, next: Math.min(limited.next, limited.now + 1.25 * interval) };
};

const chosen = (
  entered: Entered,
  { Next, And, ...single }: Choice,
  interval: number,
): readonly (readonly [string, Entered])[] => {
  let held: Entered | undefined = entered;
  for (const condition of And ?? [single])
    held = held === undefined ? undefined : where(held, condition, interval);
  return held === undefined ? [] : [[Next, held]];
};

const waitedIn = (state: State, entered: Entered, { interval }: Loop): number => {
  if (state.SecondsPath !== undefined) return entered.now + interval;
  return Math.max(entered.now, state.TimestampPath === '$.awaitExpiry' ? entered.awaitExpiry : entered.next);
};

/** How a state is left. */
const left = (name: string, state: State, entered: Entered, loop: Loop): Entered => {
  const { now, ticked } = entered;
  const later = (seconds: number): Entered => ({ ...entered, now: now + seconds });
  if (state.Type === 'Wait') return { ...entered, now: waitedIn(state, entered, loop) };
  if (state.Type === 'Map') return later(longestMap(state, loop.notices));
  if (name === 'AcquireLease') return { ...later(longestTask(state)), ...leased(loop, entered) };
  if (name === 'AskAgain') return { ...entered, waited: true };
  if (name === 'Collect') return { ...later(longestTask(state)), next: now + 1.25 * loop.interval };
  if (state.Type === 'Pass') return { ...entered, ticked: Math.min(ticked + 1, entered.ticks) };
  return later(longestTask(state));
};

export interface Longest {
  readonly seconds: number;
  /** The states on the way, with the second at which each is entered. */
  readonly path: readonly string[];
  readonly visited: ReadonlySet<string>;
}

/** As many seconds as no execution has: what lasts longer has no end. */
const ENDLESS = 10_000;

export const longestExecution = (states: States, first: string, loop: Loop): Longest => {
  const visited = new Set<string>();
  let longest: Longest = { seconds: 0, path: [], visited };
  const seen = new Set<string>();
  const visit = (name: string, entered: Entered, before: readonly string[]): void => {
    const state = states[name];
    if (state === undefined) throw new Error(`there is no state ${name}`);
    const known = JSON.stringify([name, entered]);
    if (seen.has(known) || longest.seconds > ENDLESS) return;
    seen.add(known);
    visited.add(name);
    const path = [...before, `${name} ${entered.now}`];
    const after = left(name, state, entered, loop);
    if (after.now > longest.seconds) longest = { seconds: after.now, path, visited };
    if (state.Type === 'Choice') {
      for (const choice of state.Choices ?? [])
        for (const [next, held] of chosen(entered, choice, loop.interval)) visit(next, held, path);
      if (state.Default !== undefined) visit(state.Default, entered, path);
      return;
    }
    for (const next of [state.Next, ...(state.Catch ?? []).map(({ Next }) => Next)])
      if (next !== undefined) visit(next, after, path);
  };
  const nothing = { next: 0, until: 0, deadline: 0, awaitExpiry: 0, ticks: 0 };
  visit(first, { now: 0, ticked: 0, waited: false, ...nothing }, []);
  return longest;
};
