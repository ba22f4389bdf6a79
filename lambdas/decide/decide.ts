/**
 * One service at one tick: from its sample and what it remembers to a decision with every reason. A pure function of its
 * arguments: no clock, no I/O, no library.
 *
 * The story: every policy looks at every reading it can see, their answers become one, floors raise it, and the guards
 * bound it in their order.
 */
import type { Service } from '../contract/config.ts';
import type { Decision, KnownCounts, Reading, Reason, Sample, ServiceMemory } from '../contract/records.ts';
import type { Tools } from '../contract/tools.ts';
import { type Answer, type Asked, isKnown } from './answer.ts';
import { allAnswers, floors } from './answers.ts';
import { type Combined, combined, highest } from './combine.ts';
import type { Guarded } from './guards/guard.ts';
import { guards } from './guards/registry.ts';
import { remember, rememberBlind } from './memory.ts';
import type { NamedReading } from './names.ts';
import type { Kept } from './policies/policy.ts';

export interface Circumstances {
  /** ISO 8601. */
  readonly at: string;
  readonly term: number;
  /** Scale-in is refused for every service. */
  readonly disableScaleIn: boolean;
  readonly tools: Tools;
}

export interface Decided {
  readonly decision: Decision;
  readonly memory: ServiceMemory;
}

const neverRead: Reading = { known: false, why: 'no source was read', error: 'Unknown' };

const clamp = (count: number, { min, max }: Service['tasks']): number => Math.max(min, Math.min(max, count));

/** Each reading with the name of its source; of sources that stand in for each other only one was read. */
const named = ({ service: { source, sources, combine }, readings }: Sample): readonly NamedReading[] => {
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

/** Without counts there is nothing to change and nothing to change it from. */
const blind = (sample: Sample, why: string, { at, term }: Circumstances): Decided => {
  const { service, readings, memory } = sample;
  const count = clamp(memory.desired ?? service.tasks.min, service.tasks);
  return {
    decision: {
      cluster: service.cluster,
      service: service.service,
      from: count,
      to: count,
      direction: 'hold',
      reasons: [{ by: 'unknown', said: count, why: `the task count is unknown, nothing is changed: ${why}` }],
      reading: readings[0] ?? neverRead,
      at,
      term,
    },
    memory: rememberBlind(memory, at),
  };
};

interface Proposal {
  readonly to: number;
  readonly adds: number | undefined;
  readonly reading: Reading;
  readonly unknown: string | undefined;
  readonly reasons: readonly Reason[];
  readonly keeps: Readonly<Record<string, Kept>>;
}

/** What the policies ask for. */
const proposed = (asked: Asked): Proposal => {
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

/**
 * A lane that was dead goes on with what it had saved last: a minute old or more, and silent on whatever came since. So its first whole look
 * lowers nothing; the next one may.
 */
const firstLook = ({ revivedAt }: ServiceMemory): string | undefined =>
  revivedAt === undefined ? undefined : `the lane was revived at ${revivedAt} and has to look once more`;

const weigh = (sample: Sample, counts: KnownCounts, circumstances: Circumstances): Decided => {
  const { service, readings, memory } = sample;
  const { at, term, disableScaleIn, tools } = circumstances;
  const from = counts.desired;
  const seconds = Date.parse(at) / 1000;
  const before = memory.kept ?? {};
  const proposal = proposed({ service, readings: named(sample), counts, at: seconds, kept: before, tools });

  const { adds } = proposal;
  const unknown = proposal.unknown ?? firstLook(memory);
  const situationOf = (by: string): Guarded => ({
    ...{ service, counts, readings, memory, at, seconds, adds, unknown, disableScaleIn, tools },
    kept: before[by],
  });
  const reasons = [...proposal.reasons];
  // Guards first and floors last: what comes last is the first to be forgotten where there is no room.
  const keeps: Record<string, Kept> = {};
  let to = proposal.to;
  for (const { by, guard } of guards) {
    const verdict = guard(to, situationOf(by));
    const kept = verdict?.kept ?? before[by];
    if (kept !== undefined) keeps[by] = kept;
    if (verdict === undefined) continue;
    to = verdict.to;
    if (verdict.why !== undefined) reasons.push({ by, said: to, why: verdict.why });
  }
  for (const { by, afterwards } of guards) {
    const kept = afterwards?.(to, situationOf(by));
    if (kept !== undefined) keeps[by] = kept;
  }
  Object.assign(keeps, proposal.keeps);

  const decision: Decision = {
    cluster: service.cluster,
    service: service.service,
    from,
    to,
    direction: to > from ? 'out' : to < from ? 'in' : 'hold',
    reasons,
    reading: proposal.reading,
    at,
    term,
  };
  const remembered = remember(memory, decision, proposal.unknown !== undefined, keeps);
  const { forgotten } = remembered;
  if (forgotten.length > 0) reasons.unshift({ by: 'memory', said: to, why: noRoom(forgotten) });
  return { decision, memory: remembered.memory };
};

const noRoom = (forgotten: readonly string[]): string =>
  `there is no room to remember what ${forgotten.join(', ')} saw, so they may hold what they would scale in: give the service fewer policies or sources`;

/** Decides for one service. The same arguments give the same answer, byte for byte. */
export const decide = (sample: Sample, circumstances: Circumstances): Decided =>
  'known' in sample.counts
    ? blind(sample, sample.counts.why, circumstances)
    : weigh(sample, sample.counts, circumstances);
