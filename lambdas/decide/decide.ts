/**
 * One service at one tick: from its sample and what it remembers to a decision with every reason. A pure function of its
 * arguments: no clock, no I/O, no library.
 *
 * The story: every policy looks at every reading it can see, the highest answer wins, and the guards bound it in their
 * order.
 */
import type { Service } from '../contract/config.ts';
import type { Policy } from '../contract/policies.ts';
import type {
  Decision,
  KnownCounts,
  KnownReading,
  Reading,
  Reason,
  Sample,
  ServiceMemory,
} from '../contract/records.ts';
import { guards } from './guards/registry.ts';
import type { Recommendation } from './policies/policy.ts';
import { recommend } from './policies/registry.ts';

export interface Circumstances {
  /** ISO 8601. */
  readonly at: string;
  readonly term: number;
  /** Scale-in is refused for every service. */
  readonly disableScaleIn: boolean;
}

export interface Decided {
  readonly decision: Decision;
  readonly memory: ServiceMemory;
}

interface Answer {
  readonly by: string;
  readonly recommendation: Recommendation;
  readonly reading: Reading;
}

const neverRead: Reading = { known: false, why: 'no source was read', error: 'Unknown' };

const clamp = (count: number, { min, max }: Service['tasks']): number => Math.max(min, Math.min(max, count));

const policiesOf = ({ policies, policy }: Service): readonly Policy[] =>
  policies ?? (policy === undefined ? [] : [policy]);

/**
 * No more than the tasks that can work at once on what was read, partitions say; and no more than the largest whole
 * number that is exact, which no bound is near.
 */
const capped = (recommendation: Recommendation, { parallelism }: KnownReading): Recommendation => {
  if (!recommendation.known) return recommendation;
  const { to, why } = recommendation;
  if (parallelism === undefined || to <= parallelism)
    return { ...recommendation, to: Math.min(to, Number.MAX_SAFE_INTEGER) };
  return { ...recommendation, to: parallelism, why: `${why}, at most ${parallelism} can work at once` };
};

/** Every policy's answer to every reading, in the order of the configuration. */
const answersOf = (service: Service, readings: readonly Reading[], from: number): readonly Answer[] =>
  policiesOf(service).flatMap((policy) =>
    readings.map((reading) => ({
      by: policy.type,
      reading,
      recommendation: reading.known
        ? capped(recommend(policy, { reading, from }), reading)
        : { known: false as const, why: reading.why },
    })),
  );

type Known = Answer & { readonly recommendation: Extract<Recommendation, { known: true }> };

const isKnown = (answer: Answer): answer is Known => answer.recommendation.known;

const highest = (answers: readonly Known[]): Known | undefined =>
  answers.reduce<Known | undefined>(
    (best, each) => (best !== undefined && best.recommendation.to >= each.recommendation.to ? best : each),
    undefined,
  );

/** Why a reading is only a floor: it may lower no count. */
const partlySeen = (reading: Reading): readonly string[] =>
  reading.known && reading.atLeast === true
    ? [['only a part could be read', ...(reading.notes ?? [])].join(': ')]
    : [];

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
    memory: { ...memory, unknownSince: memory.unknownSince ?? at },
  };
};

const remember = (before: ServiceMemory, { at, to, direction }: Decision, blind: boolean): ServiceMemory => {
  const { unknownSince = at, ...rest } = before;
  const memory = blind ? { ...rest, unknownSince } : rest;
  if (direction === 'out') {
    const { lastIn } = memory;
    return {
      ...memory,
      desired: to,
      lastOut: { at, to },
      ...(lastIn === undefined ? {} : { lastIn: { ...lastIn, streak: 0 } }),
    };
  }
  if (direction === 'in')
    return { ...memory, desired: to, lastIn: { at, to, streak: (memory.lastIn?.streak ?? 0) + 1 } };
  return { ...memory, desired: to };
};

const weigh = (sample: Sample, counts: KnownCounts, { at, term, disableScaleIn }: Circumstances): Decided => {
  const { service, readings, memory } = sample;
  const from = counts.desired;
  const answers = answersOf(service, readings, from);
  const winner = highest(answers.filter(isKnown));
  const unseen = answers.flatMap(({ recommendation, reading }) =>
    recommendation.known ? partlySeen(reading) : [recommendation.why],
  );
  const unknown =
    answers.length === 0 ? neverRead.why : unseen.length > 0 ? [...new Set(unseen)].join('; ') : undefined;

  const reasons: Reason[] = answers
    .filter(isKnown)
    .map(({ by, recommendation: { to, why } }) => ({ by, said: to, why }));
  let to = winner?.recommendation.to ?? from;
  for (const [by, guard] of guards) {
    const verdict = guard(to, {
      service,
      counts,
      memory,
      at,
      adds: winner?.recommendation.adds,
      unknown,
      disableScaleIn,
    });
    if (verdict === undefined) continue;
    to = verdict.to;
    reasons.push({ by, said: to, why: verdict.why });
  }

  const direction = to > from ? 'out' : to < from ? 'in' : 'hold';
  const reading = winner?.reading ?? readings[0] ?? neverRead;
  const decision: Decision = {
    cluster: service.cluster,
    service: service.service,
    from,
    to,
    direction,
    reasons,
    reading,
    at,
    term,
  };
  return { decision, memory: remember(memory, decision, unknown !== undefined) };
};

/** Decides for one service. The same arguments give the same answer, byte for byte. */
export const decide = (sample: Sample, circumstances: Circumstances): Decided =>
  'known' in sample.counts
    ? blind(sample, sample.counts.why, circumstances)
    : weigh(sample, sample.counts, circumstances);
