/** Stories of one service: how they are told in these tests, and what must be so in each. */
import { expect } from '@jest/globals';
import { type Story, type StoryTick, type Told, tell } from '../../local/simulation/story.ts';
import { tools } from '../samples.ts';

/** Every 5 s, tasks that need 30 s to start, at most 200 of them. */
export const told = (story: Partial<Story> & Pick<Story, 'load' | 'seconds'>): Told =>
  tell({ tools, startUp: 30, ...story, service: { tasks: { max: 200 }, ...story.service } });

/** One of each kind of rule, in sizes that fit messages of a second. */
export const POLICIES = {
  queueDelay: { type: 'queueDelay' },
  target: { type: 'target', backlogPerTask: 10 },
  panic: { type: 'panic', target: 10 },
  threshold: {
    ...{ type: 'threshold', scaleUpThreshold: 20, scaleDownThreshold: 10 },
    ...{ tasksPerMessage: 0.05, maxScaleDownFactor: 0.5 },
  },
} as const;

export const between = (t: number, from: number, to: number): boolean => t >= from && t < to;

export const peak = ({ ticks }: Told): number => Math.max(...ticks.map(({ decision }) => decision.to));
export const during = ({ ticks }: Told, from: number, to: number): readonly StoryTick[] =>
  ticks.filter(({ t }) => between(t, from, to));
/** The count decided at `t`. */
export const at = ({ ticks }: Told, t: number): number =>
  ticks.findLast((tick) => tick.t <= t)?.decision.to ?? 0;
export const ins = (ticks: readonly StoryTick[]): readonly StoryTick[] =>
  ticks.filter(({ decision }) => decision.direction === 'in');
export const changes = ({ ticks }: Told): number =>
  ticks.filter(({ decision }) => decision.direction !== 'hold').length;
export const longest = ({ waits }: Told): number => Math.max(...waits);
/** So many of a hundred messages waited no longer. */
export const percentile = ({ waits }: Told, share: number): number =>
  waits.toSorted((one, other) => one - other)[Math.ceil((share / 100) * waits.length) - 1] ?? 0;
export const chain = (tick: StoryTick | undefined): string =>
  tick?.decision.reasons.map(({ by, said, why }) => `${by} said ${said}: ${why}`).join('; ') ?? '';

/** Whatever happens: nothing is lost, nobody falls blindfold, and a change is said by the last who changed it. */
export const expectSane = (story: Told, messages: number): void => {
  expect(story.finished + story.left).toBe(messages);
  for (const { decision } of story.ticks) {
    const { from, to, reading, reasons } = decision;
    if (!reading.known) expect(to).toBeGreaterThanOrEqual(from);
    expect(reasons.at(-1)?.said).toBe(to);
  }
};
