/**
 * Whether what decide hands on fits into a state of Step Functions, and what becomes shorter where it does not: 256 KiB are the limit
 * of a state and of a task's answer, and what is larger ends the execution without a catch.
 *
 * A full lane has 100 services that remember 1 kB each. Beside them there travel, one after the other, the samples (most of it
 * configuration), the decisions, and in apply's answer outcomes and notices, each with all the reasons. The history of the ticks
 * has what the largest of these leaves, and what is too much is for the log; the reasons are shortened, and in the end left out, only where
 * there is no room for any history.
 *
 * Gotcha: the log has every decision in full.
 */
import type { History } from '../contract/history.ts';
import type { Decision, Memory, Sample } from '../contract/records.ts';
import { withTick } from './history.ts';

/** Nine tenths of 256 KiB, less a little for the lane, the term and the times. */
const MOST_BYTES = 234_000;

/** What the history takes at most: more than 100 busy services with 12 ticks, which is what an execution that hands over on time has. */
const MOST_HISTORY = 60_000;

const none: History = { at: [], services: {} };

/** What an outcome and a notice have more than the decision twice: whether it was applied, the subject, the lane. */
const APPLIED = 250;

interface Briefly {
  readonly sentence: number;
  readonly reasons: number;
}

/** The longest sentence of a reason, and how many of the last ones: tried in this order. */
const BRIEFLY: readonly Briefly[] = [
  ...[160, 100, 70, 50].map((sentence) => ({ sentence, reasons: 40 })),
  ...[8, 6, 4, 3, 2, 1].map((reasons) => ({ sentence: 50, reasons })),
];

export interface Outgoing {
  readonly samples: readonly Sample[];
  readonly decisions: readonly Decision[];
  readonly memory: Memory;
  readonly history: History;
}

interface Room {
  /** Of the JSON of a value, in bytes. */
  readonly bytesOf: (value: unknown) => number;
  /** What the state holds besides, in bytes: a configuration that came in the execution's input. */
  readonly aside: number;
}

const isChange = ({ direction }: Decision): boolean => direction !== 'hold';

/** The last reason is the one that made the count. */
const briefly = (decision: Decision, most: Briefly): Decision => {
  const { reasons, to } = decision;
  const left = reasons.slice(-most.reasons).map(({ why, ...rest }) => ({
    ...rest,
    why: why.length > most.sentence ? `${why.slice(0, most.sentence)}…` : why,
  }));
  const lost = reasons.length - left.length;
  const told = lost === 0 ? [] : [{ by: 'log', said: to, why: `${lost} more reasons are in it` }];
  return { ...decision, reasons: [...told, ...left] };
};

/** Split where it would have more bytes than `most`: the last one goes on travelling, those before it are full. */
const grown = (
  { samples, decisions, history }: Outgoing,
  bytesOf: Room['bytesOf'],
  most: number,
): readonly History[] => {
  const fits = (ticks: History): boolean => bytesOf(ticks) <= most;
  const longer = withTick(history, samples, decisions);
  if (fits(longer)) return [longer];
  const single = withTick(none, samples, decisions);
  return [history, ...(fits(single) ? [single] : [single, none])];
};

export interface Travelling extends Pick<Outgoing, 'decisions' | 'history'> {
  /** Ticks for which the state has no room, oldest first: to be logged, so that none is lost. */
  readonly full: readonly History[];
}

/** The decisions and the history as they are to travel. */
export const fitted = (outgoing: Outgoing, { bytesOf, aside }: Room): Travelling => {
  const { samples, decisions, memory } = outgoing;
  const room = MOST_BYTES - aside - bytesOf(memory);
  const sizeOf = (all: readonly Decision[]): number => {
    const changes = all.filter(isChange);
    return Math.max(bytesOf(all), 2 * bytesOf(changes) + changes.length * APPLIED);
  };
  let travelling = decisions;
  for (const most of BRIEFLY) {
    if (sizeOf(travelling) <= room) break;
    travelling = decisions.map((each) => briefly(each, most));
  }
  const seen = samples.map(({ service, readings, counts }) => ({ service, readings, counts }));
  const left = room - Math.max(sizeOf(travelling), bytesOf(seen));
  const parts = grown(outgoing, bytesOf, Math.min(MOST_HISTORY, left));
  return {
    decisions: travelling,
    history: parts.at(-1) ?? none,
    full: parts.slice(0, -1).filter(({ at }) => at.length > 0),
  };
};
