/**
 * A CSV file of two columns under a header, row by row: commas, with or without quotes around a field, LF or CRLF, a byte order mark or
 * none. Nothing in it is guessed: what is not as expected is an error that names file, line, what is there and what should be.
 */
import { readFileSync, statSync } from 'node:fs';

export interface Row {
  /** As an editor counts them: the header is in line 1. */
  readonly line: number;
  readonly first: string;
  readonly second: string;
}

export interface CsvFile {
  readonly path: string;
  /** Without blanks and quotes: `t,count`. */
  readonly header: string;
  readonly rows: () => Iterable<Row>;
}

/** 64 MiB: some three million messages. All of it is held in memory several times over. */
const MOST_BYTES = 64 * 1024 * 1024;

export const wrong = (path: string, line: number, found: string, expected: string): Error =>
  new Error(
    `${path}, line ${line}: found ${found === '' ? 'nothing' : `"${shortened(found)}"`}, expected ${expected}`,
  );

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);

const fieldsOf = (line: string): readonly string[] =>
  line.split(',').map((field) => field.trim().replace(/^"(.*)"$/, '$1'));

/** The lines that are not blank, numbered. One at a time: a list of all would take more than the file itself. */
function* linesOf(text: string): Generator<readonly [line: number, text: string]> {
  for (let from = 0, line = 1; from < text.length; line += 1) {
    const end = text.indexOf('\n', from);
    const until = end < 0 ? text.length : end;
    const found = text.slice(from, until).trim();
    if (found !== '') yield [line, found];
    from = until + 1;
  }
}

export const openCsv = (path: string): CsvFile => {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new Error(`${path}: there is no such file`);
  if (!found.isFile()) throw new Error(`${path}: this is not a file`);
  if (found.size > MOST_BYTES) {
    const [size, most] = [found.size, MOST_BYTES].map((bytes) => Math.round(bytes / 1024 / 1024));
    throw new Error(
      `${path}: ${size} MiB is too much, at most ${most} MiB; cut out a part, or count per second`,
    );
  }
  const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  const header = linesOf(text).next();
  const names = header.done ? [] : fieldsOf(header.value[1]);
  return {
    path,
    header: names.join(','),
    *rows() {
      let isHeader = true;
      for (const [line, each] of linesOf(text)) {
        if (isHeader) {
          isHeader = false;
          continue;
        }
        const fields = fieldsOf(each);
        const [first, second] = fields;
        if (first === undefined || second === undefined || fields.length !== 2)
          throw wrong(path, line, each, `two fields, ${names.join(' and ')}`);
        yield { line, first, second };
      }
    },
  };
};
