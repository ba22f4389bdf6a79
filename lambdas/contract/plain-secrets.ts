/**
 * A secret that stands in a configuration as text would be deployed, kept in the history of executions and shown in the template.
 * So where one belongs, only a reference is taken.
 */
import type { ConfigProblem } from './errors.ts';
import { pathOf, type Steps } from './path.ts';

const SECRET = /(password|token|passphrase)$/i;
/** Headers of HTTP that often hold one; no option beside them takes an ARN. */
const HEADER = /^((proxy-)?authorization|cookie|.*api-?key|.+-(token|secret))$/i;
const REFERENCE = /%\([A-Za-z_]\w*\)/;
/** `scheme://user:password@host`, the password not a reference. */
const IN_URL = /^[a-z][\w+.-]*:\/\/[^/@\s:]*:(?!%\()[^/@\s]+@/i;

const objection = (key: PropertyKey | undefined, text: string): string | undefined => {
  const written = typeof key === 'string' && text !== '' && !REFERENCE.test(text);
  if (written && HEADER.test(key))
    return 'a secret written here would be deployed as text; write %(NAME) for what the environment variable NAME holds, or name a bearer token as tokenSecret';
  if (written && SECRET.test(key))
    return `a secret written here would be deployed as text; name it instead: ${key}Secret: the ARN of a secret, or ${key}: "%(NAME)" for the environment variable NAME`;
  return IN_URL.test(text)
    ? 'the password in this URL would be deployed as text; leave it out and name it as passwordSecret, or write %(NAME) for it'
    : undefined;
};

const inside = (value: unknown, steps: Steps): readonly ConfigProblem[] => {
  if (typeof value === 'string') {
    const message = objection(steps.at(-1), value);
    return message === undefined ? [] : [{ path: pathOf(steps), message }];
  }
  if (typeof value !== 'object' || value === null) return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, each]) => inside(each, [...steps, key]));
};

/** Every secret that is written out, in a configuration in which `%(NAME)` still stands. */
export const plainSecrets = (raw: unknown): readonly ConfigProblem[] => inside(raw, []);
