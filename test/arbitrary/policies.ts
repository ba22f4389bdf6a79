/**
 * Arbitrary policies as somebody could write them in a configuration: one entry per type with every option of its schema.
 * The type makes `tsc` ask for the entry of a new one, `test/arbitrary/complete.test.ts` for its options.
 */
import fc from 'fast-check';
import type { Policy } from '../../lambdas/contract/policies.ts';
import { ruleOf } from '../../lambdas/decide/policies/registry.ts';
import { arithmetic, between, duration, maybe, SOURCES, seldom, share } from './numbers.ts';

type Given = Readonly<Record<string, unknown>>;
type Type = Policy['type'];

const common = {
  name: seldom(fc.constantFrom('first', 'target', 'cpu', 'limits', 'aVeryLongNameOfAPolicyThatSomebodyGave')),
  source: seldom(fc.constantFrom(...SOURCES, 'elsewhere')),
};
const policy = <T extends Type>(type: T, options: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record({ type: fc.constant(type), ...common, ...options }) as fc.Arbitrary<Given>;

const tolerance = maybe(fc.record({ out: maybe(between(0, 1)), in: maybe(between(0, 1)) }));
const count = maybe(fc.constantFrom('visible', 'visible+inFlight'));
const positive = between(0.001, 1e6);
const change = fc.integer({ min: -20, max: 50 });

const step = fc.oneof(
  fc.record({ atLeast: between(-10, 5000), tasks: fc.nat({ max: 400 }) }),
  fc.record({ atLeast: between(-10, 5000), change }),
);

const open = fc.oneof(fc.constantFrom(null, undefined), fc.integer({ min: -100, max: 2000 }));
const event = fc
  .record({ metric: arithmetic, action: change, min: open, max: open })
  .map((given) => ({ ...given, ...inOrder(given.min, given.max) }));
const inOrder = (min: number | null | undefined, max: number | null | undefined) =>
  typeof min === 'number' && typeof max === 'number'
    ? { min: Math.min(min, max), max: Math.max(min, max) }
    : {};

export const policies: { readonly [T in Type]: fc.Arbitrary<Given> } = {
  queueDelay: policy('queueDelay', {
    target: maybe(duration(1, 3600)),
    secondsPerMessage: maybe(between(0.001, 1000)),
    startDelay: maybe(duration(0, 3600)),
    headroom: maybe(between(0, 10)),
    release: maybe(duration(0, 3600)),
  }),
  target: policy('target', { backlogPerTask: positive, count, tolerance }),
  threshold: policy('threshold', {
    limits: fc.tuple(fc.nat({ max: 1000 }), fc.nat({ max: 1000 })),
    tasksPerMessage: maybe(between(0, 10)),
    maxScaleDownFactor: maybe(between(0, 1)),
    combined: maybe(fc.boolean()),
    stepCount: maybe(fc.integer({ min: 1, max: 50 })),
  }).map(({ limits, ...rest }) => {
    const [one, other] = limits as [number, number];
    return { ...rest, scaleDownThreshold: Math.min(one, other), scaleUpThreshold: Math.max(one, other) };
  }),
  value: policy('value', { metric: maybe(arithmetic), target: positive, tolerance }),
  steps: policy('steps', {
    metric: maybe(arithmetic),
    steps: fc.array(step, { minLength: 1, maxLength: 5 }),
  }),
  presence: policy('presence', {
    tasks: maybe(fc.integer({ min: 1, max: 400 })),
    emptyFor: maybe(duration(0, 86_400)),
  }),
  rules: policy('rules', { events: fc.array(event, { minLength: 1, maxLength: 4 }) }),
  panic: policy('panic', {
    target: positive,
    count,
    stableWindow: maybe(duration(6, 3600)),
    panicWindow: maybe(share(0.01, 1)),
    panicThreshold: maybe(share(1.1, 10)),
    maxScaleUpRate: maybe(between(1.001, 2000)),
    maxScaleDownRate: maybe(between(1.001, 2000)),
    scaleInDelay: maybe(duration(0, 3600)),
  }),
  forecast: policy('forecast', {
    method: maybe(fc.constantFrom('seasonal', 'smoothing')),
    season: maybe(duration(60, 604_800)),
    horizon: maybe(duration(1, 3600)),
    maxError: maybe(between(0, 1)),
  }),
  formula: policy('formula', { tasks: arithmetic }),
};

/** The types that have a rule by now; `test/decide/registry.test.ts` says when one has none. */
const types = (Object.keys(policies) as Type[]).filter((type) => ruleOf({ type } as Policy) !== undefined);

export const anyPolicy: fc.Arbitrary<Given> = fc.oneof(...types.map((type) => policies[type]));
