/**
 * One line of the fault table: what goes wrong, and around what. Every row plays the same story (`../table.ts`): the loop idles, a burst
 * comes, the burst is worked off. The fault begins at the moment that the row names, and is over when `during` has resolved.
 */
import type { Fault } from '../fault.ts';
import type { Stage, StageOptions } from '../stage.ts';

/**
 * What the fault is put around: `idle`, before the burst comes; `scale-out`, as it comes; `hand-over`, the burst comes just before the
 * execution's last tick; `scale-in`, as it is worked off; `asleep`, it comes just before the look of a minute at a lane that sleeps.
 */
export type Around = 'idle' | 'scale-out' | 'hand-over' | 'scale-in' | 'asleep';

export interface Row {
  /** Unique; up to the colon what it befalls. */
  readonly fault: string;
  readonly story: Around;
  /** The execution dies of it, so that the reviver has to bring the lane back: 120 s instead of two intervals. */
  readonly dies?: true;
  readonly stage?: StageOptions;
  readonly during: (stage: Stage) => Promise<unknown>;
}

/** What is of use once a lane sleeps: whoever is not there for a look comes a minute later. */
const LOOK_SECONDS = 60;

/** As `docs/failures.md` says it, and the seconds that it stands for at an interval. */
export const wellAgain = ({ dies, story }: Row): { said: string; within: (interval: number) => number } => {
  if (dies) return { said: '120 s', within: () => 120 };
  if (story === 'asleep') return { said: 'a minute', within: () => LOOK_SECONDS };
  return { said: 'two intervals', within: (interval) => 2 * interval };
};

/** Puts a fault in reach of the loop for some seconds. */
export const forSeconds = async (stage: Stage, fault: Fault, seconds: number): Promise<void> => {
  const injected = stage.inject(fault);
  await stage.seconds(seconds);
  injected.end();
  // What was sent last may be under way still.
  if (fault.how === 'late') await stage.seconds(LATE_SECONDS + 1);
};

const LATE_SECONDS = 8;

type Injection = Pick<Fault, 'how' | 'times' | 'lateSeconds'> & { readonly seconds: number };

/** How a call goes wrong, as the table says it. Seconds in which a room waits for an answer are real ones, so there is less of that. */
const WAYS = {
  refuses: { how: 'refuse', seconds: 20 },
  'times out': { how: 'silent', seconds: 8 },
  'answers 500': { how: 'error', seconds: 20 },
  throttles: { how: 'throttle', seconds: 20 },
  denies: { how: 'deny', seconds: 20 },
  'answers garbage': { how: 'garbage', seconds: 20 },
  'answers too late': { how: 'mute', seconds: 8 },
  'lands late': { how: 'late', seconds: 8, lateSeconds: LATE_SECONDS },
  'lands twice': { how: 'twice', seconds: 20 },
  'loses its answer': { how: 'lost', seconds: 20 },
} as const satisfies Record<string, Injection>;

export type Way = keyof typeof WAYS;

export const READ_WAYS: readonly Way[] = [
  'refuses',
  'times out',
  'answers 500',
  'throttles',
  'denies',
  'answers garbage',
  'answers too late',
  'lands twice',
];

/** Of a call that changes something: it may have done so without anybody hearing of it. */
export const WRITE_WAYS: readonly Way[] = [...READ_WAYS, 'lands late', 'loses its answer'];

interface Part {
  /** As the table and `docs/failures.md` call it. */
  readonly part: string;
  readonly story: Around;
  readonly call: Pick<Fault, 'api' | 'room' | 'where'>;
  readonly ways: readonly Way[];
  /** Those of which the execution dies. */
  readonly deadly?: readonly Way[];
  /** Where it is to last otherwise than usual. */
  readonly otherwise?: Partial<Record<Way, Partial<Injection>>>;
}

/** One row for each way in which a call can go wrong. */
export const rowsOf = ({ part, story, call, ways, deadly = [], otherwise = {} }: Part): readonly Row[] =>
  ways.map((way) => {
    const { seconds, ...injection } = { ...WAYS[way], ...otherwise[way] };
    const fault = `${part}: ${way}`;
    return {
      fault,
      story,
      ...(deadly.includes(way) ? { dies: true as const } : {}),
      during: (stage) => forSeconds(stage, { ...call, ...injection, name: fault }, seconds),
    };
  });
