/**
 * What an operator's `"10"`, `True` or `a, b` means. Environment variables are always text; payloads have JSON's types,
 * and often text too. `undefined`: it means nothing of that kind.
 */

export type Fields = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** 0 and false are given; nothing, null and an empty text are not. */
export const isGiven = (value: unknown): boolean =>
  value !== undefined && value !== null && !(typeof value === 'string' && value.trim() === '');

export const textIn = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value).trim() : undefined;

const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

export const numberIn = (value: unknown): number | undefined => {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && DECIMAL.test(value.trim()) ? Number(value) : undefined;
};

export const wholeIn = (value: unknown): number | undefined => {
  const number = numberIn(value);
  return Number.isInteger(number) ? number : undefined;
};

const TRUE: readonly string[] = ['true', 't', 'yes', '1'];
const FALSE: readonly string[] = ['false', 'f', 'no', '0'];

export const flagIn = (value: unknown): boolean | undefined => {
  const word = (typeof value === 'boolean' ? String(value) : (textIn(value) ?? '')).toLowerCase();
  return TRUE.includes(word) || (FALSE.includes(word) ? false : undefined);
};

/** `"a, b"` and `["a", "b"]` alike; an empty list means nothing. */
export const listIn = (value: unknown): readonly string[] | undefined => {
  const items = Array.isArray(value) ? value.map(textIn) : textIn(value)?.split(',');
  const texts = items?.map((item) => item?.trim()).filter((item) => item !== '');
  const readable = texts?.filter((item) => item !== undefined);
  return readable?.length === 0 || readable?.length !== texts?.length ? undefined : readable;
};

/** Without the options that were not given. */
export const withoutUndefined = (options: Fields): Fields =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
