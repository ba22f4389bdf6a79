/** The answer of /api/v1/query as a reading: one number, or the reason why there is none. */
import * as z from 'zod';
import type { UnknownReading } from '../../../contract/records.ts';
import type { Sighting } from '../../../contract/source.ts';

/** A time and a number in decimal text; also NaN, +Inf and -Inf. */
const pair = z.tuple([z.number(), z.string()]);
const series = z.object({
  metric: z.record(z.string(), z.string()),
  /** A native histogram has none. */
  value: pair.optional(),
});
const answerSchema = z.object({
  status: z.literal('success'),
  warnings: z.array(z.string()).default([]),
  data: z.discriminatedUnion('resultType', [
    z.object({ resultType: z.literal('vector'), result: z.array(series) }),
    z.object({ resultType: z.literal('scalar'), result: pair }),
    z.object({ resultType: z.enum(['matrix', 'string']) }),
  ]),
});
type Series = z.output<typeof series>;
type Answer = z.output<typeof answerSchema>;

interface Asked {
  readonly server: string;
  readonly emptyIs: 0 | undefined;
  readonly at: string;
}

/** So many series are named when there are too many. */
const NAMED = 3;

const unknown = (error: string, why: string): UnknownReading => ({ known: false, why, error });

/** `depth{queue="orders"}` */
const labelsOf = ({ metric: { __name__: name = '', ...labels } }: Series): string => {
  const each = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return each.length === 0 && name !== '' ? name : `${name}{${each.join(',')}}`;
};

const tooMany = (found: readonly Series[]): UnknownReading => {
  const named = found.slice(0, NAMED).map(labelsOf).join(', ');
  const more = found.length > NAMED ? ` and ${found.length - NAMED} more` : '';
  return unknown(
    'TooManySeries',
    `the query gives ${found.length} series where one is needed: sum(…) makes one of them, or give more labels (${named}${more})`,
  );
};

const parsed = (text: string): Answer | undefined => {
  try {
    return answerSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

const EMPTY_IS_ZERO = 'the query gives no series, and emptyIs makes that 0';

const seriesIn = ({ data }: Answer): readonly Series[] | undefined => {
  if (data.resultType === 'vector') return data.result;
  return data.resultType === 'scalar' ? [{ metric: {}, value: data.result }] : undefined;
};

/** The number and what should be known of it, or why there is none. */
const numberIn = (answer: Answer, emptyIs: 0 | undefined): readonly [number, string?] | UnknownReading => {
  const found = seriesIn(answer);
  if (found === undefined)
    return unknown(
      'NoNumber',
      `the query gives a ${answer.data.resultType}, and a number is needed: take last_over_time(…), rate(…) or another function of it`,
    );
  const [only, ...others] = found;
  if (others.length > 0) return tooMany(found);
  if (only === undefined) {
    const [warning] = answer.warnings;
    if (emptyIs !== undefined && warning === undefined) return [emptyIs, EMPTY_IS_ZERO];
    const remedy = warning === undefined ? '; if none means zero, write emptyIs: 0' : ` (${warning})`;
    return unknown(
      'NoSeries',
      `the query gives no series: check its names, and that the target is up${remedy}`,
    );
  }
  const [, text] = only.value ?? [0, 'a histogram'];
  return text.trim() !== '' && Number.isFinite(Number(text))
    ? [Number(text)]
    : unknown('NoNumber', `the query gives ${text}, which is no number to scale on (a division by 0?)`);
};

export const sightingOf = (text: string, { server, emptyIs, at }: Asked): Sighting => {
  const answer = parsed(text);
  if (answer === undefined)
    return unknown(
      'NoJson',
      `${server} answered with something that is not its API's: is url the base URL, and is it no login page?`,
    );
  const found = numberIn(answer, emptyIs);
  if ('known' in found) return found;
  const [value, note] = found;
  const [warning] = answer.warnings;
  if (warning !== undefined)
    return { known: true, value, atLeast: true, notes: [`${server} warns: ${warning}`], at };
  return { known: true, value, ...(note === undefined ? {} : { notes: [note] }), at };
};
