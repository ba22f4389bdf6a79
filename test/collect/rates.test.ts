import { describe, expect, test } from '@jest/globals';
import { withRates } from '../../lambdas/collect/rates.ts';
import type { Totals } from '../../lambdas/contract/source.ts';
import { AT, later } from '../samples.ts';

const given = { type: 'kafka', topic: 'orders' };
const seen = (totals: Totals) => ({ known: true as const, visible: 5, at: AT, totals });

/** Two readings of the same source, some seconds apart. */
const twice = (first: Totals, second: Totals, seconds: number, other: unknown = given) => {
  const { totals } = withRates(seen(first), given, undefined, AT);
  return withRates(seen(second), other, totals, later(seconds)).reading;
};

describe('rates', () => {
  test('are growth per second between two readings', () => {
    expect(twice({ arrived: 100, departed: 40 }, { arrived: 150, departed: 60 }, 5)).toMatchObject({
      arrivalsPerSecond: 10,
      departuresPerSecond: 4,
    });
  });

  test.each([
    ['there is no earlier reading', { arrived: 1 }, { departed: 5 }, 5, given],
    ['a total begins anew: the server was restarted', { arrived: 100 }, { arrived: 3 }, 5, given],
    ['no time has passed', { arrived: 100 }, { arrived: 103 }, 0, given],
    ['time went back', { arrived: 100 }, { arrived: 103 }, -5, given],
    ['it is another source', { arrived: 100 }, { arrived: 103 }, 5, { type: 'kafka', topic: 'letters' }],
  ])('are left out when %s', (_, first, second, seconds, other) => {
    const reading = twice(first, second, seconds, other);
    expect(reading).toMatchObject({ known: true, visible: 5 });
    expect(Object.keys(reading)).not.toEqual(expect.arrayContaining([expect.stringMatching(/PerSecond/)]));
  });

  test('go on over a gap: what was remembered stays while the source is unknown', () => {
    const { totals } = withRates(seen({ arrived: 100 }), given, undefined, AT);
    const lost = { known: false as const, why: 'down', error: 'Error' };
    const gap = withRates(lost, given, totals, later(5));
    expect(gap).toEqual({ reading: lost, totals });
    expect(withRates(seen({ arrived: 120 }), given, gap.totals, later(10)).reading).toMatchObject({
      arrivalsPerSecond: 2,
    });
  });

  test('totals never travel as part of a reading', () => {
    expect(withRates(seen({ arrived: 1 }), given, undefined, AT).reading).toEqual({
      known: true,
      visible: 5,
      at: AT,
    });
  });
});
