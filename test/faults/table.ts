/** Plays the rows of the fault table, each on a stage of its own. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { messageOf } from '../../lambdas/contract/errors.ts';
import { violationsOf } from './invariants.ts';
import type { Row } from './rows/row.ts';
import { loggedIn, seenIn } from './seen.ts';
import { type Stage, startStage } from './stage.ts';
import { ASLEEP, type Told, tell } from './story.ts';

export interface Played extends Pick<Told, 'recoveredAfter'> {
  readonly fault: string;
  /** What the loop did and said of it. */
  readonly seen: string;
  /** The messages of the log lines at WARN or worse that the handlers wrote meanwhile. */
  readonly logged: ReadonlySet<string>;
  /** What did not come about in time, and every rule that was broken. Empty: survived. */
  readonly violations: readonly string[];
  /** This machine had so little time for it that calls ran into their time limits which nobody had touched. */
  readonly starved: boolean;
}

/** The clients' shortest time limit is 1 s, and the worker that they live in is kept waiting as long as we are. */
const STARVED_MS = 500;

/** Two cores have that much to do. */
export const AT_ONCE = 4;

const playOn = async (stage: Stage, row: Row): Promise<Omit<Played, 'fault' | 'starved'>> => {
  try {
    const { began, missing, recoveredAfter } = await tell(stage, row);
    const recording = await stage.stop();
    return {
      seen: seenIn(recording, began),
      logged: loggedIn(recording, began),
      recoveredAfter,
      violations: [...missing, ...violationsOf(recording)],
    };
  } catch (thrown) {
    await stage.stop();
    const violations = [`the story came to no end: ${messageOf(thrown)}`];
    return { seen: '', logged: new Set(), recoveredAfter: undefined, violations };
  }
};

/** Plays one row from the first tick to the last. */
const play = async (row: Row): Promise<Played> => {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const played = await playOn(
    await startStage({ ...(row.story === 'asleep' ? ASLEEP : {}), ...row.stage }),
    row,
  );
  delay.disable();
  return { fault: row.fault, ...played, starved: delay.max / 1e6 > STARVED_MS };
};

/**
 * Plays rows, some at a time: much of a row's time is spent waiting for somebody's time-out. What was not survived while this machine was too
 * busy is played again in the end, by itself: real time passes while a call is in flight, so that a starved call fails by itself.
 *
 * @param onPlayed told of each as it ends
 */
export const playAll = async (
  rows: readonly Row[],
  atOnce: number,
  onPlayed: (played: Played) => void,
): Promise<void> => {
  const left = [...rows];
  const again: Row[] = [];
  const work = async (): Promise<void> => {
    for (let row = left.shift(); row !== undefined; row = left.shift()) {
      const played = await play(row);
      if (played.starved && played.violations.length > 0) again.push(row);
      else onPlayed(played);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  for (const row of again) onPlayed(await play(row));
};
