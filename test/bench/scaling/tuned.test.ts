/** Parameters that are stored, and the load that they are tuned on. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import type { LoadFacts, LoadName } from '../../../bench/scaling/load.ts';
import { merged, readStored, trainingLoad, writeStored } from '../../../bench/scaling/tuned.ts';

const stored = {
  steady: { '23 s': { one: { a: 1, b: 0.5 }, other: { c: 2 } }, '57 s': { one: { a: 3, b: 1 } } },
};

test('what is written is read, and nothing is there before', () => {
  const file = pathToFileURL(join(mkdtempSync(join(tmpdir(), 'bench-')), 'tuned.json'));
  expect(readStored(file)).toEqual({});
  writeStored(file, stored);
  expect(readStored(file)).toEqual(stored);
});

test('what is new replaces what was there, of the same peer, plant and trace alone', () => {
  expect(
    merged(stored, {
      steady: { '23 s': { one: { a: 9, b: 9 } } },
      ramp: { '23 s': { one: { a: 4, b: 4 } } },
    }),
  ).toEqual({
    steady: { '23 s': { one: { a: 9, b: 9 }, other: { c: 2 } }, '57 s': { one: { a: 3, b: 1 } } },
    ramp: { '23 s': { one: { a: 4, b: 4 } } },
  });
});

/** A trace whose training part has so many seconds of work where 20 tasks are busy. */
const describing = (workOf: (busy: number) => number) => ({
  describe: ({ busy = 20 }: LoadName): Promise<LoadFacts> =>
    Promise.resolve({ messages: 1, seconds: 1, meanWork: workOf(busy), meanDemand: 1, peakDemand: 1 }),
});

test('a quieter training day is loaded with as many tasks as messages of the same work keep busy', async () => {
  const quiet = describing((busy) => (25 * busy) / 20);
  await expect(trainingLoad(quiet, 'nasa', 10, 3600)).resolves.toMatchObject({ part: 'training', busy: 8 });
});

test('work that is as good as the same, or that is recorded, stays', async () => {
  const same = await trainingLoad(
    describing((busy) => (10.1 * busy) / 20),
    'twitter',
    10,
    3600,
  );
  expect(same).not.toHaveProperty('busy');
  const recorded = await trainingLoad(
    describing(() => 93),
    'genai',
    109,
    3600,
  );
  expect(recorded).not.toHaveProperty('busy');
});

test('no file, no sweep', async () => {
  await expect(
    trainingLoad({ describe: () => Promise.resolve(undefined) }, 'nasa', 10, 60),
  ).resolves.toBeUndefined();
});
