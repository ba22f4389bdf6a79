/**
 * Cost means nothing without punctuality: who lets everybody wait is cheap. So ours is compared, trace by trace, with the cheapest peer
 * that is *as good*: its share of messages that wait more than 60 s is at most 0.1 percentage points above the best of all, ours
 * included. Where ours is so much better that no peer is as good, the most punctual peers take that place, though they have it easier;
 * leaving the trace out would hide what the punctuality costs. `matched` tells the two apart.
 *
 * Shares are means over the seeds, so one seed in five that goes wrong counts; task-seconds are medians.
 */

import type { Row } from './row.ts';
import { geometricMean, type OverSeeds, overSeeds } from './statistics.ts';

/** 0.1 percentage points. */
const TOLERANCE = 0.001;

export interface AtEqualLateness extends Pick<Row, 'trace' | 'plant'> {
  readonly ours: OverSeeds;
  /** The cheapest that is as good. */
  readonly peer: OverSeeds;
  /** It is as good as the best of all; otherwise only as the best of the peers. */
  readonly matched: boolean;
  /** Ours is as good as the best of all. */
  readonly asPunctual: boolean;
  /** Our task-seconds ÷ the peer's: below 1, ours is cheaper. */
  readonly ratio: number;
}

const lateness = ({ mean }: OverSeeds): number => mean.over60;
const cost = ({ median }: OverSeeds): number => median.taskSeconds;

const asGoodAs = (share: number) => (entry: OverSeeds) =>
  // Shares are quotients: 0.003 - 0.002 is 0.0010000000000000002.
  lateness(entry) <= share + TOLERANCE + 1e-12;

/** `ours`: of one contestant and variant. `peers`: of all of them, bounds left out; traces and plants that only one side has are left out. */
export const atEqualLateness = (ours: readonly Row[], peers: readonly Row[]): readonly AtEqualLateness[] => {
  const others = overSeeds(peers);
  return overSeeds(ours).flatMap((mine): readonly AtEqualLateness[] => {
    const { trace, plant } = mine;
    const met = others.filter((entry) => entry.trace === trace && entry.plant === plant);
    const bestPeer = Math.min(...met.map(lateness));
    const best = Math.min(bestPeer, lateness(mine));
    const matched = met.some(asGoodAs(best));
    const [peer] = met.filter(asGoodAs(matched ? best : bestPeer)).sort((a, b) => cost(a) - cost(b));
    if (peer === undefined) return [];
    const ratio = cost(mine) / Math.max(1, cost(peer));
    return [{ trace, plant, ours: mine, peer, matched, asPunctual: asGoodAs(best)(mine), ratio }];
  });
};

export interface Summary {
  /** Traces × plants. */
  readonly compared: number;
  /** Of the ratios; NaN of nothing. */
  readonly geometricMean: number;
  readonly worst: AtEqualLateness | undefined;
  /** Where ours is later than the best by more than the tolerance. */
  readonly later: readonly AtEqualLateness[];
  /** Where ours costs more. */
  readonly dearer: readonly AtEqualLateness[];
}

export const summaryOf = (compared: readonly AtEqualLateness[]): Summary => ({
  compared: compared.length,
  geometricMean: geometricMean(compared.map(({ ratio }) => ratio)),
  worst: compared.toSorted((a, b) => b.ratio - a.ratio)[0],
  later: compared.filter(({ asPunctual }) => !asPunctual),
  dearer: compared.filter(({ ratio }) => ratio > 1),
});
