/**
 * A line of the terminal as spans of styled text, so that it can be cut to the width of the window without cutting an
 * escape sequence in two. Names and messages come from outside: no control character of theirs reaches the terminal.
 */
import { stripVTControlCharacters, styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

/** A piece of a line. Without a style it is written as it is. */
export interface Span {
  readonly text: string;
  readonly style?: Style;
}

const ellipsis = '…';

/** One grapheme is what a person sees as one character: cutting between two of them never breaks a symbol. */
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The text on one line: escape sequences are gone, and every run of control characters or spaces is one space. */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ');
}

/**
 * Columns that `text` takes at most. Everything from the Hangul block on may be drawn two columns wide; general
 * punctuation, arrows and box drawing are not. Guessing too wide costs a character of text, too narrow breaks the line.
 */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const symbol of text) {
    const point = symbol.codePointAt(0) ?? 0;
    const narrow = point < 0x1100 || (point >= 0x2000 && point < 0x2c00 && !/\p{Emoji}/u.test(symbol));
    columns += narrow ? 1 : 2;
  }
  return columns;
}

/** `text` in at most `columns` columns, with an ellipsis where something was left out. */
export function cut(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let kept = '';
  let used = 1;
  for (const { segment } of graphemes.segment(text)) {
    used += columnsOf(segment);
    if (used > columns) break;
    kept += segment;
  }
  return columns < 1 ? '' : kept.trimEnd() + ellipsis;
}

/** A name in at most `columns` columns: the middle goes, because names of one kind differ at their ends. */
export function cutMiddle(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  const symbols = [...graphemes.segment(text)].map(({ segment }) => segment);
  let head = '';
  let tail = '';
  while (columnsOf(head + tail) + 1 < columns && symbols.length > 0) {
    if (head.length <= tail.length) head += symbols.shift() ?? '';
    else tail = (symbols.pop() ?? '') + tail;
  }
  return columnsOf(head + tail) + 1 > columns ? cut(text, columns) : head + ellipsis + tail;
}

/** `text` in exactly `columns` columns: cut or filled up with spaces, on the left for numbers. */
export function column(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const shown = cut(text, columns);
  const fill = ' '.repeat(Math.max(0, columns - columnsOf(shown)));
  return align === 'left' ? shown + fill : fill + shown;
}

/** The spans that fit into `columns`, the last of them cut. */
export function cutSpans(spans: readonly Span[], columns: number): readonly Span[] {
  const shown: Span[] = [];
  let left = columns;
  for (const span of spans) {
    const wanted = columnsOf(span.text);
    if (wanted > left) {
      shown.push({ ...span, text: cut(span.text, left) });
      break;
    }
    shown.push(span);
    left -= wanted;
  }
  return shown;
}

/** The spans as text for `out`: with colours only when it is a terminal that wants them (`NO_COLOR`, `FORCE_COLOR`). */
export function paint(spans: readonly Span[], out: NodeJS.WriteStream): string {
  return spans
    .map(({ text, style }) => (style === undefined ? text : styleText(style, text, { stream: out })))
    .join('');
}
