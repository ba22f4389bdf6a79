/**
 * YAML and JSON with the place of everything in them. JSON is read by JSON's own rules first, because YAML forgives what
 * every other reader of that file would refuse; its places come from the YAML reader, to which all JSON is YAML.
 */
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
} from 'yaml';
import { ConfigError, type ConfigProblem, messageOf } from '../lambdas/contract/errors.ts';
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
  DUPLICATE_KEY: 'a key stands here a second time; keep one of the two',
  MULTIPLE_DOCS: 'one file holds one configuration; remove everything from "---" on',
  TAB_AS_INDENT: 'indent with spaces',
};

const at = (lines: LineCounter, offset: number): string => {
  const { line, col } = lines.linePos(offset);
  return `${line}:${col}`;
};

/** The reader's own message repeats the place and the line; the first line before it says what is wrong. */
const firstLine = (message: string): string =>
  message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? '';

const jsonProblem = (text: string, file: string): ConfigProblem | undefined => {
  try {
    JSON.parse(text);
    return undefined;
  } catch (cause) {
    const message = messageOf(cause);
    const [, offset] = /at position (\d+)/.exec(message) ?? [];
    const before = text.slice(0, offset === undefined ? text.length : Number(offset)).split('\n');
    const place = `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
    return {
      path: `${file}:${place}`,
      message: `this is no JSON: ${message.replace(/ in JSON at position.*$/, '')}`,
    };
  }
};

const yamlProblems = (
  document: Document.Parsed,
  lines: LineCounter,
  file: string,
): readonly ConfigProblem[] =>
  [...document.errors, ...document.warnings].map(({ code, message, pos: [offset] }) => {
    const remedy = REMEDIES[code];
    return {
      path: `${file}:${at(lines, offset)}`,
      message: firstLine(message) + (remedy ? `; ${remedy}` : ''),
    };
  });

/** The offset of what stands at `steps`, for a key the key itself; steps that lead nowhere end at the last that does. */
const offsetOf = (document: Document.Parsed, steps: Steps): number | undefined => {
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

const valueOf = (document: Document.Parsed, file: string): unknown => {
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
  if (plain.trim() === '')
    throw new ConfigError([{ path: file, message: 'this file is empty; it needs at least `services`' }]);
  const isJson = file.toLowerCase().endsWith('.json');
  const broken = isJson ? jsonProblem(plain, file) : undefined;
  if (broken !== undefined) throw new ConfigError([broken], file);
  const lines = new LineCounter();
  const document = parseDocument(plain, { lineCounter: lines, merge: !isJson, prettyErrors: true });
  const problems = yamlProblems(document, lines, file);
  if (problems.length > 0) throw new ConfigError(problems, file);
  const value = valueOf(document, file);
  if (value === null)
    throw new ConfigError([
      { path: file, message: 'this file has no content but comments; it needs at least `services`' },
    ]);
  return {
    value,
    positionOf: (steps) => {
      const offset = offsetOf(document, steps);
      return offset === undefined ? undefined : at(lines, offset);
    },
  };
};
