/**
 * Of the instances of an active/standby pair only one lets anybody in; the other may refuse or keep silent. So the one that
 * let us in last time is asked first, and the next when it refuses or has been silent for a quarter of a second.
 */
import { setTimeout as sleep } from 'node:timers/promises';

const HEAD_START_MS = 250;

const never = new Promise<never>(() => undefined);

/**
 * The first that opens; what another has opened meanwhile is ended.
 *
 * @param places the likeliest first
 * @throws AggregateError with what each of them failed with
 */
export const firstOf = async <Place, Line>(
  places: readonly Place[],
  open: (place: Place, signal: AbortSignal) => Promise<Line>,
  end: (line: Line) => void,
  signal: AbortSignal,
): Promise<{ readonly place: Place; readonly line: Line }> => {
  const decided = new AbortController();
  const either = AbortSignal.any([signal, decided.signal]);
  let won = false;
  const attempt = async (place: Place, turn: Promise<unknown>) => {
    await turn;
    either.throwIfAborted();
    const line = await open(place, either);
    if (won) end(line);
    won = true;
    return { place, line };
  };
  let failed: Promise<unknown> = Promise.resolve();
  const attempts = places.map((place, nth) => {
    const patience = nth === 0 ? failed : sleep(HEAD_START_MS * nth, undefined, { signal: either });
    const attempted = attempt(place, Promise.race([failed, patience]));
    failed = attempted.then(
      () => never,
      () => undefined,
    );
    return attempted;
  });
  try {
    return await Promise.any(attempts);
  } finally {
    decided.abort();
  }
};
