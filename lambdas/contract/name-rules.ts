/**
 * What sources and policies may be called, so that a name means one thing wherever it stands: in a formula, in `source: …`, in
 * memory and in a reason. `docs/expressions.md` lists the names; `lambdas/decide/names.ts` looks them up.
 */
import { FUNCTIONS } from './arithmetic.ts';
import { policiesOf, type Service, sourcesOf } from './config.ts';
import { pathOf } from './path.ts';
import { type Contradiction, policyPlace, sourcePlace } from './places.ts';
import type { Policy } from './policies.ts';
import type { SourceRules } from './source-rules.ts';
import { unknownName } from './wording.ts';

/** What any source may report, and `backlog`, which is made of it. A test ties them to those of `lambdas/decide/names.ts`. */
export const READING_NAMES: readonly string[] = [
  ...['backlog', 'visible', 'inFlight', 'delayed', 'arrivalsPerSecond', 'departuresPerSecond'],
  ...['oldestAgeSeconds', 'value', 'parallelism'],
];
export const COUNT_NAMES: readonly string[] = ['desired', 'running', 'pending', 'min', 'max'];
const OPERATORS: readonly string[] = ['and', 'or', 'not'];
const COMBINATIONS: readonly string[] = ['first', 'highest', 'combine'];
/** They speak in reasons and remember under these names. A test ties them to the guards' registry. */
export const GUARD_NAMES: readonly string[] = [
  ...['unknown', 'starting', 'deployment', 'emptyFor', 'stabilization', 'limits', 'cooldown'],
  ...['disableScaleIn', 'schedule', 'pause', 'tasks', 'dryRun', 'idle', 'group'],
];

export const nameOf = ({ name, type }: Policy): string => name ?? type;

/** What a word means in every expression, if anything. */
const meaningOf = (name: string): string | undefined => {
  if (READING_NAMES.includes(name)) return 'what a source reports';
  if (COUNT_NAMES.includes(name)) return 'a count of the service';
  if (OPERATORS.includes(name)) return 'an operator of expressions';
  return Object.hasOwn(FUNCTIONS, name) ? 'a function of expressions' : undefined;
};

const meaningForPolicy = (name: string): string | undefined => {
  if (GUARD_NAMES.includes(name)) return 'a guard';
  return COMBINATIONS.includes(name) ? 'a way to combine' : meaningOf(name);
};

const taken = (name: string, meaning: string): string => `"${name}" is ${meaning} already; choose another`;

const policyNames = (service: Service): readonly Contradiction[] => {
  const policies = policiesOf(service);
  return policies.flatMap(({ name }, nth) => {
    if (name === undefined) return [];
    const path = [...policyPlace(service, nth), 'name'];
    const meaning = meaningForPolicy(name);
    if (meaning !== undefined) return [{ path, message: taken(name, meaning) }];
    // Of two that were given the same name, the second is told.
    const other = policies.findIndex(
      (each, index) => index !== nth && nameOf(each) === name && (index < nth || each.name === undefined),
    );
    if (other < 0) return [];
    return [{ path, message: taken(name, pathOf(policyPlace(service, other))) }];
  });
};

/** The names of a service's sources, in their order. */
export const sourceNames = (service: Service): readonly (string | undefined)[] =>
  sourcesOf(service).map(({ name }) => (typeof name === 'string' ? name : undefined));

const namesOfSources = (service: Service, rules: SourceRules | undefined): readonly Contradiction[] => {
  const names = sourceNames(service);
  const policies = policiesOf(service);
  const isPolicy = (name: string): string | undefined => {
    const nth = policies.findIndex((each) => nameOf(each) === name);
    return nth < 0 ? undefined : pathOf(policyPlace(service, nth));
  };
  return sourcesOf(service).flatMap((source, nth) => {
    const place = sourcePlace(service, nth);
    const name = names[nth];
    const earlier = name === undefined ? -1 : names.indexOf(name);
    const same = earlier >= 0 && earlier < nth ? pathOf(sourcePlace(service, earlier)) : undefined;
    const meaning = name === undefined ? undefined : (meaningOf(name) ?? same ?? isPolicy(name));
    const wrong =
      name === undefined || meaning === undefined
        ? []
        : [{ path: [...place, 'name'], message: taken(name, meaning) }];
    const aliases = (rules?.reports(source) ?? []).filter((each) => !READING_NAMES.includes(each));
    const wrongAliases = aliases.flatMap((alias) => {
      const means = meaningOf(alias) ?? isPolicy(alias);
      return means === undefined ? [] : [{ path: place, message: `alias ${taken(alias, means)}` }];
    });
    return [...wrong, ...wrongAliases];
  });
};

/** `source: …` of a policy. */
const ties = (service: Service): readonly Contradiction[] => {
  const names = sourceNames(service).filter((name) => name !== undefined);
  return policiesOf(service).flatMap(({ source }, nth) => {
    if (source === undefined) return [];
    const path = [...policyPlace(service, nth), 'source'];
    if (service.combine === 'first') {
      const message =
        'with combine: first the sources stand in for each other, so no policy can look at one of them alone; leave it out';
      return [{ path, message }];
    }
    if (names.includes(source)) return [];
    const message =
      names.length === 0
        ? `no source has a name; give the one that is meant name: ${source}`
        : unknownName('source', source, names);
    return [{ path, message }];
  });
};

/** Names that are taken twice, or that nothing bears. */
export const nameContradictions = (
  service: Service,
  rules: SourceRules | undefined,
): readonly Contradiction[] => [...policyNames(service), ...namesOfSources(service, rules), ...ties(service)];
