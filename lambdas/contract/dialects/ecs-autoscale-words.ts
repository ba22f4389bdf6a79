/**
 * The aliases under which ecs-autoscale's events speak of metrics, as words of our expressions. It puts a number where an alias stands in a
 * text and evaluates that as a program, so there an alias may be `queue-length`, or `max`.
 */
import { FUNCTIONS } from '../arithmetic.ts';
import { ConfigError } from '../errors.ts';
import { expressionOf } from '../expression.ts';
import { COUNT_NAMES, READING_NAMES } from '../name-rules.ts';
import { unknownName } from '../wording.ts';

/** What means something else in every expression, and the name of the policy. */
const TAKEN: readonly string[] = [
  ...[...READING_NAMES, ...COUNT_NAMES, ...Object.keys(FUNCTIONS)],
  ...['and', 'or', 'not', 'rules'],
];

const LONGEST = 64;

/** `queue-length` → `queue_length`, `max` → `max_metric`; what is fine already stays. */
export const wordFor = (alias: string): string => {
  const plain = alias.replace(/\W+/g, '_').replace(/^(?=\d)/, '_');
  const free = TAKEN.includes(plain) || plain in {} ? `${plain}_metric` : plain;
  return free.slice(0, LONGEST);
};

const escaped = (text: string): string => text.replace(/[$()*+.?[\\\]^{|}-]/g, '\\$&');

/**
 * The same arithmetic in our words.
 *
 * @param words by alias
 * @throws ConfigError with the problem alone; its path is ''
 */
export const metricIn = (text: string, words: ReadonlyMap<string, string>): string => {
  const refuse = (message: string): ConfigError => new ConfigError([{ path: '', message }]);
  const aliases = [...words.keys()].sort((one, other) => other.length - one.length);
  // As a call it is the function: `max(max, 3)`.
  const any = new RegExp(`(?<![\\w.])(?:${aliases.map(escaped).join('|')})(?![\\w.]|\\s*\\()`, 'g');
  const written = aliases.length === 0 ? text : text.replace(any, (alias) => words.get(alias) ?? alias);
  const known = [...words.values()];
  try {
    const unknown = expressionOf(written).names.find((name) => !known.includes(name));
    if (unknown === undefined) return written;
    throw refuse(unknownName('metric', unknown, aliases));
  } catch (thrown) {
    if (thrown instanceof ConfigError) throw thrown;
    const { message } = thrown as SyntaxError;
    throw refuse(
      `${message}; it was evaluated as a program of Python there, here it is arithmetic (docs/expressions.md)`,
    );
  }
};
