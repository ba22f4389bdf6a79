/** What holds for every load of the bench. */
import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from '@jest/globals';
import type { Part } from '../../../../bench/scaling/traces/kind.ts';
import { traces } from '../../../../bench/scaling/traces/registry.ts';
import { meanWork, type Trace } from '../../../../local/simulation/trace.ts';
import { describeWith } from './present.ts';

const DAY = 86_400;
const before = process.env['TRACES'];
afterEach(() => {
  if (before === undefined) delete process.env['TRACES'];
  else process.env['TRACES'] = before;
});

/** What is wrong with it, looked for without an assertion for each of 864,000 messages. */
const faultsOf = ({ arrivals, work, seconds }: Trace): readonly string[] => {
  const faults = new Set<string>();
  let last = 0;
  for (const at of arrivals) {
    if (!(at >= last)) faults.add('an arrival before the one before, or before the beginning');
    if (!(at <= seconds)) faults.add('an arrival after the end');
    last = at;
  }
  for (const each of work)
    if (!(each > 0 && each < Number.POSITIVE_INFINITY)) faults.add('work that is none');
  if (work.length !== arrivals.length) faults.add('not as much work as arrivals');
  if (!Number.isInteger(seconds)) faults.add('a fraction of a second');
  return [...faults];
};

const bytes = ({ arrivals, work }: Trace): Buffer =>
  Buffer.concat([arrivals, work].map(({ buffer }) => Buffer.from(buffer)));

const busyOf = (trace: Trace): number => (meanWork(trace) * trace.work.length) / trace.seconds;

test('names are short, and no two are alike; they serve as names of files', () => {
  const names = traces.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z0-9-]{3,24}$/);
});

test('where no file is, those that are made here are left', () => {
  process.env['TRACES'] = '/nowhere';
  for (const { file, load } of traces) expect(load('test', 1) === undefined).toBe(file !== undefined);
  expect(traces.filter(({ file }) => file === undefined).length).toBeGreaterThanOrEqual(7);
});

test('the page about the bench tells of every one, and of its file', () => {
  const page = readFileSync('bench/README.md', 'utf8');
  for (const { name, file = name } of traces)
    for (const each of [name, file]) expect(page).toContain(`\`${each}\``);
});

for (const { name, file, load } of traces) {
  describeWith(name, file, () => {
    const loaded = (part: Part, seed: number, busy?: number): Trace => {
      const trace = load(part, seed, busy);
      if (trace === undefined) throw new Error(`${name} was not loaded`);
      return trace;
    };

    test.each(['training', 'test'] as const)(
      '%s is in order, not too much for a day, and keeps 20 tasks busy',
      (part) => {
        const trace = loaded(part, 1);
        expect(faultsOf(trace)).toEqual([]);
        expect(trace.name).toBe(name);
        expect(trace.arrivals.length).toBeGreaterThan(1000);
        expect(trace.arrivals.length).toBeLessThanOrEqual(900_000);
        expect(trace.seconds).toBeLessThanOrEqual(DAY);
        expect(busyOf(trace) / 20).toBeCloseTo(1, 3);
      },
    );

    test('the same seed gives the same bytes, another seed others, and as many tasks are busy as asked for', () => {
      const one = loaded('training', 1, 100);
      expect(bytes(one).equals(bytes(loaded('training', 1, 100)))).toBe(true);
      expect(bytes(one).equals(bytes(loaded('training', 2, 100)))).toBe(false);
      expect(faultsOf(one)).toEqual([]);
      expect(busyOf(one) / 100).toBeCloseTo(1, 3);
    });
  });
}
