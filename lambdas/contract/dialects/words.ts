/** Names for sources and policies: what somebody called something elsewhere, as a word that means nothing else in an expression here. */
import { FUNCTIONS } from '../arithmetic.ts';
import { COUNT_NAMES, GUARD_NAMES, READING_NAMES } from '../name-rules.ts';

const RESERVED: ReadonlySet<string> = new Set([
  ...READING_NAMES,
  ...COUNT_NAMES,
  ...GUARD_NAMES,
  ...Object.keys(FUNCTIONS),
  ...['and', 'or', 'not', 'first', 'highest', 'combine', 'constructor', 'toString', 'valueOf'],
]);

const LONGEST = 60;

/** @param taken words that others have already */
const wordFor = (called: string, taken: readonly string[]): string => {
  const plain = called.replace(/\W/g, '_').slice(0, LONGEST);
  const word = /^[A-Za-z_]/.test(plain) ? plain : `_${plain}`;
  const isFree = (name: string): boolean => !RESERVED.has(name) && !taken.includes(name);
  const others = Array.from({ length: taken.length + 1 }, (_, nth) => `${word}${nth + 2}`);
  return [word, ...others].find(isFree) ?? `${word}_`;
};

/** A word for each of them. */
export const wordsFor = (called: readonly string[], taken: readonly string[] = []): readonly string[] => {
  const words: string[] = [];
  for (const each of called) words.push(wordFor(each, [...taken, ...words]));
  return words;
};
