/**
 * Reads what somebody wrote for another scaler and keeps a ledger of it. Whatever nobody has asked for by the end is told as a difference,
 * so that nothing is dropped in silence: not by care, but because there is no other way to read.
 *
 * To read a key, to tell something of it and to refuse it all count. Messages have the key, never the value: it may be a secret.
 */
import type { ConfigProblem } from '../errors.ts';
import { pathOf, type Steps, stepsOf } from '../path.ts';
import { isSecret, listed, shown } from '../wording.ts';
import type { Difference } from './dialect.ts';
import { type Fields, flagIn, isGiven, isObject, numberIn, textIn, wholeIn } from './values.ts';

export interface Book {
  readonly differences: Difference[];
  readonly problems: ConfigProblem[];
  /** Paths that somebody has asked for, with everything below. */
  readonly read: Set<string>;
}

/** Every reader answers `undefined` where the key is not given, or is wrong and has been reported. */
export interface Ledger {
  readonly value: unknown;
  readonly steps: Steps;
  readonly keys: readonly string[];
  readonly has: (key: string) => boolean;
  /** As it stands, and as unread as before. */
  readonly peek: (key: string) => unknown;
  readonly text: (key: string) => string | undefined;
  readonly amount: (key: string, least?: number) => number | undefined;
  readonly whole: (key: string, least?: number) => number | undefined;
  readonly flag: (key: string) => boolean | undefined;
  /** One of these words. */
  readonly choice: <Word extends string>(key: string, words: readonly Word[]) => Word | undefined;
  /** What is inside an object; nothing where there is none. */
  readonly at: (key: string) => Ledger;
  /** The objects in a list. */
  readonly each: (key: string) => readonly Ledger[];
  readonly path: (...inner: Steps) => string;
  /** A difference at a key, written or not. */
  readonly tell: (key: string, why: string) => void;
  /** The same of an object inside, whose keys are still to be read. */
  readonly note: (key: string, why: string) => void;
  /** A difference of the whole, of which nothing is taken over. */
  readonly leaveOut: (why: string) => void;
  readonly refuse: (key: string, message: string) => void;
  /** Known, and of no meaning for a count of tasks. */
  readonly ignore: (...keys: readonly string[]) => void;
}

export const newBook = (): Book => ({ differences: [], problems: [], read: new Set() });

export const ledgerOf = (value: unknown, steps: Steps, book: Book): Ledger => {
  const fields: Fields = isObject(value) ? value : {};
  const path = (...inner: Steps) => pathOf([...steps, ...inner]);
  const get = (key: string): unknown => (Object.hasOwn(fields, key) ? fields[key] : undefined);
  const asked = (key: string): void => {
    book.read.add(path(key));
  };
  const refuse = (key: string, message: string): void => {
    asked(key);
    book.problems.push({ path: path(key), message });
  };
  const note = (key: string, why: string): void => {
    const known = book.differences.some((each) => each.path === path(key) && each.why === why);
    if (!known) book.differences.push({ path: path(key), why });
  };
  const wrong = (key: string, expected: string): undefined => {
    const hidden = isSecret([...steps, key]);
    refuse(key, `expected ${expected}, got ${hidden ? 'a value that is not shown here' : shown(get(key))}`);
  };
  const read = <T>(key: string, convert: (given: unknown) => T | undefined, expected: string) => {
    asked(key);
    return isGiven(get(key)) ? (convert(get(key)) ?? wrong(key, expected)) : undefined;
  };
  const from = (least: number, convert: (given: unknown) => number | undefined) => (given: unknown) => {
    const number = convert(given);
    return number !== undefined && number >= least ? number : undefined;
  };
  return {
    value,
    steps,
    keys: Object.keys(fields),
    has: (key) => isGiven(get(key)),
    peek: get,
    text: (key) => read(key, textIn, 'text'),
    amount: (key, least = 0) => read(key, from(least, numberIn), `a number of at least ${least}`),
    whole: (key, least = 0) => read(key, from(least, wholeIn), `a whole number of at least ${least}`),
    flag: (key) => read(key, flagIn, 'true or false'),
    choice: (key, words) =>
      read(key, (given) => words.find((word) => word === textIn(given)), `one of ${listed(words)}`),
    at: (key) => {
      if (isGiven(get(key)) && !isObject(get(key))) wrong(key, 'an object');
      return ledgerOf(get(key), [...steps, key], book);
    },
    each: (key) => {
      const list = get(key);
      if (isGiven(list) && !Array.isArray(list)) wrong(key, 'a list');
      return Array.isArray(list) ? list.map((item, nth) => ledgerOf(item, [...steps, key, nth], book)) : [];
    },
    path,
    tell: (key, why) => {
      asked(key);
      note(key, why);
    },
    note,
    leaveOut: (why) => {
      book.read.add(path());
      book.differences.push({ path: path(), why });
    },
    refuse,
    ignore: (...known) => known.forEach(asked),
  };
};

/** The steps to everything in it that is no object and no list. */
const leavesIn = (value: unknown, steps: Steps): readonly Steps[] => {
  if (typeof value !== 'object' || value === null) return [steps];
  const entries: readonly (readonly [PropertyKey, unknown])[] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return entries.length === 0 ? [steps] : entries.flatMap(([key, each]) => leavesIn(each, [...steps, key]));
};

/** Tells everything that nobody has asked for, in the order in which it was written. */
export const tellTheRest = ({ value, steps }: Pick<Ledger, 'value' | 'steps'>, book: Book): void => {
  for (const leaf of leavesIn(value, steps)) {
    const isKnown = leaf.some((_, nth) => book.read.has(pathOf(leaf.slice(0, nth + 1))));
    if (!isKnown)
      book.differences.push({ path: pathOf(leaf), why: 'Not known here: nothing of it is taken over.' });
  }
};

/** The differences in the order in which what they are about was written; what is not there, where it would be. */
export const inOrder = (
  differences: readonly Difference[],
  documents: readonly unknown[],
): readonly Difference[] => {
  const places = new Map<string, number>();
  const walk = (value: unknown, steps: Steps): void => {
    places.set(pathOf(steps), places.size);
    if (typeof value !== 'object' || value === null) return;
    const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
    for (const [key, each] of entries) walk(each, [...steps, key]);
  };
  for (const [nth, document] of documents.entries()) walk(document, nth === 0 ? [] : [nth]);
  const placeOf = ({ path }: Difference): number => {
    for (let steps = stepsOf(path); steps.length > 0; steps = steps.slice(0, -1)) {
      const place = places.get(pathOf(steps));
      if (place !== undefined) return place;
    }
    return 0;
  };
  return differences
    .map((difference) => ({ difference, place: placeOf(difference) }))
    .sort((one, other) => one.place - other.place)
    .map(({ difference }) => difference);
};
