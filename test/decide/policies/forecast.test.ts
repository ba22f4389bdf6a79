/** The seasonal forecast: it raises the count before what came a season ago, and goes when that does not come again. */
import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../lambdas/decide/decide.ts';
import { circumstances, counts, later, sample, seen, service } from '../../samples.ts';
import { at, type Played, play, surplus } from './forecast-play.ts';

const LOW = 2;
const HIGH = 12;
const DAY = 600;

/** High from the middle of a season until nine tenths of it. */
const dayAndNight =
  (season: number, high = HIGH) =>
  (t: number): number => {
    const share = (t % season) / season;
    return share >= 0.5 && share < 0.9 ? high : LOW;
  };

const forecast = { season: DAY, horizon: 60 };

describe('day and night', () => {
  test.each([
    { season: 600, interval: 1 },
    { season: 600, interval: 5 },
    { season: 600, interval: 20 },
    { season: 3600, interval: 5 },
    { season: 3600, interval: 60 },
  ])(
    'a season of $season s at $interval s: the count is there a horizon before it is needed',
    ({ season, interval }) => {
      const ticks = play({
        ...{ forecast: { season, horizon: 60 }, need: dayAndNight(season), until: 2 * season, interval },
      });
      const morning = 1.5 * season;
      const raised = ticks.find(({ t, to }) => t >= season && to >= HIGH)?.t ?? Number.POSITIVE_INFINITY;
      // In time, and no earlier than a rise is known to: a tick, or a tenth of a part.
      expect(morning - raised).toBeGreaterThanOrEqual(60);
      expect(morning - raised).toBeLessThanOrEqual(60 + 4 * Math.max(interval, season / 400));
      expect(ticks.filter(({ t }) => t > raised && t < morning).every(({ to }) => to === HIGH)).toBe(true);
      expect(ticks.filter(({ t }) => t < season).every(({ to, need }) => to === need)).toBe(true);
    },
  );

  test('it lets go with the load, and holds nothing through the night', () => {
    const ticks = play({ forecast, need: dayAndNight(DAY), until: 3 * DAY });
    const afterwards = ticks.filter(({ t }) => t >= 2 * DAY - 60 + 5 && t < 2.5 * DAY - 90);
    expect(afterwards.every(({ to }) => to === LOW)).toBe(true);
    expect(surplus(ticks) / (HIGH - LOW)).toBeLessThan(2 * 90);
  });

  test('a day at half the level: the rise, and no more than that', () => {
    const need = (t: number) => (t < 2 * DAY ? dayAndNight(DAY) : dayAndNight(DAY, 7))(t);
    const ticks = play({ forecast: { ...forecast, maxError: 0.6 }, need, until: 3 * DAY });
    expect(at(ticks, 2.5 * DAY - 30).to).toBe(HIGH);
    expect(at(ticks, 2.5 * DAY + 60).to).toBe(7);
    expect(at(ticks, 2.5 * DAY + 60).why).toMatch(
      /^12 needed at this time 10 min ago and no more within 70 s/,
    );
  });

  test('what it took a season ago is blended with what it took before: one odd day is not the rule', () => {
    const need = (t: number) => (t >= 2 * DAY && t < 3 * DAY ? LOW : dayAndNight(DAY)(t));
    const ticks = play({ forecast, need, until: 4 * DAY });
    expect(at(ticks, 3.5 * DAY - 30).said).toBeGreaterThanOrEqual((HIGH + LOW) / 2);
  });

  test('a peak that does not last three horizons is not learned', () => {
    const need = (t: number) => (t % DAY >= 300 && t % DAY < 345 ? 500 : LOW);
    expect(Math.max(...play({ forecast, need, until: 4 * DAY }).map(({ said }) => said))).toBeLessThan(10);
  });
});

describe('the error', () => {
  const wrongFrom = 4 * DAY;
  const wrong = (t: number) => (t < wrongFrom ? dayAndNight(DAY)(t) : LOW);

  test('a load that stays away: off within the first rise, and forgotten in a few seasons', () => {
    const ticks = play({ forecast, need: wrong, until: 8 * DAY }).filter(({ t }) => t >= wrongFrom);
    const seasons = [0, 1, 2, 3].map((nth) =>
      surplus(ticks.filter(({ t }) => Math.floor((t - wrongFrom) / DAY) === nth)),
    );
    // 10 tasks for the horizon, a tick, and the slack of a tick and a tenth around a rise.
    expect(seasons[0]).toBeLessThanOrEqual((HIGH - LOW) * 95);
    expect(seasons[1]).toBeLessThanOrEqual((seasons[0] ?? 0) / 1.9);
    expect(seasons[3]).toBeLessThan((HIGH - LOW) * 15);
    const off = ticks.filter(({ why }) => why.startsWith('not used'));
    expect(off[0]?.t).toBeLessThanOrEqual(wrongFrom + 0.5 * DAY + 90);
    expect(off[0]?.why).toMatch(/^not used: 3\d % off of late, limit 30 %$/);
  });

  test('it comes back once the load does', () => {
    const need = (t: number) => (t >= wrongFrom && t < wrongFrom + DAY ? LOW : dayAndNight(DAY)(t));
    const ticks = play({ forecast, need, until: wrongFrom + 3 * DAY });
    expect(at(ticks, wrongFrom + DAY + 5).why).toContain('off of late');
    expect(at(ticks, wrongFrom + 2.5 * DAY - 30).to).toBeGreaterThanOrEqual(9);
  });

  test.each([
    { maxError: 0, raised: false },
    { maxError: 0.3, raised: false },
    { maxError: 1, raised: true },
  ])('maxError $maxError: a pattern that is another every day is used: $raised', ({ maxError, raised }) => {
    // High in one of four quarters, never the same twice running.
    const need = (t: number) =>
      Math.floor(t / 150) % 4 === [0, 2, 1, 3][Math.floor(t / DAY) % 4] ? 40 : LOW;
    const ticks = play({ forecast: { ...forecast, maxError }, need, until: 8 * DAY }).slice(3 * 120);
    const lifted = ticks.filter(({ said, need: now = 0 }) => said > now + 1);
    if (raised) expect(lifted.length).toBeGreaterThan(100);
    else expect(lifted.length).toBeLessThan(60);
  });

  test('one task more or less is no error', () => {
    const need = (t: number) => dayAndNight(DAY, 3)(t) - (Math.floor(t / DAY) % 2);
    const ticks = play({ forecast: { ...forecast, maxError: 0.1 }, need, until: 4 * DAY });
    expect(ticks.filter(({ t }) => t > 1.2 * DAY).some(({ why }) => why.startsWith('not used'))).toBe(false);
  });
});

describe('under a rule that only steps down from the count that it finds', () => {
  /** Messages in, decisions out; the count that was decided is there at the next tick. */
  const countsOf = (policies: readonly object[], visible: (t: number) => number, until: number) => {
    const owner = service({
      policy: undefined,
      policies,
      ...{ tasks: { min: 0, max: 20 }, cooldown: { out: 0, in: 0 }, emptyFor: 0 },
    });
    let [memory, count] = [{}, 0];
    return Array.from({ length: until / 5 }, (_, nth) => {
      const { decision, memory: next } = decide(
        sample({ service: owner, readings: [seen(visible(5 * nth))], counts: counts(count), memory }),
        circumstances({ at: later(5 * nth) }),
      );
      [memory, count] = [next, decision.to];
      return count;
    });
  };
  const threshold = {
    type: 'threshold',
    scaleUpThreshold: 100,
    scaleDownThreshold: 50,
    maxScaleDownFactor: 0.95,
  };
  const day = (t: number) => (t < 3 * 1800 && t % 1800 >= 600 && t % 1800 < 1500 ? 2000 : 0);

  test('a floor holds nothing up: the count goes to 0 as it would without', () => {
    const without = countsOf([threshold], day, 4 * 1800);
    const withIt = countsOf([threshold, { type: 'forecast', season: 1800, horizon: 60 }], day, 4 * 1800);
    expect(Math.max(...without)).toBe(20);
    const nights = [1790, 3590, 5390, 7190].map((t) => t / 5);
    for (const nth of nights) expect(withIt[nth]).toBe(without[nth]);
    const sum = (list: readonly number[]) => list.slice(3 * 360).reduce((total, each) => total + each, 0);
    // The last season has no load at all.
    expect(sum(without)).toBe(0);
    expect(sum(withIt) * 5).toBeLessThan(20 * 300);
  });
});

describe('what it says', () => {
  const ticks: readonly Played[] = play({ forecast, need: dayAndNight(DAY), until: 2 * DAY });

  test.each([
    { t: 0, said: 0, why: 'learning: 0 of 10 min seen' },
    { t: 395, said: 0, why: 'learning: 5.5 of 10 min seen' },
    { t: 605, said: 0, why: 'learning: 9 of 10 min seen' },
    { t: 670, said: 0, why: 'learning: 10 of 10 min seen, compared for 15 of 30 s' },
    { t: 700, said: 2, why: '2 needed at this time 10 min ago and no more within 70 s, 0 % off of late' },
    {
      t: 860,
      said: 12,
      why: '2 needed at this time 10 min ago and 12 within 70 s: 10 on top of 2, 0 % off of late',
    },
  ])('at $t s: $why', ({ t, said, why }) => {
    expect(at(ticks, t)).toMatchObject({ said, why });
  });

  test('nothing that it says keeps others from scaling in', () => {
    expect(ticks.filter(({ said }) => said === 0).every(({ to, need }) => to === need)).toBe(true);
  });
});
