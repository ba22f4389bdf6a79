/**
 * The words that every message about a configuration is made of, so that a typo in YAML, in a variable and in a payload
 * reads the same.
 */
import { closest } from 'fastest-levenshtein';
import type { Steps } from './path.ts';

/** Keys whose values no message repeats: messages are logged, and travel in readings and decisions. */
const SECRET = /pass|secret|token|key|auth|credential/i;
const LONGEST = 80;

const withoutPassword = (text: string): string => text.replace(/:\/\/[^/@\s]*@/g, '://…@');

const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

/** `true` when what stands at these steps may be a secret. */
export const isSecret = (steps: Steps): boolean =>
  steps.some((step) => typeof step === 'string' && SECRET.test(step));

/** A value as a message shows it: `"ten"`, `5`, `a list of 3`, `an object`; never its inside, never a password. */
export const shown = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(shortened(withoutPassword(value)));
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return value === undefined ? 'nothing' : String(value);
};

/** `threshold, target`, or `nothing`. */
export const listed = (allowed: readonly string[]): string =>
  allowed.length === 0 ? 'nothing' : allowed.join(', ');

/** The one of `known` that takes the fewest letters to reach; capitals count for nothing. */
const nearest = (given: string, known: readonly string[]): string => {
  const near = closest(
    given.toLowerCase(),
    known.map((one) => one.toLowerCase()),
  );
  return known.find((one) => one.toLowerCase() === near) ?? near;
};

/** `unknown key "mx", the nearest known one is "max"; allowed here: min, max`. */
export const unknownName = (what: string, given: string, known: readonly string[]): string => {
  const name = shown(given);
  if (known.length === 0) return `unknown ${what} ${name}; nothing is allowed here`;
  return `unknown ${what} ${name}, the nearest known one is "${nearest(given, known)}"; allowed here: ${listed(known)}`;
};
