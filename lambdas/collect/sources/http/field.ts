/**
 * A number in an answer, by the path to it: `queue.depth`, `queues[0].depth`, `queues.0.depth`; a key that has a dot or a bracket in it
 * stands in quotes, `["orders.v2"].depth`.
 *
 * Gotcha: what is almost a number (null, "", true, "12abc") is none. JavaScript would make 0 or 1 of half of them.
 */
import { shown } from '../../../contract/wording.ts';

const KEY = '[^.[\\]"]+';
const BRACKET = '\\[\\d+\\]|\\["(?:[^"\\\\]|\\\\.)*"\\]';

export const FIELD = new RegExp(`^(?:${KEY}|${BRACKET})(?:\\.${KEY}|\\.?(?:${BRACKET}))*$`);
const STEP = new RegExp(`(${KEY})|\\[(\\d+)\\]|\\["((?:[^"\\\\]|\\\\.)*)"\\]`, 'g');
const NUMERIC = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;
const MOST_KEYS = 10;

const stepsOf = (field: string): readonly string[] =>
  [...field.matchAll(STEP)].map(
    ([, key, position, quoted]) => key ?? position ?? (quoted ?? '').replace(/\\(.)/g, '$1'),
  );

const numberIn = (found: unknown): number | undefined => {
  const number = typeof found === 'string' && NUMERIC.test(found) ? Number(found) : found;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
};

/** What is there in place of what was looked for. */
const inside = (value: unknown): string => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `is ${shown(value)}`;
  const keys = Object.keys(value);
  const more = keys.length > MOST_KEYS ? `, … (${keys.length})` : '';
  return keys.length === 0 ? 'is an empty object' : `has ${keys.slice(0, MOST_KEYS).join(', ')}${more}`;
};

/** What a value has under a key, or in a position: never what JavaScript put there. */
const stepInto = (value: unknown, step: string): unknown => {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return Array.isArray(value) && !/^\d+$/.test(step) ? undefined : (value as Record<string, unknown>)[step];
};

/** @returns the number, or a sentence that says what is there instead */
export const numberAt = (answer: unknown, field: string): number | string => {
  const steps = stepsOf(field);
  let value = answer;
  for (const [index, step] of steps.entries()) {
    const next = stepInto(value, step);
    if (next === undefined) {
      const before = index === 0 ? 'the answer' : steps.slice(0, index).join('.');
      return `there is no ${field}: ${before} ${inside(value)}`;
    }
    value = next;
  }
  const number = numberIn(value);
  if (number !== undefined) return number;
  return `${field === '' ? 'the answer' : field} is ${shown(value)} and no number`;
};
