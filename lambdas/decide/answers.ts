/** What every policy says to every reading it can see, and why where it says nothing. */
import type { Service } from '../contract/config.ts';
import type { Policy } from '../contract/policies.ts';
import type { KnownReading } from '../contract/records.ts';
import type { Answer, Asked } from './answer.ts';
import { meansPolicy, measured } from './measure.ts';
import { countNamed, type NamedReading, oneByOne, type View, viewsFor } from './names.ts';
import type { Recommendation } from './policies/policy.ts';
import { ruleOf } from './policies/registry.ts';

interface NamedPolicy {
  readonly policy: Policy;
  readonly by: string;
  /** Unlike any other policy's of the service. */
  readonly key: string;
}

const nameOf = ({ name, type }: Policy): string => name ?? type;

/** The policies of a service with their names; a second one of a type is `target#2` in memory, which nobody can be called. */
export const namedPolicies = ({ policies, policy }: Service): readonly NamedPolicy[] => {
  const all = policies ?? (policy === undefined ? [] : [policy]);
  return all.map((each, index) => {
    const by = nameOf(each);
    const earlier = all.slice(0, index).filter((other) => nameOf(other) === by).length;
    return { policy: each, by, key: earlier === 0 ? by : `${by}#${earlier + 1}` };
  });
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

/** The readings of its source; of all where it names none. */
const readingsFor = ({ policy: { source } }: NamedPolicy, { readings }: Asked): readonly NamedReading[] =>
  source === undefined ? readings : readings.filter(({ name }) => name === source);

const viewsOf = (named: NamedPolicy, answers: readonly Answer[], asked: Asked): readonly View[] => {
  const { expressions, isFloor } = ruleOf(named.policy);
  const readings = readingsFor(named, asked);
  if (expressions === undefined && isFloor === undefined) return oneByOne(readings);
  const names = (expressions?.(named.policy) ?? [])
    .flatMap((text) => asked.tools.expression(text).names)
    .filter((name) => countNamed(name, asked) === undefined && !meansPolicy(name, readings, answers));
  return viewsFor(names, readings);
};

/** The answer of a policy that is tied to a source which there is not, so that its silence is no consent. */
const sourceless = ({ policy: { source }, by, key }: NamedPolicy): Answer => ({
  ...{ by, key, reading: { known: true } },
  recommendation: { known: false, why: `no source is called ${source}` },
});

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
  if (asked.readings.length > 0 && readingsFor(named, asked).length === 0) return [sourceless(named)];
  return viewsOf(named, before, asked).map((view) => {
    const { reading, nth } = view;
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
        measure: (text: string) => measured(text, view, before, asked),
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
