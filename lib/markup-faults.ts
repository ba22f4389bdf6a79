/** What is wrong with a text that is no YAML or no JSON, where, and what to do. No message repeats a piece of the file, which may hold a password. */
import type { LineCounter, YAMLError } from 'yaml';
import { ConfigError, messageOf } from '../lambdas/contract/errors.ts';

const REMEDIES: Readonly<Record<string, string>> = {
  BAD_SCALAR_START: 'put the value in quotes: "%(NAME)"',
  BLOCK_AS_IMPLICIT_KEY: 'put a value that holds ": " in quotes, and each key on its own line',
  TAB_AS_INDENT: 'indent with spaces',
};

const jsonError = (text: string): string | undefined => {
  try {
    JSON.parse(text);
    return undefined;
  } catch (cause) {
    return messageOf(cause);
  }
};

const UNEXPECTED = 'Unexpected token';

/**
 * Where the first fault of some broken JSON is. V8 names the position of every fault but an unexpected token; that one
 * is the last character of the shortest text which has it.
 */
const faultIn = (text: string, message: string): number => {
  const [, position] = /at position (\d+)/.exec(message) ?? [];
  if (position !== undefined) return Number(position);
  if (!message.startsWith(UNEXPECTED)) return text.length;
  let [sound, broken] = [0, text.length];
  while (broken - sound > 1) {
    const middle = Math.floor((sound + broken) / 2);
    if (jsonError(text.slice(0, middle))?.startsWith(UNEXPECTED)) broken = middle;
    else sound = middle;
  }
  return broken - 1;
};

/** @throws ConfigError where JSON's own rules are broken */
export const refuseBrokenJson = (text: string, file: string): void => {
  const message = jsonError(text);
  if (message === undefined) return;
  const before = text.slice(0, faultIn(text, message)).split('\n');
  const path = `${file}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  // The rest of V8's sentence repeats a piece of the file.
  const [fault] = /^Unexpected token '.{1,2}'|^.*?(?= in JSON at)/su.exec(message) ?? [message];
  throw new ConfigError([{ path, message: `this is not JSON: ${fault}` }], file);
};

const yamlMessage = (text: string, { code, message, pos: [offset] }: YAMLError): string => {
  if (code === 'DUPLICATE_KEY') {
    const [, key = ''] = /^["']?([^"':\s,}]+)/.exec(text.slice(offset)) ?? [];
    return `the key "${key}" stands here a second time; keep one of the two`;
  }
  // The reader's own message goes on with the place, and then repeats the line.
  const fault = message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? code;
  const remedy = REMEDIES[code];
  return remedy === undefined ? fault : `${fault}; ${remedy}`;
};

/** `7:5` */
export const lineAndColumn = (lines: LineCounter, offset: number): string => {
  const { line, col } = lines.linePos(offset);
  return `${line}:${col}`;
};

/**
 * ecs-autoscale replaces `url: %(BROKER)/celery` before it reads YAML, in which no plain value begins like this. The reader gets it right all
 * the same, complaint apart.
 */
const isReference = (text: string, { code, pos: [offset] }: YAMLError): boolean =>
  code === 'BAD_SCALAR_START' && /^%\([A-Za-z_]\w*\)/.test(text.slice(offset, offset + 200));

/** @throws ConfigError with all of them, when there are any */
export const refuseYamlFaults = (
  faults: readonly YAMLError[],
  text: string,
  lines: LineCounter,
  file: string,
): void => {
  const real = faults.filter((fault) => !isReference(text, fault));
  if (real.length === 0) return;
  throw new ConfigError(
    real.map((fault) => ({
      path: `${file}:${lineAndColumn(lines, fault.pos[0])}`,
      message: yamlMessage(text, fault),
    })),
    file,
  );
};
