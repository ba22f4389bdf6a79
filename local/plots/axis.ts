/** Where the marks of an axis are, and what stands at them: round numbers, round times, whole decades. */

export interface Mark {
  readonly value: number;
  readonly said: string;
}

const roundAbove = (value: number, steps: readonly number[]): number => {
  const decade = 10 ** Math.floor(Math.log10(value));
  const step = steps.find((each) => each * decade >= value * (1 - 1e-9)) ?? 10;
  return step * decade;
};

/** Round counts from 0 on; the last one is the first that is not below `top`. */
export const countMarks = (top: number, about: number): readonly Mark[] => {
  const step = Math.max(1, roundAbove(Math.max(top, 1) / about, [1, 2, 5, 10]));
  const last = Math.max(1, Math.ceil(top / step - 1e-9));
  return Array.from({ length: last + 1 }, (_, nth) => ({
    value: nth * step,
    said: (nth * step).toLocaleString('en'),
  }));
};

const UNITS = [
  ['s', 1],
  ['min', 60],
  ['h', 3600],
  ['d', 86_400],
] as const;
const TIME_STEPS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** Round times from 0 on, none after `seconds`: `0`, `2 h`, `4 h`. */
export const timeMarks = (seconds: number, about: number): readonly Mark[] => {
  const atLeast = seconds / about;
  const found = TIME_STEPS.find((each) => each >= atLeast);
  const step = found ?? 86_400 * roundAbove(atLeast / 86_400, [1, 2, 5, 10]);
  const [unit, size] = UNITS.findLast(([, each]) => step >= each && step % each === 0) ?? UNITS[0];
  return Array.from({ length: Math.floor(seconds / step + 1e-9) + 1 }, (_, nth) => ({
    value: nth * step,
    said: nth === 0 ? '0' : `${((nth * step) / size).toLocaleString('en')} ${unit}`,
  }));
};

const LOG_STEPS = [[1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8], [1, 1.5, 2, 3, 5, 7], [1, 2, 5], [1]] as const;

/** Round numbers from `least` to `most` at about equal distances on a logarithmic axis: 1, 1.5, 2, 3, 5 or 0.001, 0.01, 0.1. */
export const logMarks = (least: number, most: number, about: number): readonly number[] => {
  const decades = Math.log10(most / least);
  const steps = LOG_STEPS.find((each) => each.length * decades <= about) ?? [1];
  const marks: number[] = [];
  for (let decade = Math.floor(Math.log10(least)); decade <= Math.ceil(Math.log10(most)); decade += 1)
    marks.push(...steps.map((step) => Number(`${step}e${decade}`)));
  return marks.filter((mark) => mark >= least * (1 - 1e-9) && mark <= most * (1 + 1e-9));
};

/** `0.01 %`, `12 %` of a share. */
export const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;
