/**
 * `--tune`: the cheapest values of a policy's parameters that keep the wait target on a load. Every combination of a grid is
 * simulated; with several policies one after the other, each from the best so far, and the cooldown last.
 */
import type { Case } from '../loads.ts';
import { type How, type Replayed, replayed } from '../replayed.ts';
import { type Candidate, roundsFor } from './candidates.ts';
import type { Known } from './grids.ts';

export interface Tried {
  readonly candidate: Candidate;
  readonly late: number;
  readonly taskSeconds: number;
  /** ÷ the optimum's. */
  readonly cost: number;
  readonly p99Wait: number;
  readonly actions: number;
}

export interface Tuned {
  /** As it stands in the file. */
  readonly configured: Tried;
  readonly best: Tried;
  /** Whether the best keeps the target; else it is the nearest. */
  readonly isMet: boolean;
  /** All of them, the best first. */
  readonly all: readonly Tried[];
  /** Those that nobody beats in both cost and lateness, the cheapest first. */
  readonly front: readonly Tried[];
}

const triedOf = (candidate: Candidate, { figures, simulated }: Replayed): Tried => ({
  candidate,
  ...{ late: figures.overTarget, taskSeconds: figures.taskSeconds, cost: figures.costRatio },
  ...{ p99Wait: figures.p99Wait, actions: simulated.actions.length },
});

/** What keeps the target comes first, the cheapest of it; what doesn't by how late it is. */
const ranking =
  (allowed: number) =>
  (one: Tried, other: Tried): number => {
    const [a, b] = [one.late <= allowed, other.late <= allowed];
    if (a !== b) return a ? -1 : 1;
    const late = one.late - other.late;
    const dear = one.taskSeconds - other.taskSeconds;
    const calm = one.actions - other.actions;
    return a ? dear || late || calm : late || dear || calm;
  };

/** Less late: a smaller share of late messages, and where that is the same a shorter wait of 99 in 100. */
const isLater = (one: Punctual, than: Punctual): boolean =>
  one.late === than.late ? one.p99Wait >= than.p99Wait : one.late > than.late;

type Punctual = Pick<Tried, 'taskSeconds' | 'late' | 'p99Wait'>;

/** Those of which no other is both cheaper and no later, the cheapest first; of equals the first. */
export const paretoFront = <T extends Punctual>(all: readonly T[]): readonly T[] => {
  const front: T[] = [];
  const cheapestFirst = [...all].sort(
    (a, b) => a.taskSeconds - b.taskSeconds || a.late - b.late || a.p99Wait - b.p99Wait,
  );
  for (const tried of cheapestFirst) {
    const before = front.at(-1);
    if (before === undefined || !isLater(tried, before)) front.push(tried);
  }
  return front;
};

/**
 * @param configured as it stands in the file
 * @param allowed the share of messages that may be late
 * @param tell is told how far it is: so many done of so many
 */
export const tune = async (
  asked: Case,
  how: How,
  {
    configured,
    known,
    allowed,
    tell,
  }: {
    readonly configured: Candidate;
    readonly known: Known;
    readonly allowed: number;
    readonly tell: (done: number, of: number) => void;
  },
): Promise<Tuned> => {
  const compare = ranking(allowed);
  const run = async (candidate: Candidate): Promise<Tried> =>
    triedOf(candidate, await replayed(asked, how, candidate.service));
  const asWritten = await run(configured);
  const all = new Map<string, Tried>([[JSON.stringify(configured.service), asWritten]]);
  let best = asWritten;
  const rounds = roundsFor(configured, known);
  const total = rounds.reduce((sum, round) => sum + round(configured).length, 1);
  let done = 1;
  for (const round of rounds) {
    for (const candidate of round(best.candidate)) {
      const key = JSON.stringify(candidate.service);
      if (!all.has(key)) all.set(key, await run(candidate));
      done += 1;
      tell(done, total);
    }
    best = [...all.values()].sort(compare)[0] ?? best;
  }
  const sorted = [...all.values()].sort(compare);
  return {
    ...{ configured: asWritten, best, isMet: best.late <= allowed },
    ...{ all: sorted, front: paretoFront(sorted) },
  };
};
