/** The numbers, durations and arithmetic that arbitrary configurations are made of, awkward ones among them. */
import fc from 'fast-check';

/** Whole and broken ones, and the bounds themselves. */
export const between = (min: number, max: number): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.double({ min, max, noNaN: true }) },
    { weight: 3, arbitrary: fc.integer({ min: Math.ceil(min), max: Math.floor(Math.min(max, min + 1000)) }) },
    { weight: 1, arbitrary: fc.constantFrom(min, max) },
  );

/** A duration as a configuration gives it, mostly a few minutes at most. */
export const duration = (min: number, max: number): fc.Arbitrary<number | string> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min, max: Math.min(max, min + 300) }) },
    { weight: 1, arbitrary: fc.constantFrom(min, max, `${min}s`, `${max}s`) },
  );

/** A share, or per cent. */
export const share = (min: number, max: number): fc.Arbitrary<number | string> =>
  fc.oneof(
    between(min, max),
    fc.integer({ min: Math.ceil(min * 100), max: max * 100 }).map((each) => `${each}%`),
  );

/** Left out about every other time. */
export const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 2 });

/** Left out nearly always. */
export const seldom = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

/** What sources are called. */
export const SOURCES = ['orders', 'mails', 'jobs'] as const;

/** Arithmetic that has a value, and such that has none: names that nobody reports, 1 / 0; and values out of every range. */
export const arithmetic: fc.Arbitrary<string | number> = fc.constantFrom(
  ...['backlog', 'backlog', 'visible', 'inFlight / 2', 'value', 'delayed + 1', 'oldestAgeSeconds', 'cpu'],
  ...['arrivalsPerSecond * 30', 'orders.visible + mails', 'desired', 'running + pending', '(min + max) / 2'],
  ...[-5, 0.5, '1e300', 'visible ** 3', '1 / 0', 'nobody * 2', 'visible / inFlight', 'max - visible'],
  ...['if(visible > 100, max, desired)', 'target * 2', 'max([target, queueDelay])', 'desired - 1', 'first'],
);
