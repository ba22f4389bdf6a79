/** What every policy says to every reading it can see, and why where it says nothing. */
import type { Service } from '../contract/config.ts';
import type { Policy } from '../contract/policies.ts';
import type { KnownCounts, KnownReading, Reading } from '../contract/records.ts';
import type { Tools } from '../contract/tools.ts';
import { type NamedReading, oneByOne, type View, viewsFor } from './names.ts';
import type { Kept, Measured, Recommendation } from './policies/policy.ts';
import { ruleOf } from './policies/registry.ts';

export interface Answer {
  /** What reasons and formulas call the policy. */
  readonly by: string;
  /** Under which name what it keeps is remembered. */
  readonly key: string;
  readonly recommendation: Recommendation;
  readonly reading: Reading;
}

export type KnownAnswer = Answer & { readonly recommendation: Extract<Recommendation, { known: true }> };
export const isKnown = (answer: Answer): answer is KnownAnswer => answer.recommendation.known;

/** What all policies of a service are asked about at one tick. */
export interface Asked {
  readonly service: Service;
  readonly readings: readonly NamedReading[];
  readonly counts: KnownCounts;
  /** Epoch seconds. */
  readonly at: number;
  readonly kept: Readonly<Record<string, Kept>>;
  readonly tools: Tools;
}

interface NamedPolicy {
  readonly policy: Policy;
  readonly by: string;
  /** Unlike any other policy's of the service. */
  readonly key: string;
}

/** The policies of a service with their names; a second one of a type is `target2` in memory. */
export const namedPolicies = ({ policies, policy }: Service): readonly NamedPolicy[] => {
  const all = policies ?? (policy === undefined ? [] : [policy]);
  const seen = new Map<string, number>();
  return all.map((each) => {
    const by = each.name ?? each.type;
    const nth = (seen.get(by) ?? 0) + 1;
    seen.set(by, nth);
    return { policy: each, by, key: nth === 1 ? by : `${by}${nth}` };
  });
};

/** The highest answer of each policy, by its name. */
const numbersOf = (answers: readonly Answer[]): ReadonlyMap<string, number> => {
  const numbers = new Map<string, number>();
  for (const { by, recommendation } of answers)
    if (recommendation.known) numbers.set(by, Math.max(recommendation.to, numbers.get(by) ?? 0));
  return numbers;
};

const countNamed = (name: string, { counts, service: { tasks } }: Asked): number | undefined => {
  switch (name) {
    case 'desired':
    case 'running':
    case 'pending':
      return counts[name];
    case 'min':
    case 'max':
      return tasks[name];
    default:
      return undefined;
  }
};

/** The value of an expression over a view, the counts and what policies have said. */
export const measured = (
  text: string,
  { numberOf, reading }: Pick<View, 'numberOf' | 'reading'>,
  answers: readonly Answer[],
  asked: Asked,
): Measured => {
  const expression = asked.tools.expression(text);
  const said = numbersOf(answers);
  const find = (name: string) => numberOf(name) ?? said.get(name) ?? countNamed(name, asked);
  const missing = expression.names.filter((name) => find(name) === undefined);
  if (missing.length > 0) {
    const unseen = asked.readings.flatMap((each) => (each.reading.known ? [] : [each.reading.why]));
    const failed = answers.filter((each) => missing.includes(each.by) && !each.recommendation.known);
    const because = [...unseen, ...failed.map(({ recommendation }) => recommendation.why)];
    const why =
      because.length > 0 ? because.join('; ') : reading.known ? 'no source reports it' : reading.why;
    return { known: false, why: `${missing.join(' and ')} in "${text}" unknown: ${why}` };
  }
  const value = expression.value((name) => find(name) ?? Number.NaN);
  return Number.isFinite(value)
    ? { known: true, value }
    : { known: false, why: `"${text}" has no finite value now` };
};

/**
 * No more than the tasks that can work at once on what was read, partitions say; and no more than the largest whole
 * number that is exact, which no bound is near.
 */
const capped = (recommendation: Recommendation, { parallelism }: KnownReading): Recommendation => {
  if (!recommendation.known) return recommendation;
  const { to, why } = recommendation;
  if (Number.isNaN(to)) return { known: false, why: `${why}: no number` };
  if (parallelism === undefined || to <= parallelism)
    return { ...recommendation, to: Math.max(0, Math.min(to, Number.MAX_SAFE_INTEGER)) };
  return { ...recommendation, to: parallelism, why: `${why}, at most ${parallelism} can work at once` };
};

/** A rule that breaks is no reason for the others to stop: it has no answer, and so nothing is scaled in. */
const recommended = (ask: () => Recommendation): Recommendation => {
  try {
    return ask();
  } catch (thrown) {
    return { known: false, why: `failed: ${thrown instanceof Error ? thrown.message : String(thrown)}` };
  }
};

const viewsOf = ({ policy }: NamedPolicy, answers: readonly Answer[], asked: Asked): readonly View[] => {
  const readings =
    policy.source === undefined || asked.readings.length < 2
      ? asked.readings
      : asked.readings.filter(({ name }) => name === policy.source);
  const { expressions, isFloor } = ruleOf(policy);
  if (expressions === undefined && isFloor === undefined) return oneByOne(readings);
  const said = new Set(answers.map(({ by }) => by));
  const names = (expressions?.(policy) ?? [])
    .flatMap((text) => asked.tools.expression(text).names)
    .filter((name) => !said.has(name) && countNamed(name, asked) === undefined);
  return viewsFor(names, readings);
};

/** One policy's answer to every view it has of the load. `others`: what the others came to, for a floor. */
export const answersOf = (
  named: NamedPolicy,
  before: readonly Answer[],
  asked: Asked,
  others?: number,
): readonly Answer[] => {
  const { policy, by } = named;
  const { expressions, isFloor, forgets, recommend } = ruleOf(policy);
  const needsReading = expressions === undefined && isFloor === undefined;
  return viewsOf(named, before, asked).map(({ reading, numberOf, nth }) => {
    const key = nth === undefined || nth === 0 ? named.key : `${named.key}/${nth}`;
    const recommendation = recommended(() => {
      if (!reading.known && needsReading)
        return { known: false, why: reading.why, ...(forgets ? { kept: [] } : {}) };
      const seen = reading.known ? reading : { known: true as const };
      const situation = {
        reading: seen,
        from: asked.counts.desired,
        counts: asked.counts,
        tasks: asked.service.tasks,
        at: asked.at,
        kept: asked.kept[key],
        measure: (text: string) => measured(text, { numberOf, reading }, before, asked),
        others,
      };
      return capped(recommend(policy, situation), nth === undefined ? { known: true } : seen);
    });
    return { by, key, recommendation, reading };
  });
};

/** The answers of all policies but floors, in the order of the configuration; each may refer to those before it. */
export const allAnswers = (asked: Asked): readonly Answer[] => {
  const answers: Answer[] = [];
  for (const named of namedPolicies(asked.service))
    if (ruleOf(named.policy).isFloor === undefined) answers.push(...answersOf(named, answers, asked));
  return answers;
};

/** The answers of the policies that only raise what the others came to. */
export const floors = (
  answers: readonly Answer[],
  others: number | undefined,
  asked: Asked,
): readonly Answer[] =>
  namedPolicies(asked.service)
    .filter(({ policy }) => ruleOf(policy).isFloor)
    .flatMap((named) => answersOf(named, answers, asked, others));
