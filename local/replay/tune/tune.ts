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

/** Those of which no other is both cheaper and no later; of equals the first. */
export const paretoFront = <T extends Pick<Tried, 'taskSeconds' | 'late'>>(
  all: readonly T[],
): readonly T[] => {
  const front: T[] = [];
  for (const tried of [...all].sort((a, b) => a.taskSeconds - b.taskSeconds || a.late - b.late))
    if (tried.late < (front.at(-1)?.late ?? Number.POSITIVE_INFINITY)) front.push(tried);
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
