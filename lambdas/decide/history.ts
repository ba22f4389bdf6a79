/** What is kept of every tick, so that a decision can be replayed: as little as will do, since it travels in the state. */
import type { Decision, History, KnownReading, Sample } from '../contract/records.ts';

/**
 * The most ticks kept for all services together: 100 services × 24 ticks of some 45 bytes are 108 kB of the 256 KiB that a
 * state may hold, and an execution that hands over on time has 12.
 */
const MOST_TICKS = 2400;

const entryOf = ({ readings, counts }: Sample, { at, to }: Decision): History[string][number] => {
  const known = readings.filter((reading): reading is KnownReading => reading.known);
  const sum = (field: 'visible' | 'inFlight'): number | null =>
    known.length === 0 || known.length < readings.length
      ? null
      : known.reduce<number | null>((total, reading) => {
          const value = reading[field];
          return value === undefined ? total : (total ?? 0) + value;
        }, null);
  const { desired, running, pending } =
    'known' in counts ? { desired: null, running: null, pending: null } : counts;
  return [Math.round(Date.parse(at) / 1000), sum('visible'), sum('inFlight'), desired, running, pending, to];
};

/** The history with this tick; the oldest ticks go when there are too many. */
export const withTick = (
  history: History,
  samples: readonly Sample[],
  decisions: readonly Decision[],
): History => {
  const most = Math.max(1, Math.floor(MOST_TICKS / Math.max(1, samples.length)));
  const grown: History = { ...history };
  samples.forEach((sample, index) => {
    const decision = decisions[index];
    if (decision === undefined) return;
    const key = `${decision.cluster}/${decision.service}`;
    grown[key] = [...(history[key] ?? []), entryOf(sample, decision)].slice(-most);
  });
  return grown;
};
