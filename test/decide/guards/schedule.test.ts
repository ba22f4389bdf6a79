/** Windows of time as a guard: what is raised, capped and left alone. When windows are open is in `test/tools.test.ts`. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Service } from '../../../lambdas/contract/config.ts';
import { schedule } from '../../../lambdas/decide/guards/schedule.ts';
import { later, seen, service, unseen } from '../../samples.ts';
import { asWished, guarded, saidBy, tellTicks, toOf } from './story.ts';

/** AT is a Sunday noon. */
const noon = { start: '0 8 * * *', end: '0 18 * * *' };
const always = { start: '* * * * *', end: '0 0 29 2 *' };
const night = { start: '0 20 * * *', end: '0 6 * * *' };

interface Given {
  readonly windows: readonly object[];
  readonly wish?: number;
  readonly desired?: number;
  readonly config?: object;
  readonly readings?: Parameters<typeof tellTicks>[1][number]['readings'];
}

const decided = ({ windows, wish = 0, desired = 0, config = {}, readings }: Given) => {
  const tick = { at: 0, wish, counts: desired, ...(readings === undefined ? {} : { readings }) };
  const told = tellTicks({ schedule: windows, ...config }, [tick]);
  return { to: toOf(told)[0], why: saidBy(told, 'schedule')?.why };
};

describe('an open window', () => {
  test('raises the least count for exactly its time', () => {
    const hours = (count: number) => count * 3600;
    const ticks = [hours(-4) - 1, hours(-4), 0, hours(6) - 1, hours(6)];
    const told = tellTicks(
      { schedule: [{ ...noon, min: 10 }] },
      ticks.map((at) => ({ at, wish: 3, counts: 3 })),
    );
    expect(toOf(told)).toEqual([3, 10, 10, 10, 3]);
  });

  test('says which it is, and when', () => {
    const window = { start: '0 8 * * MON-FRI', end: '0 18 * * MON-FRI', timezone: 'Europe/Berlin', min: 10 };
    const told = tellTicks({ schedule: [window] }, [{ at: 86_400, wish: 3, counts: 3 }]);
    expect(saidBy(told, 'schedule')).toEqual({
      ...{ by: 'schedule', said: 10 },
      why: 'window "0 8 * * MON-FRI" to "0 18 * * MON-FRI" Europe/Berlin: at least 10',
    });
  });

  test('caps what is asked for, and says so', () => {
    expect(decided({ windows: [{ ...noon, max: 5 }], wish: 40, desired: 2 })).toEqual({
      ...{ to: 5, why: 'window "0 8 * * *" to "0 18 * * *" UTC: at most 5' },
    });
  });

  test('lowers a count that is above its max at once, in the middle of a cooldown', () => {
    const config = { schedule: [{ ...noon, max: 5 }], cooldown: { in: 600 } };
    const told = tellTicks(config, [{ at: 0, wish: 20, counts: 20 }], {
      lastIn: { at: later(-5), streak: 1 },
    });
    expect(toOf(told)).toEqual([5]);
  });

  test('has nothing to say of a count between its min and its max', () => {
    expect(decided({ windows: [{ ...noon, min: 2, max: 5 }], wish: 4, desired: 2 })).toEqual({ to: 4 });
  });

  test.each([
    [{ min: 100 }, { min: 0, max: 50 }, 50, 'at least 100, within the bounds 50'],
    [{ max: 0 }, { min: 2, max: 50 }, 2, 'at most 0, within the bounds 2'],
  ])('of %j leaves no bounds: %j', (window, tasks, to, why) => {
    const { to: count, why: said } = decided({
      windows: [{ ...noon, ...window }],
      wish: 20,
      config: { tasks },
    });
    expect([count, said]).toEqual([to, expect.stringContaining(why)]);
  });
});

test('a window that is closed does nothing', () => {
  const windows = [
    { ...night, min: 10 },
    { ...night, max: 1 },
  ];
  expect(decided({ windows, wish: 4, desired: 4 })).toEqual({ to: 4 });
});

describe('of several open windows', () => {
  test('the highest min counts', () => {
    const windows = [4, 9, 7].map((min) => ({ ...noon, min }));
    expect(decided({ windows, wish: 3 })).toMatchObject({
      to: 9,
      why: expect.stringContaining('at least 9'),
    });
  });
  test('the lowest max counts, and closed ones do not', () => {
    const windows = [
      { ...noon, max: 9 },
      { ...always, max: 7 },
      { ...night, max: 1 },
    ];
    expect(decided({ windows, wish: 30 })).toMatchObject({
      to: 7,
      why: expect.stringContaining('* * * * *'),
    });
  });
  test('min wins over max where they clash, and says so', () => {
    const windows = [
      { ...noon, max: 5 },
      { ...always, min: 10 },
    ];
    const why =
      'window "* * * * *" to "0 0 29 2 *" UTC: at least 10, which wins over window "0 8 * * *" to "0 18 * * *" UTC: at most 5';
    expect(decided({ windows, wish: 30 })).toEqual({ to: 10, why });
    expect(decided({ windows, wish: 1 })).toEqual({ to: 10, why });
  });
});

describe('a max is no bound: it scales nothing in', () => {
  const windows = [{ ...noon, max: 5 }];
  const blind = { readings: [unseen, seen(40)] };

  test('while something is unknown, and stops scale-out all the same', () => {
    expect(decided({ windows, desired: 20, ...blind })).toEqual({
      to: 20,
      why: 'window "0 8 * * *" to "0 18 * * *" UTC: at most 5, but nothing is scaled in while something is unknown',
    });
    expect(decided({ windows, desired: 3, ...blind })).toMatchObject({ to: 5 });
    expect(decided({ windows, desired: 20, readings: [unseen] })).toMatchObject({ to: 20 });
  });

  test('while scale-in is switched off, and stops scale-out all the same', () => {
    const config = { disableScaleIn: true };
    const why = expect.stringContaining('at most 5, but scale-in is switched off');
    for (const wish of [40, 20, 0])
      expect(decided({ windows, wish, desired: 20, config })).toEqual({ to: 20, why });
    expect(decided({ windows, wish: 40, desired: 3, config })).toMatchObject({ to: 5 });
    const owner = service({ ...asWished, schedule: windows });
    expect(schedule(40, { ...guarded(owner, 0, 20, undefined), disableScaleIn: true })).toMatchObject({
      to: 20,
    });
  });
});

test('a min raises although nothing can be seen', () => {
  expect(decided({ windows: [{ ...noon, min: 10 }], desired: 2, readings: [unseen] })).toMatchObject({
    to: 10,
  });
});

describe('a window that cannot be worked out here', () => {
  const broken = { ...noon, timezone: 'Atlantis/Poseidonis', min: 3 };
  const verdict = (proposed: number, others: readonly object[] = []) => {
    const owner = service(asWished) as Service;
    const windows = [broken, ...(service({ schedule: [{ ...noon, max: 30 }, ...others] }).schedule ?? [])];
    return schedule(proposed, guarded({ ...owner, schedule: windows }, 0, 10, undefined));
  };
  test('lets nothing be scaled in, and says why', () => {
    expect(verdict(4)).toEqual({
      to: 10,
      why: expect.stringMatching(
        /^nothing is scaled in, window .* Atlantis\/Poseidonis can't be worked out: .*Atlantis/,
      ),
    });
  });
  test('does not stop scale-out, nor the other windows', () => {
    expect(verdict(20)).toBeUndefined();
    expect(verdict(40)).toMatchObject({ to: 30 });
    expect(verdict(4, [{ ...noon, min: 12 }])).toMatchObject({ to: 12 });
    expect(verdict(40, [{ ...noon, max: 5 }])).toMatchObject({ to: 10 });
  });
});

test('whatever is asked for and there: not below any min, not above any max but by a min or to scale nothing in', () => {
  const limits = fc
    .tuple(fc.nat({ max: 60 }), fc.nat({ max: 60 }))
    .map((both) => both.toSorted((a, b) => a - b));
  const windows = fc.array(limits, { minLength: 1, maxLength: 3 });
  const count = fc.nat({ max: 80 });
  const inBounds = (limit: number) => Math.max(2, Math.min(50, limit));
  fc.assert(
    fc.property(windows, count, count, count, fc.boolean(), (all, wish, more, desired, disableScaleIn) => {
      const given = all.map(([min, max]) => ({ ...always, min, max }));
      const owner = service({ ...asWished, tasks: { min: 2, max: 50 }, schedule: given, disableScaleIn });
      const left = (proposed: number) => {
        // The guard before it lets nothing below the count through.
        const passed = disableScaleIn ? Math.max(proposed, desired) : proposed;
        return schedule(passed, guarded(owner, 0, desired, undefined))?.to ?? passed;
      };
      const least = inBounds(Math.max(...all.map(([min = 0]) => min)));
      const most = inBounds(Math.min(...all.map(([, max = 0]) => max)));
      const to = left(wish);
      expect(to).toBeGreaterThanOrEqual(disableScaleIn ? Math.max(least, desired) : least);
      expect(to).toBeLessThanOrEqual(Math.max(least, most, disableScaleIn ? desired : 0));
      if (!disableScaleIn && least <= wish && wish <= most) expect(to).toBe(wish);
      expect(left(wish + more)).toBeGreaterThanOrEqual(to);
    }),
    { numRuns: 2000 },
  );
});
