/** What is done about what cannot be seen, and when the fallback comes in. */
import { describe, expect, test } from '@jest/globals';
import { later, seen, unseen } from '../../samples.ts';
import { every, saidBy, tellTicks, toOf } from './story.ts';

const WHY = 'the queue did not answer';
const blind = (from: number, until: number, count: number) =>
  every(5, from, until, { readings: [unseen], counts: count });

test('unset, and hold: the count stays however long it lasts', () => {
  for (const fallback of [undefined, { after: 30 }, { after: 30, tasks: 'hold' }]) {
    const told = tellTicks({ fallback }, blind(0, 120, 7));
    expect(new Set(toOf(told))).toEqual(new Set([7]));
    expect(saidBy(told, 'unknown')?.why).toBe(`not lowered while something is unknown: ${WHY}`);
  }
});

describe('a number, or { atLeast }', () => {
  test.each([
    ['a number', 10],
    ['atLeast', { atLeast: 10 }],
  ])('%s raises the count after so long, from 0 and from below', (_, tasks) => {
    const fallback = { after: '60s', tasks };
    for (const from of [0, 4]) {
      const told = tellTicks({ fallback }, blind(0, 60, from));
      expect(toOf(told)).toEqual([...Array.from({ length: 12 }, () => from), 10]);
      expect(saidBy(told, 'unknown')).toEqual({
        by: 'unknown',
        said: 10,
        why: `unknown for 60 s, so at least 10, the fallback: ${WHY}`,
      });
    }
  });

  test('until then the reason tells when', () => {
    const told = tellTicks({ fallback: { after: '60s', tasks: 10 } }, blind(0, 25, 4));
    expect(saidBy(told, 'unknown')?.why).toBe(
      `not lowered while something is unknown, at least 10 in 35 s: ${WHY}`,
    );
  });

  test('never lowers a count', () => {
    expect(toOf(tellTicks({ fallback: { after: 0, tasks: 10 } }, blind(0, 60, 30)))).toContain(30);
    expect(toOf(tellTicks({ fallback: { after: 0, tasks: 10 } }, blind(0, 60, 30)))).not.toContain(10);
  });

  test('at once, where it is after 0 s', () => {
    expect(toOf(tellTicks({ fallback: { after: 0, tasks: 10 } }, blind(0, 0, 0)))).toEqual([10]);
  });

  test('begins anew with every look that shows everything', () => {
    const fallback = { after: '30s', tasks: 10 };
    const ticks = [...blind(0, 25, 4), { at: 30, wish: 4, counts: 4 }, ...blind(35, 65, 4)];
    expect(toOf(tellTicks({ fallback }, ticks))).toEqual([...Array.from({ length: 13 }, () => 4), 10]);
  });

  test('a source that can be seen may ask for more', () => {
    const fallback = { after: 0, tasks: 10 };
    const decided = (visible: number) =>
      toOf(tellTicks({ fallback }, [{ at: 0, readings: [unseen, seen(visible)], counts: 4 }]));
    expect([decided(25), decided(1)]).toEqual([[25], [10]]);
  });

  test('where nothing was read at all', () => {
    const fallback = { after: 0, tasks: 10 };
    const told = tellTicks({ fallback }, [{ at: 0, readings: [], counts: 0 }]);
    expect(toOf(told)).toEqual([10]);
    expect(saidBy(told, 'unknown')?.why).toBe(
      'unknown for 0 s, so at least 10, the fallback: no source was read',
    );
  });

  test('inside the bounds', () => {
    const config = { fallback: { after: 0, tasks: 10 }, tasks: { min: 0, max: 6 } };
    expect(toOf(tellTicks(config, blind(0, 0, 0)))).toEqual([6]);
  });

  test('a clock that went back makes nobody wait for ever, or hurry', () => {
    const config = { fallback: { after: 60, tasks: 10 } };
    expect(toOf(tellTicks(config, blind(0, 0, 4), { unknownSince: later(500) }))).toEqual([4]);
    expect(toOf(tellTicks(config, blind(0, 0, 4), { unknownSince: later(-500) }))).toEqual([10]);
  });

  test('without counts nothing is changed', () => {
    const counts = { known: false as const, why: 'throttled', error: 'X' };
    const told = tellTicks({ fallback: { after: 0, tasks: 10 } }, [{ at: 0, readings: [unseen], counts }], {
      desired: 3,
    });
    expect(told.decisions[0]).toMatchObject({ from: 3, to: 3, direction: 'hold' });
  });
});
