/** How far it is, by a clock of the test. */
import { expect, test } from '@jest/globals';
import { shortPlan } from '../../../bench/scaling/plan.ts';
import { createProgress } from '../../../bench/scaling/progress.ts';

const facts = {
  about: '',
  split: '',
  recorded: false,
  messages: 500,
  meanWork: 1,
  meanDemand: 1,
  peakDemand: 1,
};

test('a share of the work and an estimate of the rest, at most every ten seconds where nobody watches', () => {
  const said: string[] = [];
  let now = 100;
  const { sweep: _, ...plan } = { ...shortPlan, startUps: [23], peers: [], bounds: [] };
  const entries = shortPlan.entries.slice(0, 2);
  const progress = createProgress(
    { write: (text) => said.push(text) },
    () => now,
    () => true,
  );
  // 100 + 500 ÷ 5 of the first, 300 + 100 of the second, two runs of each: 1200 in all.
  progress.begin({ ...plan, entries }, [
    { trace: 'one', seconds: 100, ...facts },
    { trace: 'two', seconds: 300, ...facts },
  ]);
  now = 120;
  progress.isRun('one');
  now = 125;
  progress.isRun('one');
  now = 160;
  progress.isRun('two');
  progress.isRun('two');
  expect(said).toEqual([
    ' 16 % one, about 2 min left\n',
    ' 66 % two, about 30 s left\n',
    '100 % two, about 0 s left\n',
  ]);
});
