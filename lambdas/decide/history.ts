/** The ticks of an execution, column by column: what does not change from tick to tick takes one number. */
import type { Column, Columns, History, ServiceTicks } from '../contract/history.ts';
import type { Decision, Reading, Sample } from '../contract/records.ts';

type Numbers = Readonly<Record<string, number>>;

/** Six digits are far more than any count was right by, and 3.3333333333333335 has seventeen. */
const short = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(6)));

/** All numbers of a reading by their names there; none of an unknown one. */
const numbersOf = (reading: Reading): Numbers => {
  const numbers: Record<string, number> = {};
  if (!reading.known) return numbers;
  const { values = {}, atLeast, ...rest } = reading;
  for (const [name, value] of Object.entries(rest))
    if (typeof value === 'number') numbers[name] = short(value);
  for (const alias of Object.keys(values)) numbers[`values.${alias}`] = short(values[alias] ?? Number.NaN);
  if (atLeast === true) numbers['atLeast'] = 1;
  return numbers;
};

const countsOf = (counts: Sample['counts']): Numbers => {
  if ('known' in counts) return {};
  const { desired, running, pending, deploying } = counts;
  return { desired, running, pending, ...(deploying ? { deploying: 1 } : {}) };
};

/** With the number of one more tick, after `ticks` of them. */
const withNumber = (column: Column | undefined, ticks: number, value: number | null): Column => {
  if (ticks === 0) return value;
  if (Array.isArray(column)) return [...column, value];
  const before = column ?? null;
  return before === value ? value : [...Array.from({ length: ticks }, () => before), value];
};

const withNumbers = (columns: Columns, ticks: number, numbers: Numbers): Columns => {
  const names = new Set([...Object.keys(columns), ...Object.keys(numbers)]);
  return Object.fromEntries(
    [...names].map((name) => [name, withNumber(columns[name], ticks, numbers[name] ?? null)]),
  );
};

const unseen: ServiceTicks = { readings: [], counts: {}, to: null };

const withLook = (
  { readings, counts, to }: ServiceTicks,
  ticks: number,
  sample: Sample | undefined,
  decision: Decision | undefined,
): ServiceTicks => {
  const read = sample?.readings ?? [];
  const sources = Math.max(readings.length, read.length);
  return {
    readings: Array.from({ length: sources }, (_, nth) => {
      const reading = read[nth];
      return withNumbers(readings[nth] ?? {}, ticks, reading === undefined ? {} : numbersOf(reading));
    }),
    counts: withNumbers(counts, ticks, sample === undefined ? {} : countsOf(sample.counts)),
    to: withNumber(to, ticks, decision?.to ?? null),
  };
};

/** The history with this tick. @param decisions one for each sample, in the same order */
export const withTick = (
  { at, services }: History,
  samples: readonly Sample[],
  decisions: readonly Decision[],
): History => {
  const [first] = decisions;
  if (first === undefined) return { at, services };
  const looks = new Map(decisions.map((each, nth) => [`${each.cluster}/${each.service}`, nth]));
  const keys = new Set([...Object.keys(services), ...looks.keys()]);
  return {
    at: [...at, Math.round(Date.parse(first.at) / 1000)],
    services: Object.fromEntries(
      [...keys].map((key) => {
        const nth = looks.get(key) ?? -1;
        return [key, withLook(services[key] ?? unseen, at.length, samples[nth], decisions[nth])];
      }),
    ),
  };
};
