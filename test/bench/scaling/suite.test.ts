/** A small run of the bench from names to bytes, in real threads. */
import { beforeAll, expect, test } from '@jest/globals';
import { bounds } from '../../../bench/scaling/bounds.ts';
import { entries, MAIN } from '../../../bench/scaling/entries.ts';
import { type Job, seriesOf } from '../../../bench/scaling/job.ts';
import { peers } from '../../../bench/scaling/peers/registry.ts';
import type { Plan } from '../../../bench/scaling/plan.ts';
import { createPool } from '../../../bench/scaling/pool.ts';
import { createProgress } from '../../../bench/scaling/progress.ts';
import { report } from '../../../bench/scaling/report.ts';
import { type Results, toJson } from '../../../bench/scaling/results.ts';
import { runPlan } from '../../../bench/scaling/suite.ts';

const plan: Plan = {
  name: 'small',
  loads: ['steady', 'on-off', 'long-jobs'].map((trace) => ({ trace, part: 'test', cut: 300 })),
  startUps: [23],
  seeds: 2,
  peers: peers.filter(({ name }) => ['Knative KPA', 'KEDA + HPA', 'AWS step scaling'].includes(name)),
  entries,
  bounds,
  sweep: { budget: 3, cut: 300, again: false, only: false },
};

const run = async (threads: number): Promise<Results> => {
  const pool = createPool(threads);
  const progress = createProgress(
    { write: () => {} },
    () => 0,
    () => false,
  );
  try {
    return await runPlan(plan, {}, { pool, progress });
  } finally {
    await pool.close();
  }
};

let one: Results | undefined;
let two: Results | undefined;
beforeAll(async () => {
  one = await run(1);
  two = await run(2);
}, 60_000);

const results = (): Results => {
  if (one === undefined) throw new Error('it did not run');
  return one;
};

test('one thread and two write the same bytes', () => {
  if (two === undefined) throw new Error('it did not run');
  expect(toJson(results())).toBe(toJson(two));
  expect(report(results())).toBe(report(two));
});

test('a row for everybody on every trace with every seed, and no figure is missing', () => {
  const { rows } = results();
  const tuned = plan.peers.length;
  expect(rows).toHaveLength(3 * 2 * (entries.length + plan.peers.length + tuned + bounds.length));
  expect(rows.filter(({ variant }) => variant === 'tuned')).toHaveLength(3 * 2 * tuned);
  for (const { figures } of rows) expect(Object.values(figures).every(Number.isFinite)).toBe(true);
  const { runs, columns } = JSON.parse(toJson(results())) as {
    readonly runs: readonly (readonly [...string[], readonly (readonly number[])[]])[];
    readonly columns: readonly string[];
  };
  expect(runs).toHaveLength(rows.length / 2);
  for (const each of runs) {
    const seeds = each.at(-1) as readonly (readonly number[])[];
    expect(seeds.map((values) => values.length)).toEqual([columns.length, columns.length]);
  }
});

test('everybody meets as many messages, and needs as much at the optimum', () => {
  const { rows } = results();
  for (const trace of ['steady', 'on-off', 'long-jobs'])
    for (const seed of [1, 2]) {
      const met = rows.filter((row) => row.trace === trace && row.seed === seed);
      expect(new Set(met.map(({ figures }) => figures.messages)).size).toBe(1);
      expect(new Set(met.map(({ figures }) => figures.optimumSeconds)).size).toBe(1);
    }
});

test('two contestants see the same arrivals with the same work, begin with the same tasks, and another seed has others', () => {
  const job = (contestant: string, seed: number): Job => ({
    ...{ load: { trace: 'on-off', part: 'test', seed, cut: 600 }, startUp: 23, contestant },
  });
  // Other loads in between, so that none of them is the one that was kept.
  const series = [job(MAIN, 1), job(MAIN, 2), job(MAIN, 3), job('Knative KPA', 1)].map(seriesOf);
  const [mine, other, , theirs] = series;
  expect(theirs?.trace.arrivals).toEqual(mine?.trace.arrivals);
  expect(theirs?.trace.work).toEqual(mine?.trace.work);
  expect(theirs?.demand).toEqual(mine?.demand);
  expect(theirs?.simulated.running[0]).toBe(mine?.simulated.running[0]);
  expect(theirs?.simulated.desired).not.toEqual(mine?.simulated.desired);
  expect(other?.trace.arrivals).not.toEqual(mine?.trace.arrivals);
});

test('a job that fails says which it was', async () => {
  const pool = createPool(1);
  try {
    const job: Job = {
      load: { trace: 'steady', part: 'test', seed: 1, cut: 60 },
      startUp: 23,
      contestant: 'Kanban',
    };
    await expect(pool.run(job)).rejects.toThrow(
      'Kanban on steady (test, seed 1, start-up 23 s): there is no contestant "Kanban"',
    );
    await expect(pool.describe({ trace: 'steady', part: 'test', seed: 1, cut: 60 })).resolves.toMatchObject({
      seconds: 60,
    });
  } finally {
    await pool.close();
  }
});

test("a trace of one's own that is not there", async () => {
  const pool = createPool(1);
  try {
    await expect(pool.describe({ trace: 'absent.csv', part: 'test', seed: 1 })).rejects.toThrow(
      /^absent.csv: there is no such file$/,
    );
  } finally {
    await pool.close();
  }
});
