/** What the seasonal forecast makes of its memory: gaps, restarts, other clocks and other options. */
import { describe, expect, test } from '@jest/globals';
import type { ServiceMemory } from '../../../lambdas/contract/records.ts';
import { at, play } from './forecast-play.ts';

const SEASON = 600;
const forecast = { season: SEASON, horizon: 60 };
const need = (t: number): number => (t % SEASON >= 300 && t % SEASON < 540 ? 12 : 2);
/** Four seasons. */
const known = play({ forecast, need, until: 4 * SEASON });
const memory: ServiceMemory = known.at(-1)?.memory ?? {};
const keptBy = (given: ServiceMemory | undefined) => given?.kept?.['forecast'];
const raisedBefore = (ticks: ReturnType<typeof play>, morning: number) =>
  ticks.some(({ t, to }) => t >= morning - 60 && t < morning && to >= 10);

test('empty memory: no floor until a season has been seen and compared', () => {
  const ticks = play({ forecast, need, from: 4 * SEASON + 200, until: 6 * SEASON });
  const learning = ticks.filter(({ t }) => t < 5 * SEASON + 200);
  expect(learning.every(({ said, why }) => said === 0 && why.startsWith('learning'))).toBe(true);
  expect(raisedBefore(ticks, 5.5 * SEASON)).toBe(true);
});

test('a short gap costs nothing but what happened in it', () => {
  const ticks = play({ forecast, need, from: 4 * SEASON + 80, until: 5 * SEASON, memory });
  expect(at(ticks, 4 * SEASON + 80).why).toContain('off of late');
  expect(raisedBefore(ticks, 4.5 * SEASON)).toBe(true);
});

test('after a long gap the season is still known, and has to prove itself again', () => {
  const ticks = play({ forecast, need, from: 7 * SEASON + 100, until: 8 * SEASON, memory });
  expect(at(ticks, 7 * SEASON + 100)).toMatchObject({ said: 0, why: 'learning: 10 of 10 min seen' });
  expect(raisedBefore(ticks, 7.5 * SEASON)).toBe(true);
});

test('what was never looked at is unknown, not 0', () => {
  // Only the first and the last quarter of every season.
  const parts = [0, 1, 2].flatMap((nth) => [
    { from: nth * SEASON, until: nth * SEASON + 150 },
    { from: nth * SEASON + 450, until: (nth + 1) * SEASON },
  ]);
  let kept: ServiceMemory = {};
  for (const { from, until } of parts)
    kept = play({ forecast, need: () => 30, from, until, memory: kept }).at(-1)?.memory ?? {};
  const ticks = play({ forecast, need: () => 30, from: 3 * SEASON, until: 4 * SEASON, memory: kept });
  expect(at(ticks, 3 * SEASON + 80).why).toContain('off of late');
  // 150 s of 600 s were never looked at, and what happens in the last minute before a gap may not have lasted.
  expect(at(ticks, 3 * SEASON + 250).why).toMatch(/^learning: [345](\.\d)? of 10 min seen/);
  expect(ticks.every(({ to }) => to === 30)).toBe(true);
});

describe('nobody can see', () => {
  const blind = play({ forecast, need: () => undefined, from: 4 * SEASON, until: 5 * SEASON, memory });

  test('the floor is held while what is known is fresh, and nothing is learned', () => {
    expect(at(blind, 4 * SEASON)).toMatchObject({ said: 2, to: 2 });
    expect(at(blind, 4 * SEASON + 100)).toMatchObject({ said: 0 });
    expect(at(blind, 4 * SEASON + 100).why).toBe(
      'not used: nobody knows what is needed, and what was known is 105 s old',
    );
    expect(keptBy(blind.at(-1)?.memory)).toEqual(keptBy(memory));
  });

  test('a rise that is due comes all the same', () => {
    const seen = play({ forecast, need, from: 4 * SEASON, until: 4 * SEASON + 220, memory });
    const morning = play({
      ...{ forecast, need: () => undefined, from: 4 * SEASON + 220, until: 4 * SEASON + 290 },
      memory: seen.at(-1)?.memory ?? {},
    });
    expect(morning.at(-1)?.to).toBeGreaterThanOrEqual(10);
  });

  test('with nothing known there is no floor', () => {
    const [first] = play({ forecast, need: () => undefined, until: 5 });
    expect(first).toMatchObject({ said: 0, to: 0, why: 'learning: nothing seen yet' });
  });
});

test('a clock that goes back: no floor until it has proved itself, and then as before', () => {
  const ticks = play({ forecast, need, from: 2 * SEASON + 100, until: 3 * SEASON, memory });
  expect(at(ticks, 2 * SEASON + 100)).toMatchObject({ said: 0, to: 2 });
  expect(raisedBefore(ticks, 2.5 * SEASON)).toBe(true);
  const blind = play({ forecast, need: () => undefined, from: 2 * SEASON, until: 2 * SEASON + 5, memory });
  expect(blind[0]?.why).toBe('not used: nobody knows what is needed, and what was known is 19.9 min ahead');
});

test.each([
  { now: 'another season', options: { season: 660, horizon: 60 } },
  { now: 'another method', options: { method: 'smoothing', horizon: 60 } },
])('$now: what was learned for the other is dropped', ({ options }) => {
  const [first] = play({ forecast: options, need, from: 4 * SEASON, until: 4 * SEASON + 5, memory });
  expect(first?.said).toBe(0);
  expect(first?.why).toMatch(/^learning: (0 of 11 min seen|compared for 0 of 60 s)$/);
});

test.each([
  { now: 'horizon', options: { ...forecast, horizon: 120 } },
  { now: 'maxError', options: { ...forecast, maxError: 0.2 } },
  { now: 'season, by less than a second', options: { ...forecast, season: 600.4 } },
])('another $now: what was learned stays', ({ options }) => {
  const ticks = play({ forecast: options, need, from: 4 * SEASON, until: 5 * SEASON, memory });
  expect(at(ticks, 4 * SEASON).why).toContain('off of late');
  expect(raisedBefore(ticks, 4.5 * SEASON)).toBe(true);
});

test('a season of a week with hundreds of tasks: within what a part of 4.2 hours changes by', () => {
  const week = 604_800;
  const course = (t: number): number => Math.round(500 + 400 * Math.sin((2 * Math.PI * t) / week));
  const ticks = play({
    ...{ forecast: { season: week, horizon: 60 }, need: course, until: 1.2 * week, interval: 60 },
  });
  expect(keptBy(ticks.at(-1)?.memory)?.[0]).toBe(week);
  const forecasts = ticks.filter(({ t, said }) => t > 1.05 * week && said > 0);
  expect(forecasts.length).toBeGreaterThan(1000);
  for (const { t, said } of forecasts) expect(Math.abs(said - course(t))).toBeLessThan(62 + 8);
});
