/** Every tick can be read back, whatever was seen and wherever the state had no more room. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type History, historySchema, noHistory } from '../../lambdas/contract/history.ts';
import type { Counts, Decision, Reading, Sample } from '../../lambdas/contract/records.ts';
import { withTick } from '../../lambdas/decide/history.ts';
import { fitted } from '../../lambdas/decide/room.ts';
import { anyCounts, anyReading } from '../arbitrary/sample.ts';
import { AT, counts, later, sample, seen, service, unseen } from '../samples.ts';
import { ticksOfService } from '../ticks.ts';

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const BEGIN = Date.parse(AT) / 1000;

interface Look {
  readonly name: string;
  readonly readings: readonly Reading[];
  readonly counts: Counts;
  readonly to: number;
}

const lookOf = (
  { name, readings, counts: seenCounts, to }: Look,
  at: string,
): readonly [Sample, Decision] => [
  sample({ service: service({ service: name }), readings, counts: seenCounts }),
  {
    ...{ cluster: 'shop', service: name, from: 1, to, at, term: 1 },
    ...{ direction: 'hold', reasons: [], reading: readings[0] ?? unseen },
  },
];

const tickOf = (looks: readonly Look[], nth: number) => {
  const pairs = looks.map((look) => lookOf(look, later(5 * nth)));
  return { samples: pairs.map(([each]) => each), decisions: pairs.map(([, each]) => each) };
};

/** All that was logged on the way and what was left, as JSON carries it. */
const keptOf = (ticks: readonly (readonly Look[])[], aside: number): readonly History[] => {
  const parts: History[] = [];
  let history = noHistory;
  ticks.forEach((looks, nth) => {
    const travelling = fitted({ ...tickOf(looks, nth), memory: {}, history }, { bytesOf, aside });
    parts.push(...travelling.full);
    history = historySchema.parse(JSON.parse(JSON.stringify(travelling.history)));
  });
  return [...parts, history];
};

const rounded = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(6)));

/** The numbers of a reading, as they are to be read back. */
const numbersOf = (reading: Reading): Readonly<Record<string, number>> => {
  if (!reading.known) return {};
  const { known: _, at: __, notes: ___, atLeast, values = {}, ...rest } = reading;
  const named = Object.entries(values).map(([name, value]) => [`values.${name}`, value] as const);
  const numbers = [...Object.entries(rest), ...named].map(([name, value = 0]) => [name, rounded(value)]);
  return { ...Object.fromEntries(numbers), ...(atLeast === true ? { atLeast: 1 } : {}) };
};

const told = (seenCounts: Counts): Readonly<Record<string, number>> => {
  if ('known' in seenCounts) return {};
  const { deploying, ...rest } = seenCounts;
  return { ...rest, ...(deploying ? { deploying: 1 } : {}) };
};

const names = ['a', 'b', 'c'];
const look = (name: string): fc.Arbitrary<Look> =>
  fc.record({
    name: fc.constant(name),
    readings: fc.array(anyReading, { minLength: 1, maxLength: 3 }),
    counts: anyCounts,
    to: fc.nat({ max: 500 }),
  });
/** Services come and go; the same ones look alike from tick to tick now and then. */
const anyTicks = fc.array(
  fc
    .tuple(...names.map((name) => fc.option(look(name), { nil: undefined, freq: 4 })))
    .map((looks) => looks.filter((each) => each !== undefined)),
  { minLength: 1, maxLength: 12 },
);

describe('every tick is kept once', () => {
  test('whatever was seen, and however little room there is', () => {
    fc.assert(
      fc.property(anyTicks, fc.integer({ min: 225_000, max: 234_500 }), (ticks, aside) => {
        const parts = keptOf(ticks, aside);
        for (const name of names) {
          const read = parts.flatMap((part) => ticksOfService(part, `shop/${name}`));
          const expected = ticks.flatMap((looks, nth) =>
            looks
              .filter((each) => each.name === name)
              .map(({ readings, counts: seenCounts, to }) => ({
                at: BEGIN + 5 * nth,
                readings: readings.map(numbersOf),
                counts: told(seenCounts),
                to,
              })),
          );
          expect(read.map(({ at }) => at)).toEqual(expected.map(({ at }) => at));
          read.forEach((each, nth) => {
            const { readings = [], ...rest } = expected[nth] ?? {};
            expect(each).toMatchObject(rest);
            // A source that was read at other ticks only has no numbers here.
            expect(each.readings.slice(0, readings.length)).toEqual(readings);
            expect(each.readings.slice(readings.length).every((one) => Object.keys(one).length === 0)).toBe(
              true,
            );
          });
        }
      }),
      { numRuns: 200 },
    );
  });

  test('of 100 busy services, in an execution of 60 ticks', () => {
    const ticks = Array.from({ length: 60 }, (_, nth) =>
      Array.from({ length: 100 }, (_each, which) => ({
        name: `orders-worker-with-a-rather-long-name-${which}`,
        readings: [seen(1000 + 7 * nth + which, 10 + nth)],
        counts: counts(nth % 9, nth % 7),
        to: (nth + 1) % 9,
      })),
    );
    const parts = keptOf(ticks, 0);
    // More than the state may hold of it: it has come in pieces, each of them small.
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect(bytesOf(part)).toBeLessThanOrEqual(60_000);
    for (const which of [0, 42, 99]) {
      const key = `shop/orders-worker-with-a-rather-long-name-${which}`;
      const read = parts.flatMap((part) => ticksOfService(part, key));
      expect(read.map(({ to }) => to)).toEqual(ticks.map((_, nth) => (nth + 1) % 9));
      expect(read[31]?.readings).toEqual([{ visible: 1000 + 7 * 31 + which, inFlight: 41 }]);
    }
  });
});

describe('it is short', () => {
  const history = (ticks: readonly (readonly Look[])[]): History =>
    ticks.reduce<History>((before, looks, nth) => {
      const { samples, decisions } = tickOf(looks, nth);
      return withTick(before, samples, decisions);
    }, noHistory);

  test('what stays as it is takes one number', () => {
    const quiet: Look = { name: 'a', readings: [seen(0)], counts: counts(2), to: 2 };
    expect(history([[quiet], [quiet], [quiet]])).toEqual({
      at: [BEGIN, BEGIN + 5, BEGIN + 10],
      services: {
        'shop/a': {
          readings: [{ visible: 0, inFlight: 0 }],
          counts: { desired: 2, running: 2, pending: 0 },
          to: 2,
        },
      },
    });
  });

  test('a service that comes later was not there before, and one that goes is not there any more', () => {
    const one: Look = { name: 'a', readings: [seen(5)], counts: counts(1), to: 1 };
    const two: Look = { name: 'b', readings: [seen(0.1234567)], counts: counts(3), to: 4 };
    expect(history([[one], [two]]).services).toEqual({
      'shop/a': {
        readings: [{ visible: [5, null], inFlight: [0, null] }],
        counts: { desired: [1, null], running: [1, null], pending: [0, null] },
        to: [1, null],
      },
      'shop/b': {
        readings: [{ visible: [null, 0.123457], inFlight: [null, 0] }],
        counts: { desired: [null, 3], running: [null, 3], pending: [null, 0] },
        to: [null, 4],
      },
    });
  });
});
