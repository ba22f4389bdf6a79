/** The forecast by level and trend. */
import { describe, expect, test } from '@jest/globals';
import { at, play, surplus } from './forecast-play.ts';

const forecast = { method: 'smoothing', horizon: 60 };
const unused = (why: string): boolean => /^(not used|learning)/.test(why);

/** A number from 0 to 1 that looks random and is the same each time. */
const noise = (t: number): number => {
  const wave = Math.sin(t * 12.9898) * 43_758.5453;
  return wave - Math.floor(wave);
};

describe('a ramp', () => {
  /** 5 tasks, one more every 10 s from 300 s to 1500 s, then 125. */
  const ramp = (t: number): number => 5 + Math.floor(Math.max(0, Math.min(1200, t - 300)) / 10);
  const until = 2400;

  test.each([1, 5, 20, 60])('at %i s: it leads by at least half of the horizon', (interval) => {
    const ticks = play({ forecast, need: ramp, until, interval }).filter(({ t }) => t >= 900 && t < 1440);
    expect(ticks.length).toBeGreaterThan(8);
    for (const { t, said } of ticks) {
      expect(said).toBeGreaterThanOrEqual(ramp(t + 30));
      expect(said).toBeLessThanOrEqual(ramp(t + 60 + interval) * 1.1);
    }
  });

  test('its end: it overshoots by what it led by, and for five minutes at most', () => {
    const ticks = play({ forecast, need: ramp, until }).filter(({ t }) => t >= 1500);
    expect(Math.max(...ticks.map(({ to }) => to))).toBeLessThanOrEqual(125 + 8);
    expect(ticks.filter(({ t }) => t >= 1800).every(({ to }) => to <= 125 + 3)).toBe(true);
  });

  test('downhill it is no floor', () => {
    const need = (t: number): number => ramp(1800 - t);
    const ticks = play({ forecast, need, until: 1800 }).filter(({ t }) => t > 700);
    expect(surplus(ticks) / ticks.length / 5).toBeLessThan(0.5);
  });
});

describe('the error', () => {
  test('a load that jumps between 2 and 60 at every other minute: not used', () => {
    const need = (t: number): number => (Math.floor(t / 60) % 2 === 0 ? 2 : 60);
    const ticks = play({ forecast, need, until: 3600 }).filter(({ t }) => t > 600);
    expect(ticks.every(({ why }) => unused(why))).toBe(true);
    expect(at(ticks, 1800).why).toMatch(/^not used: \d\d % off of late, limit 30 %$/);
  });

  test('a load that is steady but for noise costs a few per cent', () => {
    const need = (t: number): number => Math.round(20 + 8 * (noise(t) - 0.5));
    const ticks = play({ forecast, need, until: 7200 });
    const needed = ticks.reduce((sum, tick) => sum + 5 * (tick.need ?? 0), 0);
    expect(ticks.at(-1)?.why).toContain('off of late');
    expect(surplus(ticks) / needed).toBeLessThan(0.06);
  });

  test('one jump is forgiven after a few horizons', () => {
    const ticks = play({ forecast, need: (t) => (t < 1200 ? 5 : 80), until: 2400 });
    expect(ticks.some(({ t, why }) => t > 1200 && why.startsWith('not used'))).toBe(true);
    expect(unused(at(ticks, 2000).why)).toBe(false);
    expect(ticks.filter(({ t }) => t > 1200).every(({ to }) => to <= 110)).toBe(true);
  });
});

describe('what it says', () => {
  const ticks = play({ forecast, need: (t) => 5 + Math.floor(t / 30), until: 1200 });

  test.each([
    { t: 0, why: 'learning: compared for 0 of 60 s' },
    { t: 85, why: 'learning: compared for 30 of 60 s' },
    { t: 600, why: '24.6 needed of late, rising by 2 a minute: 26.2 in 65 s, 3 % off of late' },
  ])('at $t s: $why', ({ t, why }) => expect(at(ticks, t).why).toBe(why));

  test('steady', () => {
    const steady = play({ forecast, need: () => 8, until: 300 });
    expect(at(steady, 295).why).toBe('8 needed of late, steady: 8 in 65 s, 0 % off of late');
  });
});

test('nobody can see: it learns nothing, and is a floor for a minute and a half', () => {
  const seen = play({ forecast, need: () => 8, until: 600 });
  const memory = seen.at(-1)?.memory;
  const blind = play({ forecast, need: () => undefined, from: 600, until: 800, ...(memory && { memory }) });
  expect(at(blind, 680)).toMatchObject({ said: 8, to: 8 });
  expect(at(blind, 690)).toMatchObject({ said: 0 });
  expect(at(blind, 690).why).toBe('not used: nobody knows what is needed, and what was known is 95 s old');
  expect(blind.at(-1)?.memory.kept?.['forecast']).toEqual(memory?.kept?.['forecast']);
});

test('a gap, or a clock that goes back: it begins anew', () => {
  const seen = play({ forecast, need: () => 8, until: 600 });
  const memory = seen.at(-1)?.memory ?? {};
  for (const from of [700, 100]) {
    const [first, ...rest] = play({ forecast, need: () => 3, from, until: from + 300, memory });
    expect(first).toMatchObject({ said: 0, to: 3, why: 'learning: compared for 0 of 60 s' });
    expect(rest.every(({ to }) => to === 3)).toBe(true);
  }
});
