/** What is kept of every tick, so that a decision can be replayed: as little as will do, since it travels in the state. */
import type { Decision, History, KnownReading, Sample } from '../contract/records.ts';

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

/** The history with this tick; the oldest ticks of all services go when its JSON has more characters than `most`. */
export const withTick = (
  history: History,
  samples: readonly Sample[],
  decisions: readonly Decision[],
  most: number,
): History => {
  const grown: History = { ...history };
  samples.forEach((sample, index) => {
    const decision = decisions[index];
    if (decision === undefined) return;
    const key = `${decision.cluster}/${decision.service}`;
    grown[key] = [...(history[key] ?? []), entryOf(sample, decision)];
  });
  return shortened(grown, most);
};

const shortened = (history: History, most: number): History => {
  const size = JSON.stringify(history).length;
  if (size <= most) return history;
  const ticks = Math.max(0, ...Object.values(history).map((entries) => entries.length));
  if (ticks === 0) return {};
  // A service that has no entries left takes its name along.
  const kept = Object.entries(history)
    .map(([key, entries]) => [key, entries.slice(Math.max(0, entries.length - (ticks - 1)))] as const)
    .filter(([, entries]) => entries.length > 0);
  return shortened(Object.fromEntries(kept), most);
};
