/**
 * The numbers that names in an expression stand for: those of the readings, and the counts of the service. Which of all the
 * readings are looked at together is said here as well. `docs/expressions.md` lists the names.
 */
import type { Service } from '../contract/config.ts';
import type { KnownCounts, KnownReading, Reading } from '../contract/records.ts';

/** A reading and the name that its source has in the configuration, if any. */
export interface NamedReading {
  readonly name: string | undefined;
  readonly reading: Reading;
}

/** Messages add up over several queues; an age, a plain number or an alias do not. */
const AMOUNTS = ['visible', 'inFlight', 'delayed', 'arrivalsPerSecond', 'departuresPerSecond'] as const;
const FIELDS = [...AMOUNTS, 'oldestAgeSeconds', 'value', 'parallelism'] as const;
/** What any source may report, and `backlog`, which is made of it. */
export const READING_NAMES = ['backlog', ...FIELDS] as const;
export const COUNT_NAMES = ['desired', 'running', 'pending', 'min', 'max'] as const;

const isOneOf = <Name extends string>(names: readonly Name[], name: string): name is Name =>
  (names as readonly string[]).includes(name);

export const isReadingName = (name: string): boolean => isOneOf(READING_NAMES, name);

const addsUp = (name: string): boolean => name === 'backlog' || isOneOf(AMOUNTS, name);

/** What a reading says by itself: `visible`, `backlog`, an alias. */
const reported = (reading: KnownReading, name: string): number | undefined => {
  const { visible, inFlight = 0, value, values } = reading;
  const alias = values !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;
  if (name === 'backlog') return visible === undefined ? (value ?? alias) : visible + inFlight;
  return (isOneOf(FIELDS, name) ? reading[name] : undefined) ?? alias;
};

/** With the name of its source too: `orders` for its value or backlog, and `orders.visible`. */
const numberIn = ({ name: own, reading }: NamedReading, name: string): number | undefined => {
  if (!reading.known) return undefined;
  const plain = reported(reading, name);
  if (plain !== undefined || own === undefined || !name.startsWith(own)) return plain;
  if (name === own) return reading.value ?? reported(reading, 'backlog');
  return name[own.length] === '.' ? reported(reading, name.slice(own.length + 1)) : undefined;
};

/** The readings that have a number of this name. */
export const reportersOf = (name: string, readings: readonly NamedReading[]): readonly NamedReading[] =>
  readings.filter((each) => numberIn(each, name) !== undefined);

/** Of all these readings together: messages add up; what several report and does not add up has no answer. */
export const numberAmong = (readings: readonly NamedReading[], name: string): number | undefined => {
  let total: number | undefined;
  for (const each of readings) {
    const number = numberIn(each, name);
    if (number === undefined) continue;
    if (total !== undefined && !addsUp(name)) return undefined;
    total = number + (total ?? 0);
  }
  return total;
};

/** Everything that these readings can be asked for by name. */
export const namesAmong = (readings: readonly NamedReading[]): readonly string[] => {
  const names = readings.flatMap(({ name, reading }) => {
    if (!reading.known) return [];
    const plain = READING_NAMES.filter((each) => reported(reading, each) !== undefined);
    return [...plain, ...Object.keys(reading.values ?? {}), ...(name === undefined ? [] : [name])];
  });
  return [...new Set(names)];
};

export const countNamed = (
  name: string,
  { counts, service: { tasks } }: { readonly counts: KnownCounts; readonly service: Pick<Service, 'tasks'> },
): number | undefined => {
  switch (name) {
    case 'desired':
    case 'running':
    case 'pending':
      return counts[name];
    case 'min':
    case 'max':
      return tasks[name];
    default:
      return undefined;
  }
};

/** One way to look at the load. */
export interface View {
  /** The one that it rests on. */
  readonly reading: Reading;
  /** Those whose names it knows. */
  readonly readings: readonly NamedReading[];
  /** Which of the service's readings; undefined: all of them together. */
  readonly nth: number | undefined;
}

export const oneByOne = (readings: readonly NamedReading[]): readonly View[] =>
  readings.map((each, nth) => ({ reading: each.reading, readings: [each], nth }));

const neverRead: Reading = { known: false, why: 'no source was read', error: 'Unknown' };

/**
 * The views that an expression is worked out on: each reading that has all its names, else all readings together. So one
 * rule serves several queues alike, and arithmetic between sources needs no special form.
 */
export const viewsFor = (names: readonly string[], readings: readonly NamedReading[]): readonly View[] => {
  const whole = oneByOne(readings).filter(({ readings: [one] }) =>
    names.every((name) => one !== undefined && numberIn(one, name) !== undefined),
  );
  if (whole.length > 0 && names.length > 0) return whole;
  const known = readings.find(({ reading }) => reading.known) ?? readings[0];
  return [{ reading: known?.reading ?? neverRead, readings, nth: undefined }];
};
