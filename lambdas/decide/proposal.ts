/**
 * What the policies of a service ask for together at one tick, before any guard: each looks at every reading it can see, their answers become
 * one, and floors raise it.
 */
import type { Reading, Reason, Sample } from '../contract/records.ts';
import { type Answer, type Asked, isKnown } from './answer.ts';
import { allAnswers, floors } from './answers.ts';
import { type Combined, combined, highest } from './combine.ts';
import type { NamedReading } from './names.ts';
import type { Kept } from './policies/policy.ts';

export const neverRead: Reading = { known: false, why: 'no source was read', error: 'Unknown' };

/** Each reading with the name of its source; of sources that stand in for each other only one was read. */
export const named = ({
  service: { source, sources, combine },
  readings,
}: Sample): readonly NamedReading[] => {
  if (combine === 'first' || readings.length === 0)
    return readings.map((reading) => ({ reading, name: undefined }));
  const all = sources ?? (source === undefined ? [] : [source]);
  const notRead = all.slice(readings.length).map((_, nth): Reading => {
    return { known: false, why: `source ${readings.length + nth + 1} was not read`, error: 'Unknown' };
  });
  return [...readings, ...notRead].map((reading, nth) => {
    const name = all[nth]?.['name'];
    return { reading, name: typeof name === 'string' ? name : undefined };
  });
};

/** Why a reading is only a floor: it may lower no count. */
const partlySeen = (reading: Reading): readonly string[] =>
  reading.known && reading.atLeast === true
    ? [['only a part could be read', ...(reading.notes ?? [])].join(': ')]
    : [];

/** Why anything could not be seen, be it a reading or what a policy needs; undefined: everything was. */
const unseenIn = (
  readings: readonly Reading[],
  answers: readonly Answer[],
  to: Combined | undefined,
): string | undefined => {
  if (readings.length === 0) return neverRead.why;
  const unseen = [
    ...readings.flatMap((reading) => (reading.known ? partlySeen(reading) : [reading.why])),
    ...answers.flatMap(({ by, reading, recommendation }) => {
      if (recommendation.known) return recommendation.unseen ?? [];
      // What a reading lacks altogether has been told; the rest is the policy's own trouble.
      return reading.known ? [`${by}: ${recommendation.why}`] : [];
    }),
    ...(to?.unseen === undefined ? [] : [to.unseen]),
  ];
  return unseen.length === 0 ? undefined : [...new Set(unseen)].join('; ');
};

export interface Proposal {
  readonly to: number;
  readonly adds: number | undefined;
  readonly reading: Reading;
  readonly unknown: string | undefined;
  readonly reasons: readonly Reason[];
  readonly keeps: Readonly<Record<string, Kept>>;
}

/** What the policies ask for. */
export const proposed = (asked: Asked): Proposal => {
  const answers = allAnswers(asked);
  const together = combined(answers, asked);
  const raised = floors(answers, together?.to, asked);
  const all = [...answers, ...raised];
  const floor = raised.filter(isKnown);
  const top = floor.length === 0 ? undefined : highest(floor, asked);
  const readings = asked.readings.map(({ reading }) => reading);
  const low = together?.to ?? asked.counts.desired;
  const lifted = top !== undefined && top.recommendation.to > low;

  const reasons = all.filter(isKnown).map(({ by, recommendation: { to: said, why } }) => ({ by, said, why }));
  if (together?.why !== undefined) {
    const after = reasons.length - floor.length;
    reasons.splice(after, 0, { by: 'combine', said: together.to, why: together.why });
  }
  return {
    to: lifted ? top.recommendation.to : low,
    adds: lifted ? undefined : together?.adds,
    reading: together?.reading ?? readings[0] ?? neverRead,
    unknown: unseenIn(readings, all, together),
    reasons,
    keeps: keptBy(all, asked.kept),
  };
};

/** What the policies keep from here on; who was not asked, or has nothing new, keeps what it had. */
const keptBy = (answers: readonly Answer[], before: Readonly<Record<string, Kept>>): Record<string, Kept> => {
  const keeps: Record<string, Kept> = {};
  for (const { key, recommendation } of answers) {
    const kept = recommendation.kept ?? before[key];
    if (kept !== undefined) keeps[key] = kept;
  }
  return keeps;
};
