/** `pulsescale stop`: pauses a lane and waits until nobody acts there any more. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LeaseStore } from '../../lambdas/store/lease-object.ts';
import { isLanePaused } from '../../lambdas/store/pauses.ts';
import { laneMeant } from '../lane/meant.ts';
import { isOver, withPause } from '../lane/pauses.ts';
import { lasting } from '../lane/times.ts';
import { changeLane, readLane } from '../lane.ts';
import { type LaneFlags, say, storeOf } from './lane-flags.ts';

/** An execution hands over after a minute at most, and a lease outlives a dead one by less than that again. */
const PATIENCE_MS = 150_000;

const LOOK_MS = 2000;

/** On a terminal one line that is written over, elsewhere one every half minute. */
const progress = (): ((text: string) => void) => {
  let told = Number.NEGATIVE_INFINITY;
  return (text) => {
    const { isTTY } = process.stderr;
    if (!isTTY && performance.now() - told < 30_000) return;
    told = performance.now();
    process.stderr.write(isTTY ? `\r\u001b[K${text}` : `${text}\n`);
  };
};

/** @throws Error when it takes too long, or somebody resumes the lane meanwhile */
const untilEnded = async (store: LeaseStore, lane: string, tell: (text: string) => void): Promise<void> => {
  const began = performance.now();
  for (;;) {
    const { lease, now } = await readLane(store, lane);
    if (!isLanePaused(lease, now)) throw new Error(`somebody has resumed lane ${lane}: it is not stopped`);
    if (isOver(lease.expiresAt, now)) break;
    if (performance.now() - began > PATIENCE_MS)
      throw new Error(
        `lane ${lane} is paused, so nothing is changed, but ${lease.owner} still holds it until ${lease.expiresAt}`,
      );
    const longest = Date.parse(lease.expiresAt) - now.getTime();
    tell(`lane ${lane} is paused; waiting for its execution to end, ${lasting(longest)} at most`);
    await sleep(LOOK_MS);
  }
};

/** @param tell is told every now and then what it waits for */
export const stopLane = async (
  store: LeaseStore,
  lane: string,
  tell: (text: string) => void,
): Promise<void> => {
  // Without an end, also where somebody has paused it for a while.
  await changeLane(store, lane, (lease, now) => withPause(lease, { scope: 'lane', what: 'all' }, now));
  await untilEnded(store, lane, tell);
};

export const stopCommand = async (flags: LaneFlags): Promise<void> => {
  const store = await storeOf(flags);
  const lane = flags.lane ?? (await laneMeant(store, undefined));
  await stopLane(store, lane, progress());
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  say(`lane ${lane} has stopped: no execution acts there`);
  say('  to go on: npx pulsescale resume, and the schedule starts it within a minute');
};
