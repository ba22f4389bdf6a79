/**
 * What is wrong with a cron line or a time zone, so that it is said when a configuration is loaded and not at a tick. Five
 * fields as cron has always had them, and none of the extensions (`?`, `L`, `W`, `#`, `@daily`, seconds) that one library
 * knows and the next one doesn't. Whatever passes here, croner takes as well (a property test ties the two).
 */

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Of three letters each, from `least` on. */
  readonly words: string;
}

const FIELDS: readonly Field[] = [
  { name: 'minute', least: 0, most: 59, words: '' },
  { name: 'hour', least: 0, most: 23, words: '' },
  { name: 'day', least: 1, most: 31, words: '' },
  { name: 'month', least: 1, most: 12, words: 'JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC' },
  // Sunday is 0 and 7.
  { name: 'weekday', least: 0, most: 7, words: 'SUNMONTUEWEDTHUFRISATSUN' },
];

const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const PART = /^(?:\*|(\d\d?|[a-z]{3})(?:-(\d\d?|[a-z]{3}))?)(?:\/(\d\d?))?$/i;

const numberIn = (text: string, { least, words }: Field, isEnd: boolean): number => {
  if (/\d/.test(text)) return Number(text);
  const at = isEnd ? words.lastIndexOf(text.toUpperCase()) : words.indexOf(text.toUpperCase());
  // `ONF` is in there too, between two names.
  return at >= 0 && at % 3 === 0 ? least + at / 3 : Number.NaN;
};

/** The numbers that one part of a field's list says: `*`, `5`, `1-5`, with a step or without. */
const numbersOf = (part: string, field: Field): readonly number[] => {
  const [whole, first, last, every = '1'] = PART.exec(part) ?? [];
  const { least, most } = field;
  const from = first === undefined ? least : numberIn(first, field, false);
  const to = first === undefined ? most : last === undefined ? from : numberIn(last, field, true);
  const step = Number(every);
  // A week has seven days, whatever Sunday is called.
  const isStep = step >= 1 && step <= Math.min(most - least + 1, field.name === 'weekday' ? 7 : 60);
  const isStepOfOne = first !== undefined && last === undefined && part.includes('/');
  const isRange = from >= least && to <= most && from <= to;
  if (whole === undefined || !isStep || isStepOfOne || !isRange) return [];
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, nth) => from + nth * step);
};

/** The numbers that a field says; none where any part of it is wrong. */
const numbersIn = (text: string, field: Field): readonly number[] => {
  const parts = text.split(',').map((part) => numbersOf(part, field));
  return parts.some(({ length }) => length === 0) ? [] : parts.flat();
};

const allowedIn = ({ name, least, most, words }: Field): string => {
  const named = words === '' ? '' : ` or ${words.slice(0, 3)} to ${name === 'month' ? 'DEC' : 'SAT'}`;
  return `expected cron whose ${name} is * or of ${least} to ${most}${named}, in lists (1,3), ranges (1-5) and steps (*/2 or 1-5/2)`;
};

/** What must be different about a cron line; undefined: nothing. */
export const cronProblem = (line: string): string | undefined => {
  const texts = line.trim().split(/\s+/);
  if (texts.length !== FIELDS.length)
    return 'expected cron with five fields, minute hour day month weekday, like "0 8 * * MON-FRI"';
  const numbers = FIELDS.map((field, nth) => numbersIn(texts[nth] ?? '', field));
  const wrong = FIELDS.find((_, nth) => numbers[nth]?.length === 0);
  if (wrong !== undefined) return allowedIn(wrong);
  const [, , days = [], months = []] = numbers;
  const longest = Math.max(...months.map((month) => LONGEST_MONTHS[month - 1] ?? 0));
  // With a weekday of its own, a line means either of the two.
  return texts[4] === '*' && Math.min(...days) > longest
    ? 'expected cron with a day that one of its months has'
    : undefined;
};

const zones = new Map<string, boolean>();

/** Whether this machine knows the time zone. Asked at every tick of a service, and an eighth of a millisecond each time. */
export const isTimeZone = (zone: string): boolean => {
  const known = zones.get(zone);
  if (known !== undefined) return known;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    zones.set(zone, true);
  } catch {
    zones.set(zone, false);
  }
  return zones.get(zone) === true;
};
