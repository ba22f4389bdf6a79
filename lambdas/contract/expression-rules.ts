/**
 * Whether the names in a service's expressions stand for something: so that a typo is told when the configuration is loaded,
 * and not by a service that is never scaled in.
 */
import { type AnySource, policiesFor, policiesOf, type Service, sourcesOf } from './config.ts';
import { expressionOf } from './expression.ts';
import { COUNT_NAMES, nameOf, READING_NAMES, sourceNames } from './name-rules.ts';
import { pathOf } from './path.ts';
import { type Contradiction, policyPlace } from './places.ts';
import { expressionsOf, type Policy } from './policies.ts';
import type { SourceRules } from './source-rules.ts';
import { listed, unknownName } from './wording.ts';

/** Numbers of which several sources make a sum. */
const ADDS_UP = /^(backlog|visible|inFlight|delayed|arrivalsPerSecond|departuresPerSecond)$/;
const COMBINATIONS: readonly string[] = ['max', 'highest', 'min', 'sum', 'first'];

/** What may be asked of a source by name; undefined where nobody here knows its kind. */
const numbersOf = (source: AnySource, rules: SourceRules | undefined): readonly string[] | undefined => {
  const reports = rules?.reports(source);
  if (reports === undefined) return undefined;
  return reports.includes('visible') || reports.includes('value') ? ['backlog', ...reports] : reports;
};

/** Of the policies that an expression may refer to, what is wrong with this reference; undefined: none is called so. */
const policyProblem = (
  name: string,
  service: Service,
  /** Of the policy that asks; undefined: `combine`. */
  asking: number | undefined,
): { readonly message: string | undefined } | undefined => {
  const policies = policiesOf(service);
  const called = policies.flatMap((each, nth) => (nameOf(each) === name ? [nth] : []));
  const [nth] = called;
  if (nth === undefined) return undefined;
  if (called.length > 1)
    return { message: `${called.length} policies are called "${name}"; give each a name` };
  if (policies[nth]?.type === 'forecast')
    return { message: `"${name}" is a forecast, which is asked after all others; leave it out` };
  if (asking === undefined || nth < asking) return { message: undefined };
  if (nth === asking)
    return { message: `"${name}" is the policy itself; an expression can use those above it` };
  const place = pathOf(policyPlace(service, nth));
  return { message: `"${name}" is ${place}, which stands below; move it above this one` };
};

const unreported = (name: string, who: string, numbers: readonly string[]): string =>
  `"${name}" is what a source may report, but ${who}; reported are ${listed(numbers)}`;

/** The same of the sources' own names, `orders` and `orders.visible`. */
const sourceProblem = (
  name: string,
  service: Service,
  policy: Policy,
  rules: SourceRules | undefined,
): { readonly message: string | undefined } | undefined => {
  const [own = '', ...rest] = name.split('.');
  const number = rest.join('.');
  const source = sourcesOf(service)[sourceNames(service).indexOf(own)];
  if (source === undefined) return undefined;
  if (service.combine === 'first')
    return {
      message: `with combine: first the sources stand in for each other; write ${number || 'backlog'} in place of "${name}"`,
    };
  if (policy.source !== undefined && policy.source !== own)
    return {
      message: `"${name}" is of another source than the one this policy looks at; leave its source out`,
    };
  const numbers = numbersOf(source, rules);
  if (numbers === undefined || numbers.includes(number || 'backlog')) return { message: undefined };
  if (READING_NAMES.includes(number)) return { message: unreported(number, `not "${own}"`, numbers) };
  if (number !== '') return { message: unknownName('number', number, numbers) };
  const ways = numbers.map((each) => `${own}.${each}`);
  return { message: `"${own}" reports several numbers; write ${ways.join(' or ')}` };
};

/** What several sources report and no sum can be made of, where no source has all names of the expression. */
const ambiguous = (names: readonly string[], reports: readonly (readonly string[])[]): readonly string[] => {
  const asked = names.filter((name) => reports.some((each) => each.includes(name)));
  if (reports.some((each) => names.every((name) => each.includes(name)))) return [];
  return asked
    .filter((name) => !ADDS_UP.test(name) && reports.filter((each) => each.includes(name)).length > 1)
    .map(
      (name) =>
        `several sources report "${name}"; give each a name and write NAME.${name}, or tie the policy to one with source`,
    );
};

const problemsIn = (
  names: readonly string[],
  service: Service,
  asking: number,
  policy: Policy,
  rules: SourceRules | undefined,
): readonly string[] => {
  const looked = sourcesOf(service).filter((source) => policiesFor(service, source).includes(policy));
  const numbers = looked.map((source) => numbersOf(source, rules));
  const reports = numbers.filter((each) => each !== undefined);
  const isKnown = reports.length === numbers.length;
  const reported = [...new Set(reports.flat())];
  const above = policiesOf(service).slice(0, asking).map(nameOf);
  const inReadings = names.filter((name) => !COUNT_NAMES.includes(name) && !above.includes(name));

  const problems = names.flatMap((name): readonly string[] => {
    if (COUNT_NAMES.includes(name)) return [];
    if (READING_NAMES.includes(name)) {
      if (above.includes(name))
        return [`"${name}" is what a source reports and a policy too; give that policy a name`];
      return isKnown && !reported.includes(name)
        ? [unreported(name, 'no source that it looks at', reported)]
        : [];
    }
    const referred = policyProblem(name, service, asking) ?? sourceProblem(name, service, policy, rules);
    if (referred !== undefined) return referred.message === undefined ? [] : [referred.message];
    if (!isKnown || reported.includes(name)) return [];
    const own = sourceNames(service).filter((each) => each !== undefined);
    return [unknownName('name', name, [...reported, ...own, ...above, ...COUNT_NAMES])];
  });
  return problems.length > 0 || !isKnown ? problems : ambiguous(inReadings, reports);
};

const combination = (service: Service): readonly Contradiction[] => {
  const { combine } = service;
  if (COMBINATIONS.includes(combine)) return [];
  const known = policiesOf(service)
    .filter(({ type }) => type !== 'forecast')
    .map(nameOf);
  return expressionOf(combine).names.flatMap((name) => {
    if (COUNT_NAMES.includes(name)) return [];
    const referred = policyProblem(name, service, undefined);
    if (referred !== undefined)
      return referred.message === undefined ? [] : { path: ['combine'], message: referred.message };
    const message = `${unknownName('policy', name, [...new Set([...known, ...COUNT_NAMES])])}; or one of ${listed(COMBINATIONS)}`;
    return [{ path: ['combine'], message }];
  });
};

/** Names in expressions that stand for nothing, or for two things. */
export const expressionContradictions = (
  service: Service,
  rules: SourceRules | undefined,
): readonly Contradiction[] => [
  ...policiesOf(service).flatMap((policy, nth) =>
    expressionsOf(policy).flatMap(({ path, text }) =>
      problemsIn(expressionOf(text).names, service, nth, policy, rules).map((message) => ({
        path: [...policyPlace(service, nth), ...path],
        message,
      })),
    ),
  ),
  ...combination(service),
];
