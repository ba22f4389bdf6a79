/** What the names in an expression stand for: the numbers of the readings, the counts, the answers of policies. */
import type { KnownReading, Reading } from '../contract/records.ts';

export type NumberOf = (name: string) => number | undefined;

/** A reading and the name that its source has in the configuration, if any. */
export interface NamedReading {
  readonly name: string | undefined;
  readonly reading: Reading;
}

/** Numbers that add up over several queues. */
const AMOUNTS = ['visible', 'inFlight', 'delayed', 'arrivalsPerSecond', 'departuresPerSecond'] as const;
const OTHERS = ['oldestAgeSeconds', 'value', 'parallelism'] as const;

const fieldOf = (reading: KnownReading, name: string): number | undefined => {
  if (name === 'backlog')
    return reading.visible === undefined ? reading.value : reading.visible + (reading.inFlight ?? 0);
  const field = [...AMOUNTS, ...OTHERS].find((each) => each === name);
  if (field !== undefined) return reading[field];
  return reading.values !== undefined && Object.hasOwn(reading.values, name)
    ? reading.values[name]
    : undefined;
};

/** `visible`, `backlog`, an alias; the source's own name for its value or backlog, and `name.visible`. */
const inReading =
  ({ name: own, reading }: NamedReading): NumberOf =>
  (name) => {
    if (!reading.known) return undefined;
    const plain = fieldOf(reading, name);
    if (plain !== undefined || own === undefined) return plain;
    if (name === own) return reading.value ?? fieldOf(reading, 'backlog');
    return name.startsWith(`${own}.`) ? fieldOf(reading, name.slice(own.length + 1)) : undefined;
  };

const addsUp = (name: string): boolean => name === 'backlog' || AMOUNTS.some((each) => each === name);

/** The numbers of all readings together: messages add up, what only one reading has is taken from there. */
const inAll =
  (readings: readonly NamedReading[]): NumberOf =>
  (name) => {
    const found = readings.map((each) => inReading(each)(name)).filter((each) => each !== undefined);
    if (found.length < 2) return found[0];
    return addsUp(name) ? found.reduce((total, each) => total + each, 0) : undefined;
  };

/** One way to look at the load: the reading it rests on and its numbers. */
export interface View {
  readonly reading: Reading;
  readonly numberOf: NumberOf;
  /** Which of the service's readings; undefined: all of them together. */
  readonly nth: number | undefined;
}

export const oneByOne = (readings: readonly NamedReading[]): readonly View[] =>
  readings.map((each, nth) => ({ reading: each.reading, numberOf: inReading(each), nth }));

/**
 * The views that an expression is worked out on: each reading that has all its names, else all readings together. So one
 * rule serves several queues alike, and arithmetic between sources needs no special form.
 */
export const viewsFor = (names: readonly string[], readings: readonly NamedReading[]): readonly View[] => {
  const whole = oneByOne(readings).filter(
    ({ reading, numberOf }) => reading.known && names.every((name) => numberOf(name) !== undefined),
  );
  if (whole.length > 0 && names.length > 0) return whole;
  const known = readings.find(({ reading }) => reading.known) ?? readings[0];
  return [
    {
      reading: known?.reading ?? { known: false, why: 'no source was read', error: 'Unknown' },
      numberOf: inAll(readings),
      nth: undefined,
    },
  ];
};
