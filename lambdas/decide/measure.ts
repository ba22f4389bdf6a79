/**
 * The value of an expression. A name is that of a count, of a number that the readings have, or of a policy above: the first
 * that fits. Where readings are looked at, `value` and the like are theirs, also while nobody can read them; never a policy's.
 */
import { type Answer, type Asked, granted, isKnown } from './answer.ts';
import { countNamed, isReadingName, type NamedReading, numberAmong, type View } from './names.ts';
import type { Measured } from './policies/policy.ts';
import { short } from './rounding.ts';
import { whyMissing } from './unknown-names.ts';

/** Whether a name is that of a policy which has been asked. */
export const meansPolicy = (
  name: string,
  readings: readonly NamedReading[],
  answers: readonly Answer[],
): boolean => (readings.length === 0 || !isReadingName(name)) && answers.some(({ by }) => by === name);

/** The highest answer of a policy. */
const saidBy = (name: string, answers: readonly Answer[], asked: Asked): number | undefined => {
  let highest: number | undefined;
  for (const each of answers)
    if (each.by === name && isKnown(each)) highest = Math.max(granted(each, asked), highest ?? 0);
  return highest;
};

/** `visible / 10 is 12.4 (visible 124)`, `visible is 124`, `5`. */
const sentence = (text: string, value: number, numbers: readonly string[]): string => {
  if (text === String(value)) return text;
  const plain = numbers.length === 0 || numbers[0] === `${text} ${short(value)}`;
  return `${text} is ${short(value)}${plain ? '' : ` (${numbers.join(', ')})`}`;
};

/** The value of an expression over a view, the counts and what policies have said. */
export const measured = (
  text: string,
  { readings }: Pick<View, 'readings'>,
  answers: readonly Answer[],
  asked: Asked,
): Measured => {
  const { names, value: valueFor } = asked.tools.expression(text);
  const numbers = names.map(
    (name) =>
      countNamed(name, asked) ??
      (meansPolicy(name, readings, answers) ? saidBy(name, answers, asked) : numberAmong(readings, name)),
  );
  const missing = names.filter((_, nth) => numbers[nth] === undefined);
  if (missing.length > 0) return { known: false, why: whyMissing(text, missing, readings, answers) };
  const value = valueFor((name) => numbers[names.indexOf(name)] ?? Number.NaN);
  const behind = names.map((name, nth) => `${name} ${short(numbers[nth] ?? Number.NaN)}`);
  if (Number.isFinite(value)) return { known: true, value, said: sentence(text, value, behind) };
  return { known: false, why: `${[text, ...behind].join(', ')}: no finite number comes out` };
};
