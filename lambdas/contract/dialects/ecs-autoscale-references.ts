/**
 * `%(NAME)` where ecs-autoscale takes a number, a yes or no, or arithmetic. It replaces the text of a file before it reads it; here a reference
 * is replaced where it is used, as late as possible, which only texts can wait for. So these are replaced when the file is read.
 */
import type { ConfigProblem } from '../errors.ts';
import { ConfigError } from '../errors.ts';
import { pathOf, type Steps } from '../path.ts';
import { substitute } from '../substitute.ts';
import type { Difference } from './dialect.ts';
import type { Environment } from './settings.ts';
import { isObject } from './values.ts';

const AT_ONCE: ReadonlySet<string> = new Set([
  ...['enabled', 'min', 'max', 'cpu_buffer', 'mem_buffer', 'autoscale_group'],
  ...['action', 'metric', 'period'],
]);

/** What somebody else's server is sent is none of it. */
const FOREIGN: ReadonlySet<string> = new Set(['payload']);

export interface Replaced {
  readonly document: unknown;
  readonly differences: readonly Difference[];
}

/** @param problems where every variable is added that is not set */
export const withoutReferences = (
  document: unknown,
  env: Environment,
  problems: ConfigProblem[],
): Replaced => {
  const differences: Difference[] = [];

  const replaced = (text: string, steps: Steps): string => {
    try {
      const value = substitute(text, env);
      if (value !== text)
        differences.push({
          path: pathOf(steps),
          why: `${text} is replaced now, by what it is where this file is read, and no longer at every run.`,
        });
      return value;
    } catch (thrown) {
      if (!(thrown instanceof ConfigError)) throw thrown;
      problems.push(...thrown.problems.map(({ message }) => ({ path: pathOf(steps), message })));
      return text;
    }
  };

  const inside = (value: unknown, steps: Steps): unknown => {
    const key = steps.at(-1);
    if (typeof value === 'string')
      return typeof key === 'string' && AT_ONCE.has(key) ? replaced(value, steps) : value;
    if (Array.isArray(value)) return value.map((item, nth) => inside(item, [...steps, nth]));
    if (!isObject(value) || (typeof key === 'string' && FOREIGN.has(key))) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, inside(item, [...steps, name])]),
    );
  };

  return { document: inside(document, []), differences };
};
