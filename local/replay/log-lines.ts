/**
 * The JSON in a log, whatever stands around it: bare lines, lines with CloudWatch's time before them (`aws logs tail`, an export to
 * S3, gzipped or not), Logs Insights as CSV, and whole documents of JSON (`aws logs filter-log-events`, Insights).
 *
 * Gotcha: what can't be read is counted with its first line, never left out in silence; a line without any brace (Lambda's START and
 * REPORT, the head of a CSV) can't be a record and is counted by itself.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { messageOf } from '../../lambdas/contract/errors.ts';

export interface LogLine {
  /** From 1 on. */
  readonly line: number;
  readonly value: Readonly<Record<string, unknown>>;
}

export interface LogLines {
  /** How many lines are not blank. */
  readonly total: number;
  readonly lines: readonly LogLine[];
  /** Lines that have braces and are no JSON. */
  readonly broken: readonly { readonly line: number; readonly text: string }[];
  /** Lines that are no JSON at all. */
  readonly plain: readonly { readonly line: number; readonly text: string }[];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** From the first brace to the last; in CSV each quote inside is doubled. */
const jsonIn = (text: string): Readonly<Record<string, unknown>> | undefined => {
  const [from, to] = [text.indexOf('{'), text.lastIndexOf('}')];
  if (from < 0 || to < from) return undefined;
  const inside = text.slice(from, to + 1);
  const value = parsed(inside) ?? parsed(inside.replaceAll('""', '"'));
  return isObject(value) ? value : undefined;
};

/** A row of Insights is a list of fields. */
const fieldsOf = (row: unknown): unknown =>
  Array.isArray(row) && row.every((cell) => isObject(cell) && typeof cell['field'] === 'string')
    ? Object.fromEntries(row.map((cell) => [String(cell['field']), cell['value']]))
    : row;

/** What AWS hands out wraps the line that was logged as text, or as the object that Insights has made of it. */
const unwrapped = (value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const message = value['@message'] ?? value['message'];
  if (isObject(message)) return message;
  return typeof message === 'string' && message.includes('{') ? (jsonIn(message) ?? value) : value;
};

const rowsOf = (value: unknown): readonly unknown[] | undefined => {
  if (Array.isArray(value)) return value;
  const rows = isObject(value) ? (value['events'] ?? value['results']) : undefined;
  return Array.isArray(rows) ? rows : undefined;
};

/** The lines of a log's text. */
export const logLinesOf = (text: string): LogLines => {
  const rows = /^\s*[[{]/.test(text) ? rowsOf(parsed(text)) : undefined;
  if (rows !== undefined) {
    const lines = rows.map(fieldsOf).flatMap((value, nth) => {
      return isObject(value) ? [{ line: nth + 1, value: unwrapped(value) }] : [];
    });
    return { total: rows.length, lines, broken: [], plain: [] };
  }
  const lines: LogLine[] = [];
  const broken: { readonly line: number; readonly text: string }[] = [];
  const plain: { readonly line: number; readonly text: string }[] = [];
  text.split(/\r?\n/).forEach((written, nth) => {
    if (written.trim() === '') return;
    const value = jsonIn(written);
    const line = nth + 1;
    if (value !== undefined) lines.push({ line, value: unwrapped(value) });
    else (written.includes('{') ? broken : plain).push({ line, text: written });
  });
  return { total: lines.length + broken.length + plain.length, lines, broken, plain };
};

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a directory: give one file, or put them together with cat',
  EACCES: 'this file may not be read; check its permissions',
};

/** The text of a file, unzipped where it is gzipped. @throws Error that names the file and what to do */
export const textOf = (file: string): string => {
  try {
    const bytes = readFileSync(file);
    return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (cause) {
    const code = String((cause as NodeJS.ErrnoException).code);
    throw new Error(`${file}: ${REASONS[code] ?? messageOf(cause)}`, { cause });
  }
};
