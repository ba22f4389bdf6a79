/** What holds of every decision, asked of one: the invariants 1 to 3 of DESIGN.md and what the records promise. */
import { expect } from '@jest/globals';
import { decisionSchema, type Sample, serviceMemorySchema } from '../../lambdas/contract/records.ts';
import type { Decided } from '../../lambdas/decide/decide.ts';
import { MOST_CHARACTERS } from '../../lambdas/decide/memory.ts';

/** What the operator says outright is obeyed blindfold: a count to be held, and the bounds. */
const OUTRIGHT = ['pause', 'tasks'];

/** 1: min ≤ to ≤ max; a dry run leaves the count where it is. */
export const expectBounds = ({ service }: Sample, { decision: { from, to } }: Decided): void => {
  const { min, max } = service.dryRun === true ? { min: from, max: from } : service.tasks;
  expect(to).toBeGreaterThanOrEqual(min);
  expect(to).toBeLessThanOrEqual(max);
};

/** Whoever lowers a count although nothing else may is the last to speak, and the count is what he said. */
const expectNotLowered = ({ decision: { from, to, reasons } }: Decided): void => {
  if (to >= from) return;
  const last = reasons.at(-1);
  expect(OUTRIGHT).toContain(last?.by);
  expect(last?.said).toBe(to);
};

/** Whether anything of the load is out of sight. */
export const isBlind = ({ readings }: Sample): boolean =>
  readings.length === 0 || readings.some((reading) => !reading.known || reading.atLeast === true);

/** 2: nothing is lowered on what can't be seen, but by what the operator says outright. */
export const expectBlindHolds = (sample: Sample, decided: Decided): void => {
  const { counts, service } = sample;
  const { decision } = decided;
  if ('known' in counts) {
    expect(decision).toMatchObject({ direction: 'hold', to: decision.from });
  } else if (isBlind(sample)) {
    expectNotLowered(decided);
    const before = decision.reasons.findLast(({ by }) => !OUTRIGHT.includes(by) && by !== 'dryRun');
    if (service.dryRun !== true) expect(before?.said).toBeGreaterThanOrEqual(counts.desired);
  }
};

/** 3: nothing is lowered where scale-in is disabled. */
export const expectDisabledHolds = (sample: Sample, disableScaleIn: boolean, decided: Decided): void => {
  if (disableScaleIn || sample.service.disableScaleIn) expectNotLowered(decided);
};

const NO_NUMBER = /\b(NaN|undefined|null|Infinity)\b/;

/** What travels and is read by others: whole counts, a reason for every change, no more memory than there is room. */
export const expectRecords = ({ counts }: Sample, { decision, memory }: Decided): void => {
  const { from, to, direction, reasons } = decision;
  expect(decisionSchema.parse(JSON.parse(JSON.stringify(decision)))).toEqual(decision);
  const remembered = JSON.stringify(memory);
  expect(serviceMemorySchema.parse(JSON.parse(remembered))).toEqual(JSON.parse(remembered));
  expect(remembered.length).toBeLessThanOrEqual(MOST_CHARACTERS);
  expect(Math.sign(to - from)).toBe({ out: 1, hold: 0, in: -1 }[direction]);
  if (!('known' in counts)) expect(from).toBe(counts.desired);
  expect(reasons.length).toBeGreaterThan(0);
  expect(reasons.filter(({ by, why }) => by === '' || why === '' || NO_NUMBER.test(why))).toEqual([]);
  expect(direction === 'hold' || reasons.some(({ said }) => said === to)).toBe(true);
};

export const expectAlways = (sample: Sample, disableScaleIn: boolean, decided: Decided): void => {
  expectBounds(sample, decided);
  expectBlindHolds(sample, decided);
  expectDisabledHolds(sample, disableScaleIn, decided);
  expectRecords(sample, decided);
};
