/** Loads by name, and the stretch that is cut out of them. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { cutOf, factsOf, loaded } from '../../../bench/scaling/load.ts';
import type { Trace } from '../../../local/simulation/trace.ts';

/** One message in the middle of each minute, and in the 7th minute three more. */
const trace: Trace = (() => {
  const arrivals = [30, 90, 150, 210, 270, 330, 370, 380, 390, 395, 450, 510, 570];
  return {
    name: 'minutes',
    ...{ arrivals: Float64Array.from(arrivals), work: Float64Array.from(arrivals, (_, nth) => nth + 1) },
    seconds: 600,
  };
})();

test('the busiest minute is in the middle of what is cut out', () => {
  // It begins at 360; 240 s around it are those from 240 on.
  const { arrivals, work, seconds } = cutOf(trace, 240);
  expect(seconds).toBe(240);
  expect([...arrivals]).toEqual([30, 90, 130, 140, 150, 155, 210]);
  expect([...work]).toEqual([5, 6, 7, 8, 9, 10, 11]);
});

test('at its end there is as much as there is', () => {
  expect([...cutOf(trace, 540).arrivals].slice(0, 2)).toEqual([30, 90]);
  expect(cutOf(trace, 540).seconds).toBe(540);
  expect(cutOf(trace, 3600)).toBe(trace);
});

test('a load of the registry: as many tasks are busy as the rule says, and the facts say so', () => {
  const load = loaded({ trace: 'steady', part: 'test', seed: 1 });
  if (load === undefined) throw new Error('it is made here');
  const { messages, seconds, meanWork, meanDemand, peakDemand } = factsOf(load);
  expect((messages * meanWork) / seconds).toBeCloseTo(20, 6);
  expect(meanDemand).toBeGreaterThan(20);
  expect(peakDemand).toBeGreaterThan(meanDemand);
  expect(load.setting).toMatchObject({ target: 60, tasks: { min: 1, max: 200 } });
});

test('a file that counts messages needs their seconds of work, and the error says how to tell them', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'bench-')), 'mine.csv');
  writeFileSync(path, 't,count\n0,60\n60,120\n');
  expect(() => loaded({ trace: path, part: 'test', seed: 1 })).toThrow('give --work SECONDS');
  expect(loaded({ trace: path, part: 'test', seed: 1, work: 2 })?.trace.arrivals).toHaveLength(180);
});
