/**
 * `%(NAME)` in any string stands for the environment variable NAME. It is replaced where it is used, as late as
 * possible, so that what travels between the rooms has the reference and never the secret.
 */
import { ConfigError, type ConfigProblem } from './errors.ts';
import { pathOf, type Steps } from './path.ts';

const REFERENCE = /%\(([A-Za-z_]\w*)\)/g;

/** The variables that a text, a value's JSON say, refers to; each once. */
export const namesIn = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(REFERENCE)].flatMap(([, name]) => name ?? [])),
];

/**
 * Replaces every `%(NAME)` in the strings of a JSON value; keys and all other text stay as they are, and what came out
 * of a variable is not looked at again.
 *
 * @throws ConfigError with every variable that is not set
 */
export const substitute = <T>(value: T, env: Readonly<Record<string, string | undefined>>): T => {
  const problems: ConfigProblem[] = [];

  const inText = (text: string, steps: Steps): string =>
    text.replace(REFERENCE, (reference, name: string) => {
      const found = Object.hasOwn(env, name) ? env[name] : undefined;
      if (found !== undefined) return found;
      const message = `${reference} stands for an environment variable that is not set; set ${name}, or write the value here`;
      problems.push({ path: pathOf(steps), message });
      return reference;
    });

  const inValue = (part: unknown, steps: Steps): unknown => {
    if (typeof part === 'string') return inText(part, steps);
    if (Array.isArray(part)) return part.map((item, index) => inValue(item, [...steps, index]));
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(
      Object.entries(part).map(([key, item]) => [key, inValue(item, [...steps, key])]),
    );
  };

  const replaced = inValue(value, []);
  if (problems.length > 0) throw new ConfigError(problems);
  return replaced as T;
};
