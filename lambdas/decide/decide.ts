/**
 * One service at one tick: from its sample and what it remembers to a decision with every reason. A pure function of its
 * arguments: no clock, no I/O, no library.
 *
 * The story: the policies propose (`proposal.ts`), the guards bound it in their order, and a budget that the service shares with others
 * (`groups.ts`) may lower it once all of them are weighed.
 */
import type { Service } from '../contract/config.ts';
import type { Decision, KnownCounts, Sample, ServiceMemory } from '../contract/records.ts';
import type { Tools } from '../contract/tools.ts';
import type { Claim } from './groups.ts';
import type { Guarded } from './guards/guard.ts';
import { guards } from './guards/registry.ts';
import { remember, rememberBlind } from './memory.ts';
import type { Kept } from './policies/policy.ts';
import { named, neverRead, proposed } from './proposal.ts';

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

const keyIn = ({ cluster, service }: Service): string => `${cluster}/${service}`;

const clamp = (count: number, { min, max }: Service['tasks']): number => Math.max(min, Math.min(max, count));

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

/**
 * A lane that was dead goes on with what it had saved last: a minute old or more, and silent on whatever came since. So its first whole look
 * lowers nothing; the next one may.
 */
const firstLook = ({ revivedAt }: ServiceMemory): string | undefined =>
  revivedAt === undefined ? undefined : `the lane was revived at ${revivedAt} and has to look once more`;

/** A count after all guards, of which nothing has been remembered yet: a budget that it shares may still lower it. */
export interface Weighed {
  /** What it brings into its group. */
  readonly claim: () => Claim;
  /** @param lowered what a budget makes of it, and why */
  readonly settle: (lowered?: { readonly to: number; readonly why: string }) => Decided;
}

const weighSeen = (sample: Sample, counts: KnownCounts, circumstances: Circumstances): Weighed => {
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
  let wish = proposal.to;
  for (const { by, guard } of guards) {
    const verdict = guard(wish, situationOf(by));
    const kept = verdict?.kept ?? before[by];
    if (kept !== undefined) keeps[by] = kept;
    if (verdict === undefined) continue;
    wish = verdict.to;
    if (verdict.why !== undefined) reasons.push({ by, said: wish, why: verdict.why });
  }
  const { min } = service.tasks;
  const claim = (): Claim => {
    // What would be left of a scale-in to the minimum.
    const floor = guards.reduce(
      (count, { by, guard, binds }) => (binds ? (guard(count, situationOf(by))?.to ?? count) : count),
      min,
    );
    const bound = Math.max(min, Math.min(floor, wish));
    return { key: keyIn(service), from, to: wish, min, fixed: service.dryRun === true, floor: bound };
  };

  return {
    claim,
    settle: (lowered) => {
      const to = lowered?.to ?? wish;
      if (lowered !== undefined) reasons.push({ by: 'group', said: to, why: lowered.why });
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
    },
  };
};

const noRoom = (forgotten: readonly string[]): string =>
  `there is no room to remember what ${forgotten.join(', ')} saw, so they may hold what they would scale in: give the service fewer policies or sources`;

/** What one service wants, to be settled once it is known what its group leaves it. Settle it once. */
export const weigh = (sample: Sample, circumstances: Circumstances): Weighed => {
  const { counts, service } = sample;
  if (!('known' in counts)) return weighSeen(sample, counts, circumstances);
  const decided = blind(sample, counts.why, circumstances);
  const { from, to } = decided.decision;
  return {
    claim: () => ({ key: keyIn(service), from, to, min: service.tasks.min, fixed: true, floor: to }),
    settle: () => decided,
  };
};

/** Decides for one service on its own. The same arguments give the same answer, byte for byte. */
export const decide = (sample: Sample, circumstances: Circumstances): Decided =>
  weigh(sample, circumstances).settle();
