import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { duration } from '../../lambdas/contract/duration.ts';

describe('a duration', () => {
  test.each([
    ['5s', 5],
    ['2m', 120],
    ['1h', 3600],
    ['1d', 86_400],
    ['250ms', 0.25],
    ['1001ms', 1.001],
    ['1.1s', 1.1],
    ['0.5 m', 30],
    [7, 7],
    [0, 0],
  ])('%p is %p seconds', (given, seconds) => {
    expect(duration().parse(given)).toBe(seconds);
  });

  test.each(['5', 's', '5 parsecs', '-5s', '1h30m', '', '5S', Number.NaN, -1, true, null, ['5s']])(
    '%p is refused with what is allowed',
    (given) => {
      const [issue] = duration({ max: 60 }).safeParse(given).error?.issues ?? [];
      expect(issue?.message).toMatch(/^expected a duration from 0s to 60s, written like "5s"/);
    },
  );

  test.each(['1s', '60s', '1m', 1, 60])('a bound is allowed itself: %p', (given) => {
    expect(duration({ min: 1, max: 60 }).safeParse(given).success).toBe(true);
  });

  test.each(['999ms', '61s', '2m', 0.5, 61])('beyond a bound is refused: %p', (given) => {
    expect(duration({ min: 1, max: 60 }).safeParse(given).success).toBe(false);
  });

  test('comes back from every unit', () => {
    const units = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 } as const;
    const unit = fc.constantFrom(...(Object.keys(units) as (keyof typeof units)[]));
    fc.assert(
      fc.property(fc.nat(1_000_000), unit, (amount, name) => {
        expect(duration().parse(`${amount}${name}`)).toBeCloseTo(amount * units[name], 6);
      }),
    );
  });

  test('parses to itself when it is parsed again', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (amount) => {
        const once = duration().parse(`${amount}ms`);
        expect(duration().parse(once)).toBe(once);
      }),
    );
  });
});
