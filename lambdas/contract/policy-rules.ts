/**
 * What a schema can't say of one service because it takes several of its parts: policies and sources, counts and bounds. Asked
 * when a configuration is loaded; a room that is handed a service by somebody else takes it as it is and stays safe.
 */
import { type Config, policiesFor, policiesOf, type Service, sourcesOf } from './config.ts';
import type { ConfigProblem } from './errors.ts';
import { expressionContradictions } from './expression-rules.ts';
import { nameContradictions } from './name-rules.ts';
import { pathOf } from './path.ts';
import { type Contradiction, policyPlace, sourcePlace } from './places.ts';
import { countsInFlight, type Policy } from './policies.ts';
import type { SourceRules } from './source-rules.ts';
import { listed } from './wording.ts';

/** A policy that counts what is in flight, on a source that can't see it. */
const blindToInFlight = (service: Service, rules: SourceRules): readonly Contradiction[] =>
  sourcesOf(service).flatMap((source, nth) => {
    const name = typeof source['name'] === 'string' ? source['name'] : undefined;
    const message = rules.blindToInFlight(source);
    const asks = policiesFor(service, source).some((policy) => countsInFlight(policy, name));
    return asks && message !== undefined ? [{ path: sourcePlace(service, nth), message }] : [];
  });

/** queueDelay plans for messages that wait, and a plain number is none. */
const withoutMessages = (service: Service, rules: SourceRules): readonly Contradiction[] =>
  policiesOf(service).flatMap((policy, nth) => {
    if (policy.type !== 'queueDelay') return [];
    const looked = sourcesOf(service).filter((source) => policiesFor(service, source).includes(policy));
    const blind = looked.filter((source) => !rules.reports(source).includes('visible'));
    if (blind.length === 0) return [];
    const kinds = listed([...new Set(blind.map(({ type }) => type))]);
    const tie =
      blind.length < looked.length && service.combine !== 'first'
        ? 'tie it to a queue with source: NAME, or '
        : '';
    const message = `queueDelay (the rule where none is given) plans for messages that wait, and ${kinds} reports none; ${tie}use target, value or steps`;
    return [{ path: policyPlace(service, nth), message }];
  });

/** What a service remembers has 1,024 characters in all, and queueDelay takes some 150 of them for each queue. */
const MOST_WINDOWS = 4;

const windowsOf = (policy: Policy, service: Service): number => {
  if (policy.type === 'forecast') return 2;
  if (!['queueDelay', 'panic', 'presence'].includes(policy.type)) return 0;
  if (policy.source !== undefined || service.combine === 'first') return 1;
  return sourcesOf(service).length;
};

const tooMuchToRemember = (service: Service): readonly Contradiction[] => {
  const policies = policiesOf(service);
  const windows = policies.reduce((total, policy) => total + windowsOf(policy, service), 0);
  if (windows <= MOST_WINDOWS) return [];
  const path = service.policies === undefined ? ['policy'] : ['policies'];
  const message = `needs ${windows} places to remember in, and a service has ${MOST_WINDOWS}: queueDelay, panic and presence take one for each source they look at, forecast takes 2; tie policies to one source each (source: NAME), or use some that remember nothing: target, threshold, value, steps, rules`;
  return [{ path, message }];
};

/** A forecast only raises what others say. */
const alone = (service: Service): readonly Contradiction[] => {
  const policies = policiesOf(service);
  if (policies.some(({ type }) => type !== 'forecast')) return [];
  const message =
    'a forecast only raises what other policies ask for; put another beside it in policies: [...], queueDelay for one';
  return policies.map((_, nth) => ({ path: policyPlace(service, nth), message }));
};

/** Whose answer is the present count where there is nothing to do. */
const isRelative = (policy: Policy): boolean =>
  ['threshold', 'value', 'rules'].includes(policy.type) ||
  (policy.type === 'steps' && policy.steps.some(({ change }) => change !== undefined));

const runningAway = (service: Service): readonly Contradiction[] => {
  const policies = policiesOf(service);
  const relative = policies.filter(isRelative);
  const several =
    policies.length > 1 ||
    (sourcesOf(service).length > 1 && relative.some(({ source }) => source === undefined));
  if (service.combine !== 'sum' || relative.length === 0 || !several) return [];
  const types = listed([...new Set(relative.map(({ type }) => type))]);
  const message = `sum adds whole counts up, and ${types} answers with the present one where there is nothing to do, so that the sum would grow at every tick; use max, or a policy that computes a count: target, queueDelay, panic, presence or formula`;
  return [{ path: ['combine'], message }];
};

/** Counts that the bounds would never let through. */
const outOfBounds = (service: Service): readonly Contradiction[] => {
  const { min, max } = service.tasks;
  const { schedule = [], pause, fallback } = service;
  const above = (path: Contradiction['path'], what: string, count: number | undefined): Contradiction[] =>
    count !== undefined && count > max
      ? [
          {
            path,
            message: `${what} ${count} is above tasks.max ${max}, which no decision leaves; raise tasks.max, or lower it`,
          },
        ]
      : [];
  const below = (path: Contradiction['path'], what: string, count: number | undefined): Contradiction[] =>
    count !== undefined && count < min
      ? [
          {
            path,
            message: `${what} ${count} is below tasks.min ${min}, which no decision leaves; lower tasks.min, or raise it`,
          },
        ]
      : [];
  const at = typeof pause === 'object' ? pause.at : undefined;
  const tasks = fallback?.tasks;
  const least = typeof tasks === 'object' ? tasks.atLeast : undefined;
  return [
    ...schedule.flatMap((window, nth) => [
      ...above(['schedule', nth, 'min'], 'min', window.min),
      ...below(['schedule', nth, 'max'], 'max', window.max),
    ]),
    ...above(['pause', 'at'], 'at', at),
    ...below(['pause', 'at'], 'at', at),
    ...above(['fallback', 'tasks'], 'tasks', typeof tasks === 'number' ? tasks : undefined),
    ...above(['fallback', 'tasks', 'atLeast'], 'atLeast', least),
  ];
};

/** Everything in one service that doesn't go together. */
const contradictionsOf = (service: Service, rules: SourceRules | undefined): readonly Contradiction[] => [
  ...nameContradictions(service, rules),
  ...expressionContradictions(service, rules),
  ...(rules === undefined ? [] : [...blindToInFlight(service, rules), ...withoutMessages(service, rules)]),
  ...tooMuchToRemember(service),
  ...alone(service),
  ...runningAway(service),
  ...outOfBounds(service),
];

/** @param rules what is known of the sources; undefined: nothing */
export const contradictionsIn = (
  { services }: Config,
  rules: SourceRules | undefined,
): readonly ConfigProblem[] =>
  services.flatMap((service, nth) =>
    contradictionsOf(service, rules).map(({ path, message }) => ({
      path: pathOf(['services', nth, ...path]),
      message,
    })),
  );
