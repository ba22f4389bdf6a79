/** Why a name in an expression stands for nothing now, and what to do about it. */
import type { Answer } from './answer.ts';
import { COUNT_NAMES, type NamedReading, namesAmong, reportersOf } from './names.ts';

/** A decision travels with its reasons. */
const MOST_NAMES = 12;

/** How many letters must change (Levenshtein, 1965); capitals count for nothing. */
const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const letter of one.toLowerCase()) {
    const next = [(row[0] ?? 0) + 1];
    for (const [index, wanted] of [...other.toLowerCase()].entries()) {
      const replaced = (row[index] ?? 0) + Number(letter !== wanted);
      next.push(Math.min((next[index] ?? 0) + 1, (row[index + 1] ?? 0) + 1, replaced));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
};

/** The one that was meant, if any is near enough. */
const nearest = (name: string, known: readonly string[]): string => {
  const [near = ''] = known.toSorted((one, other) => distance(name, one) - distance(name, other));
  return distance(name, near) * 2 > name.length ? '' : `, the nearest is ${near}`;
};

const nobodyIs = (name: string, readings: readonly NamedReading[], answers: readonly Answer[]): string => {
  const known = [...new Set([...namesAmong(readings), ...answers.map(({ by }) => by), ...COUNT_NAMES])];
  const more = known.length > MOST_NAMES ? ', …' : '';
  const listed = known.slice(0, MOST_NAMES).join(', ') + more;
  return `nothing is called ${name}${nearest(name, known)}; there are ${listed}`;
};

const reportedTwice = (name: string, reporters: readonly NamedReading[]): string => {
  const ways = reporters.flatMap(({ name: own }) => (own === undefined ? [] : [`${own}.${name}`]));
  const remedy =
    ways.length === reporters.length
      ? `write ${ways.join(' or ')}`
      : `give each a name and write NAME.${name}`;
  return `${name} is reported by ${reporters.length} sources: ${remedy}, or tie the policy to one with source`;
};

const whyNone = (name: string, readings: readonly NamedReading[], answers: readonly Answer[]): string => {
  const failed = answers.flatMap(({ by, recommendation }) =>
    by === name && !recommendation.known ? [`${by}: ${recommendation.why}`] : [],
  );
  if (failed.length > 0) return failed.join('; ');
  const reporters = reportersOf(name, readings);
  if (reporters.length > 1) return reportedTwice(name, reporters);
  const unseen = readings.flatMap(({ reading }) => (reading.known ? [] : [reading.why]));
  if (unseen.length > 0) return `${name} is unknown: ${unseen.join('; ')}`;
  return nobodyIs(name, readings, answers);
};

/** @param missing the names of `text` that stand for nothing */
export const whyMissing = (
  text: string,
  missing: readonly string[],
  readings: readonly NamedReading[],
  answers: readonly Answer[],
): string => {
  const reasons = missing.map((name) => whyNone(name, readings, answers));
  return `"${text}" can't be worked out: ${[...new Set(reasons)].join('; ')}`;
};
