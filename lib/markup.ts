/**
 * YAML and JSON with the place of everything in them. JSON is read by JSON's own rules first, because YAML forgives what
 * every other reader of that file would refuse; its places come from the YAML reader, to which all JSON is YAML.
 */
import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  type YAMLError,
  type Document as YamlDocument,
} from 'yaml';
import { ConfigError, messageOf } from '../lambdas/contract/errors.ts';
import type { Steps } from '../lambdas/contract/path.ts';

/** A file's value, and where its parts stand. */
export interface Markup {
  readonly value: unknown;
  /** `7:5` of what stands at these steps, or of the nearest thing around it; `undefined`: the first step isn't there. */
  readonly positionOf: (steps: Steps) => string | undefined;
}

const REMEDIES: Readonly<Record<string, string>> = {
  BAD_SCALAR_START: 'put the value in quotes: "%(NAME)"',
  BLOCK_AS_IMPLICIT_KEY: 'put a value that holds ": " in quotes, and each key on its own line',
  MULTIPLE_DOCS: 'one file holds one configuration; remove everything from "---" on',
  TAB_AS_INDENT: 'indent with spaces',
};

const at = (lines: LineCounter, offset: number): string => {
  const { line, col } = lines.linePos(offset);
  return `${line}:${col}`;
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

const refuseBrokenJson = (text: string, file: string): void => {
  const message = jsonError(text);
  if (message === undefined) return;
  const before = text.slice(0, faultIn(text, message)).split('\n');
  const path = `${file}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  // The rest of V8's sentence repeats a piece of the file, which may hold a password.
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

/** The offset of what stands at `steps`, for a key the key itself; steps that lead nowhere end at the last that does. */
const offsetOf = (document: YamlDocument.Parsed, steps: Steps): number | undefined => {
  let place: unknown = document.contents;
  let offset = steps.length === 0 && isNode(place) ? place.range?.[0] : undefined;
  for (const step of steps) {
    if (isAlias(place)) place = place.resolve(document);
    const pair = isMap(place)
      ? place.items.find(({ key }) => isScalar(key) && String(key.value) === step)
      : undefined;
    const next = isCollection(place) ? place.get(step, true) : undefined;
    if (next === undefined && pair === undefined) return offset;
    const anchor: unknown = pair?.key ?? next;
    offset = (isNode(anchor) ? anchor.range?.[0] : undefined) ?? offset;
    place = next;
  }
  return offset;
};

const contentOf = (document: YamlDocument.Parsed, file: string): unknown => {
  try {
    return document.toJS();
  } catch (cause) {
    // An alias without its anchor, or so many of them that the file would grow beyond all bounds.
    throw new ConfigError([{ path: file, message: messageOf(cause) }]);
  }
};

/**
 * Reads the text of a file; a name that ends in `.json` makes it JSON.
 *
 * @throws ConfigError for bad syntax, a repeated key or an empty file
 */
export const readMarkup = (text: string, file: string): Markup => {
  const plain = text.replace(/^\uFEFF/, '');
  const refuse = (message: string) => {
    throw new ConfigError([{ path: file, message }]);
  };
  if (plain.trim() === '') refuse('this file is empty; it needs at least `services`');
  const isJson = file.toLowerCase().endsWith('.json');
  if (isJson) refuseBrokenJson(plain, file);
  const lines = new LineCounter();
  const document = parseDocument(plain, { lineCounter: lines, merge: !isJson });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    const place = (fault: YAMLError) => `${file}:${at(lines, fault.pos[0])}`;
    throw new ConfigError(
      faults.map((fault) => ({ path: place(fault), message: yamlMessage(plain, fault) })),
      file,
    );
  }
  const value = contentOf(document, file);
  if (value === null) refuse('this file has nothing but comments; it needs at least `services`');
  return {
    value,
    positionOf: (steps) => {
      const offset = offsetOf(document, steps);
      return offset === undefined ? undefined : at(lines, offset);
    },
  };
};
