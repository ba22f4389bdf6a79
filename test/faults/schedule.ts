/** The schedule that starts an execution once a minute, as EventBridge does. */
import type { Clock } from '../../local/clock.ts';

const SECONDS = 60;

export const keepReviving = async (clock: Clock, start: () => void, stopped: AbortSignal): Promise<void> => {
  for (;;) {
    await clock.sleep(SECONDS * 1000, stopped);
    if (stopped.aborted) return;
    start();
  }
};
