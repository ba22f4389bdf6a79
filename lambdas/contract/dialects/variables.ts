/**
 * A file of environment variables, `KEY=value` in each line, as Docker and `serverless` read it: what two of the older scalers are
 * configured with. It reaches a dialect as one document that is text.
 *
 * Only what stands in the file counts: a MIN_TASKS that happens to be set on the machine that translates it must not become part of it.
 */
import type { Environment } from './settings.ts';

const LINE = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/;
const NOTHING = /^\s*(?:#.*)?$/;
const QUOTED = /^(["'])(.*)\1(?:\s+#.*)?$/;

/** A `#` begins a comment after a space only, so that a password may hold one. */
const textOf = (written: string): string => QUOTED.exec(written)?.[2] ?? written.replace(/(^|\s+)#.*$/, '');

/** `undefined`: this is no such file. */
export const variablesIn = (document: unknown): Environment | undefined => {
  if (typeof document !== 'string') return undefined;
  const lines = document.split(/\r?\n/).filter((line) => !NOTHING.test(line));
  const found = lines.map((line) => LINE.exec(line));
  if (found.length === 0 || found.includes(null)) return undefined;
  return Object.fromEntries(found.map((match) => [match?.[1] ?? '', textOf(match?.[2] ?? '')]));
};

/** Of one document; several are no variables. */
export const variablesOf = ({
  documents,
}: {
  readonly documents: readonly unknown[];
}): Environment | undefined => (documents.length === 1 ? variablesIn(documents[0]) : undefined);

export const isSet = (env: Environment, names: readonly string[]): boolean =>
  names.some((name) => (env[name] ?? '').trim() !== '');
