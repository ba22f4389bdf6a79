/**
 * What `--tune` tries for each policy: one line per parameter that is worth turning. Some depend on what is known of the load: a task
 * that may be W seconds late with messages of S seconds may have W ÷ S of them waiting for it.
 *
 * Gotcha: a grid is coarse, and its winner is the winner of this load. What matters is told by the runners-up: where they differ much, the load decides.
 */
import type { Policy, PolicyOf } from '../../../lambdas/contract/policies.ts';

export interface Known {
  /** The wait that is asked for, in seconds. */
  readonly target: number;
  /** Mean seconds of work of a message. */
  readonly work: number;
  readonly startUp: number;
}

/** One thing to try: options of the policy, as they stand in a configuration. */
export type Choice = Readonly<Record<string, unknown>>;

/** Of each axis one choice is taken. */
export type Grid = readonly (readonly Choice[])[];

/** Three significant digits are enough for whoever reads them. */
const neat = (value: number): number => Number(value.toPrecision(3));
const whole = (value: number): number => Math.max(1, Math.round(value));

const each = (option: string, values: readonly unknown[]): readonly Choice[] =>
  [...new Set(values)].map((value) => ({ [option]: value }));

const times = (option: string, value: number, factors: readonly number[]): readonly Choice[] =>
  each(
    option,
    factors.map((factor) => neat(value * factor)),
  );

const seconds = (option: string, values: readonly number[]): readonly Choice[] =>
  each(
    option,
    values.map((value) => `${neat(value)}s`),
  );

/** Messages that may wait for one task. */
const perTask = ({ target, work }: Known): number => target / work;

type Grids = { readonly [T in Policy['type']]: (policy: PolicyOf<T>, known: Known) => Grid };

const grids: Grids = {
  queueDelay: (_, { target }) => [
    seconds(
      'target',
      [0.5, 0.7, 0.85, 1, 1.25, 1.6, 2].map((share) => Math.max(1, target * share)),
    ),
    each('headroom', [0, 0.15, 0.3, 0.6, 1]),
    seconds('release', [30, 60, 120]),
  ],
  target: (_, known) => [
    times('backlogPerTask', perTask(known), [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.85, 1, 1.2]),
    each('tolerance', [
      { out: 0, in: 0 },
      { out: 0.1, in: 0.1 },
      { out: 0, in: 0.3 },
    ]),
  ],
  panic: (_, known) => [
    // Knative's own 0.7 of what a task works on at once, and what may wait for it.
    each('target', [0.35, 0.5, 0.7, 0.9, 1, ...[0.1, 0.2, 0.4].map((share) => neat(perTask(known) * share))]),
    seconds('stableWindow', [30, 60, 120]),
    seconds('scaleInDelay', [0, 60]),
  ],
  threshold: (_, known) => [
    [1, 5, 20, 100].map((up) => ({ scaleUpThreshold: up, scaleDownThreshold: Math.max(0, up - 1) })),
    times('tasksPerMessage', 1 / perTask(known), [0.1, 0.25, 0.5, 1, 2]),
    each('maxScaleDownFactor', [0.5, 0.8, 0.99]),
  ],
  value: ({ target }) => [
    times('target', target, [0.4, 0.55, 0.7, 0.85, 1, 1.2, 1.5]),
    each('tolerance', [
      { out: 0.1, in: 0.1 },
      { out: 0, in: 0.3 },
    ]),
  ],
  steps: ({ steps }) => [
    [0.1, 0.25, 0.5, 1, 2, 4].flatMap((further) =>
      [0.5, 1, 1.5, 2, 3].map((more) => ({
        steps: steps.map(({ atLeast, tasks, change }) => ({
          atLeast: neat(atLeast * further),
          ...(tasks === undefined ? {} : { tasks: tasks === 0 ? 0 : whole(tasks * more) }),
          ...(change === undefined ? {} : { change: Math.sign(change) * whole(Math.abs(change) * more) }),
        })),
      })),
    ),
  ],
  rules: ({ events }) => [
    [0.1, 0.25, 0.5, 1, 2, 4].flatMap((further) =>
      [0.5, 1, 2, 4].map((more) => ({
        events: events.map(({ metric, action, min, max }) => ({
          ...{ metric, action: Math.sign(action) * whole(Math.abs(action) * more) },
          ...(min === undefined ? {} : { min: neat(min * further) }),
          ...(max === undefined ? {} : { max: neat(max * further) }),
        })),
      })),
    ),
  ],
  presence: ({ tasks }) => [
    each(
      'tasks',
      [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5].map((factor) => whole(tasks * factor)),
    ),
    seconds('emptyFor', [30, 60, 120, 300]),
  ],
  forecast: (_, { startUp }) => [
    each('method', ['seasonal', 'smoothing']),
    seconds(
      'horizon',
      [1, 2, 4].map((factor) => Math.max(1, startUp * factor)),
    ),
    each('maxError', [0.1, 0.3, 0.6]),
  ],
  formula: ({ tasks }) => [
    [0.4, 0.6, 0.8, 1, 1.25, 1.6, 2, 3].map((factor) => ({
      tasks: factor === 1 ? tasks : `(${tasks}) * ${factor}`,
    })),
  ],
};

export const gridOf = <T extends Policy['type']>(policy: PolicyOf<T>, known: Known): Grid => {
  const grid = grids[policy.type as T] as Grids[T];
  return grid(policy, known);
};

/** Seconds between two scale-ins, tried for the best that the policy itself can do. */
export const cooldowns: Grid = [['0s', '30s', '60s', '120s', '300s'].map((pause) => ({ in: pause }))];
