/** What the names in an expression stand for, seen through the policy `formula`, and the views of several readings. */
import { describe, expect, test } from '@jest/globals';
import type { Reading } from '../../lambdas/contract/records.ts';
import { decide } from '../../lambdas/decide/decide.ts';
import { numberAmong, viewsFor } from '../../lambdas/decide/names.ts';
import { AT, circumstances, sample, service, unseen } from '../samples.ts';

const known = (given: object): Reading => ({ known: true, at: AT, ...given });
const orders = known({
  visible: 100,
  inFlight: 5,
  arrivalsPerSecond: 2,
  oldestAgeSeconds: 30,
  parallelism: 8,
});
const mails = known({ visible: 40, inFlight: 1, arrivalsPerSecond: 3, oldestAgeSeconds: 7 });
const cpu = known({ value: 70 });
const stats = known({ values: { waiting: 12, failed: 3 } });

const NAMES = ['orders', 'mails', 'cpu', 'stats'];
const decided = (policies: readonly object[], readings: Reading[], config: object = {}) =>
  decide(
    sample({
      service: service({
        tasks: { min: 1, max: 1000 },
        cooldown: { in: 0 },
        source: undefined,
        sources: NAMES.slice(0, readings.length).map((name) => ({ type: 'sqs', name })),
        policy: undefined,
        policies,
        ...config,
      }),
      readings,
      counts: { desired: 6, running: 4, pending: 2, deploying: false },
    }),
    circumstances(),
  ).decision;

const ALL = [orders, mails, cpu, stats];
const said = (tasks: string, readings: Reading[] = ALL, policy: object = {}, config: object = {}) =>
  decided([{ type: 'formula', tasks, ...policy }], readings, config).reasons.flatMap(({ by, said: count }) =>
    by === 'formula' ? [count] : [],
  );
const unknown = (tasks: string, readings: Reading[] = ALL, policy: object = {}, config: object = {}) => {
  const { reasons, to } = decided([{ type: 'formula', tasks, ...policy }], readings, config);
  expect(to).toBe(6);
  return reasons.find(({ by }) => by === 'unknown')?.why;
};

describe('one name', () => {
  test.each([
    ['visible', orders, 100],
    ['inFlight', orders, 5],
    ['backlog', orders, 105],
    ['backlog', known({ visible: 3 }), 3],
    ['backlog', cpu, 70],
    ['delayed', known({ delayed: 4 }), 4],
    ['arrivalsPerSecond', orders, 2],
    ['departuresPerSecond', known({ departuresPerSecond: 9 }), 9],
    ['oldestAgeSeconds', mails, 7],
    ['parallelism', orders, 8],
    ['value', cpu, 70],
    ['waiting', stats, 12],
    ['visible', known({ values: { visible: 17 } }), 17],
    ['backlog', known({ values: { backlog: 18 } }), 18],
    ['desired', cpu, 6],
    ['running', cpu, 4],
    ['pending', cpu, 2],
    ['min', cpu, 1],
    ['max', cpu, 1000],
    ['orders', orders, 105],
    ['orders', cpu, 70],
    ['orders.visible', orders, 100],
    ['orders.backlog', orders, 105],
    ['orders.failed', stats, 3],
  ])('%s', (name, reading, value) => {
    // Beyond what can work at once no answer goes.
    const free = reading.known
      ? { ...reading, parallelism: name === 'parallelism' ? 8 : undefined }
      : reading;
    expect(said(name, [free as Reading])).toEqual([value]);
  });

  test('a count is never an alias, nor is anything that every object has', () => {
    const odd = known({ values: { desired: 900, running: 900, min: 900 } });
    expect(said('desired + running + min', [odd])).toEqual([11]);
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty'])
      expect(unknown(name, [odd])).toContain(`nothing is called ${name}`);
  });

  test('what a source reports is never the answer of a policy that happens to be called so', () => {
    const value = { type: 'value', target: 35 };
    const formula = { type: 'formula', tasks: 'value / 10' };
    const { reasons } = decided([value, formula], [cpu]);
    expect(reasons.slice(0, 2).map(({ by, said: count }) => [by, count])).toEqual([
      ['value', 8],
      ['formula', 7],
    ]);
    expect(decided([value], [cpu], { combine: 'value * 2' }).to).toBe(16);
  });

  test('a name that only begins with that of a source is another', () => {
    expect(unknown('ordersx', [orders])).toContain('nothing is called ordersx');
    expect(unknown('orders.visible.x', [orders])).toContain('nothing is called orders.visible.x');
    expect(unknown('orders.nothing', [orders])).toContain('nothing is called orders.nothing');
  });
});

describe('several readings', () => {
  test('each that has all names is looked at by itself', () => {
    expect(said('visible / 10', [orders, mails])).toEqual([8, 4]);
    expect(said('visible / 10 + desired', [orders, mails, cpu])).toEqual([8, 10]);
  });
  test('one that lacks them is left out, and keeps nobody from scaling in', () => {
    const { to, reasons } = decided([{ type: 'formula', tasks: 'visible / 20' }], [mails, cpu]);
    expect(to).toBe(2);
    expect(reasons.map(({ by }) => by)).toEqual(['formula']);
  });
  test('no more tasks than can work at once on one of them', () => {
    expect(decided([{ type: 'formula', tasks: 'visible / 10' }], [orders]).reasons[0]).toEqual({
      by: 'formula',
      said: 8,
      why: 'visible / 10 is 10 (visible 100), at most 8 can work at once',
    });
  });
  test('names that no single one has are taken from all: messages add up', () => {
    expect(said('visible * value / 1000')).toEqual([10]);
    expect(said('backlog + waiting', [orders, mails, known({}), stats])).toEqual([158]);
    expect(said('arrivalsPerSecond * value / 10')).toEqual([35]);
  });
  test('by the names of their sources', () => {
    expect(said('orders.visible - mails.visible')).toEqual([60]);
    expect(said('max(orders, mails) + cpu + stats.failed')).toEqual([178]);
    expect(said('mails.visible')).toEqual([40]);
    expect(said('orders.oldestAgeSeconds + mails.oldestAgeSeconds')).toEqual([37]);
  });
  test('a policy that is tied to one sees that one alone', () => {
    expect(said('visible', [orders, mails], { source: 'mails' })).toEqual([40]);
    expect(unknown('orders.visible', [orders, mails], { source: 'mails' })).toContain(
      'nothing is called orders.visible, the nearest is visible; there are backlog, visible, inFlight',
    );
    const target = { type: 'target', backlogPerTask: 10, source: 'mails' };
    expect(decided([target], [orders, mails]).reasons.map(({ said: count }) => count)).toEqual([5]);
  });
  test('a policy that is tied to none there is has no answer, and nothing is scaled in', () => {
    const policies = [
      { type: 'target', backlogPerTask: 10, source: 'nowhere', name: 'lost' },
      { type: 'formula', tasks: '1' },
    ];
    const { to, reasons } = decided(policies, [orders]);
    expect(to).toBe(6);
    expect(reasons.at(-1)?.why).toContain('lost: no source is called nowhere');
    expect(unknown('visible', [orders], { source: 'nowhere' })).toContain('no source is called nowhere');
  });
  test('what several report and does not add up says so, with the remedy', () => {
    expect(unknown('oldestAgeSeconds * value')).toContain(
      'oldestAgeSeconds is reported by 2 sources: write orders.oldestAgeSeconds or mails.oldestAgeSeconds, or tie the policy to one with source',
    );
    const sources = NAMES.map(() => ({ type: 'sqs' }));
    expect(unknown('oldestAgeSeconds * value', ALL, {}, { sources })).toContain(
      'oldestAgeSeconds is reported by 2 sources: give each a name and write NAME.oldestAgeSeconds, or',
    );
  });
  test('with combine: first one stands in for another, and no name says which', () => {
    expect(said('visible', [mails], {}, { combine: 'first' })).toEqual([40]);
    expect(unknown('orders.visible', [mails], {}, { combine: 'first' })).toContain(
      'nothing is called orders.visible',
    );
  });
});

describe('what cannot be seen', () => {
  test('one queue of two: the other counts, and nothing is scaled in', () => {
    expect(said('visible / 20', [unseen, mails])).toEqual([2]);
    const { to, reasons } = decided([{ type: 'formula', tasks: 'visible / 20' }], [unseen, mails]);
    expect(to).toBe(6);
    expect(reasons.at(-1)?.why).toBe('not lowered while something is unknown: the queue did not answer');
    expect(decided([{ type: 'formula', tasks: 'visible' }], [unseen, mails]).to).toBe(40);
  });
  test('a name of its own makes the difference plain', () => {
    expect(unknown('orders.visible + cpu', [unseen, mails, cpu])).toContain(
      `"orders.visible + cpu" can't be worked out: orders.visible is unknown: the queue did not answer`,
    );
  });
  test('a source without any reading is unknown, and not left out', () => {
    const sources = NAMES.map((name) => ({ type: 'sqs', name }));
    const { to, reasons } = decided([{ type: 'formula', tasks: '1' }], [orders, mails], { sources });
    expect(to).toBe(6);
    expect(reasons.at(-1)?.why).toContain('source 3 was not read; source 4 was not read');
  });
  test('a long list of names is cut short', () => {
    const values = Object.fromEntries(Array.from({ length: 20 }, (_, nth) => [`alias${nth}`, nth]));
    expect(unknown('alia1', [known({ values })])).toMatch(
      /nothing is called alia1, the nearest is alias1; there are (\w+, ){12}…$/,
    );
  });
});

test('a sum is one of amounts, and nobody makes a number of nothing', () => {
  const named = [orders, mails, unseen].map((reading, nth) => ({ reading, name: NAMES[nth] }));
  expect(numberAmong(named, 'visible')).toBe(140);
  expect(numberAmong(named, 'oldestAgeSeconds')).toBeUndefined();
  expect(numberAmong(named, 'delayed')).toBeUndefined();
  expect(numberAmong([], 'visible')).toBeUndefined();
  expect(viewsFor([], []).map(({ reading }) => reading.known)).toEqual([false]);
});
