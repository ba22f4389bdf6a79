/** What is said of the bar, by rows whose answer is known. */
import { expect, test } from '@jest/globals';
import { peers } from '../../../bench/scaling/peers/registry.ts';
import type { Results } from '../../../bench/scaling/results.ts';
import type { Row } from '../../../bench/scaling/row.ts';
import { figureTables } from '../../../bench/scaling/tables.ts';
import { verdictLines, verdictSection } from '../../../bench/scaling/verdict.ts';
import { rowOf } from './rows.ts';

const run = (contestant: string, over60: number, taskSeconds: number, more: Partial<Row> = {}): Row =>
  rowOf({
    ...{ trace: 'azure-code', contestant, ...more },
    figures: { over60, taskSeconds, optimumSeconds: 50, costRatio: taskSeconds / 50 },
  });

const resultsOf = (rows: readonly Row[]): Results => ({
  ...{ name: 'small', target: 60, seeds: 1, absent: [], rules: {}, tuned: {}, sweptHere: [], rows },
  loads: [...new Set(rows.map(({ trace }) => trace))].map((trace) => ({
    ...{ trace, about: 'a load', split: '', recorded: trace.startsWith('azure') },
    ...{ messages: 1, seconds: 60, meanWork: 1, meanDemand: 1, peakDemand: 1 },
  })),
});

const linesOf = (...rows: readonly Row[]): string => verdictLines(resultsOf(rows)).join('\n');

test('the bar holds: half as dear as the only peer, as punctual', () => {
  const said = linesOf(
    ...[run('queueDelay', 0, 60), run('Knative KPA', 0, 120), run('KEDA + HPA', 0.3, 40)],
    run('zero-delay optimum', 0, 51),
  );
  expect(said).toContain('Against peers at their defaults, recorded loads, 1 traces × plants: 0.50 ×');
  expect(said).toContain('(the bar is 0.70; the zero-delay optimum itself comes to 0.42): holds.');
  expect(said).not.toContain('FALLS SHORT');
});

test('what is dearer or later is named, and the bar falls short for it', () => {
  const dear = linesOf(run('queueDelay', 0, 150), run('Knative KPA', 0, 120));
  expect(dear).toContain('FALLS SHORT');
  expect(dear).toContain('dearer: 1: azure-code at 23 s (1.25 × Knative KPA)');
  const late = linesOf(run('queueDelay', 0.02, 50), run('Knative KPA', 0.001, 120));
  expect(late).toContain('FALLS SHORT');
  expect(late).toContain('0.1 percentage points: 1: azure-code at 23 s (2.0 %, Knative KPA 0.10 %)');
});

test('a rule of a paper counts among all and not among what can be installed; a made load is told apart', () => {
  const said = linesOf(
    ...[run('queueDelay', 0, 60), run('React', 0, 60), run('Knative KPA', 0, 120)],
    ...[run('queueDelay', 0, 60, { trace: 'steady' }), run('React', 0, 80, { trace: 'steady' })],
  );
  expect(said).toContain('at their defaults, recorded loads, 1 traces × plants: 1.00 ×');
  expect(said).toContain('installed, at their defaults, recorded loads, 1 traces × plants: 0.50 ×');
  expect(said).toContain('at their defaults, made loads, 1 traces × plants: 0.75 ×');
});

test('learning and looking seldom, beside the main line', () => {
  const said = linesOf(
    run('queueDelay', 0.01, 100),
    run('queueDelay, learned', 0.02, 120),
    run('queueDelay, every 60 s', 0.11, 80),
  );
  expect(said).toContain(
    '1.20 × the task-seconds, +1.00 points late in the mean (the bar is 1.10 ×, as punctual): FALLS SHORT',
  );
  expect(said).toContain(
    'on loads that come and go: 0.80 × the task-seconds, +10.00 points late in the mean',
  );
});

test('losses are printed with both figures', () => {
  const section = verdictSection(
    resultsOf([
      run('queueDelay', 0.02, 50),
      run('Knative KPA', 0.001, 120),
      run('Knative KPA', 0, 90, { variant: 'tuned' }),
    ]),
  );
  expect(section).toMatch(/Knative KPA +\| 0 \/ 0 \/ 1 .*azure-code at 23 s, seed 1 \(2\.0 %, 0\.10 %\)/);
  expect(section).toMatch(/Knative KPA, tuned +\| 0 \/ 0 \/ 1 /);
});

test('a cell is cost and lateness, and the last column is over all traces', () => {
  const text = figureTables(
    resultsOf([
      run('queueDelay', 0, 50),
      run('queueDelay', 0.02, 200, { trace: 'steady' }),
      run('React', 1, 10),
    ]),
  );
  expect(text).toMatch(/\| queueDelay +\| 1\.00 \/ 0 +\| 4\.00 \/ 2\.0 % +\| 2\.00 \/ 1\.0 % +\|/);
  expect(text).toMatch(/\| React +\| 0\.20 \/ 100 % +\| – +\|/);
});

test('what differs from seed to seed is shown from the lowest to the highest', () => {
  const rows = [run('queueDelay', 0, 50), run('queueDelay', 0.02, 60, { seed: 2 })];
  const text = figureTables({ ...resultsOf(rows), seeds: 2 });
  expect(text).toMatch(/\| queueDelay +\| 1\.00 to 1\.20 \/ 0 to 2\.0 % +\|/);
  expect(figureTables(resultsOf(rows))).not.toContain('lowest to the highest');
});

test('every peer is either of a paper or can be installed, by a name that exists', () => {
  for (const name of ['React', 'Reg', 'Hist', 'Adapt', 'Knative KPA', 'KEDA + HPA'])
    expect(peers.map((peer) => peer.name)).toContain(name);
});
