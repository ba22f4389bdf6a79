/**
 * When the ticks of a lane are: on a grid of whole intervals since the epoch, so that the cadence does not drift with
 * the work a tick does, and a successor's first tick is the one its predecessor would have had next.
 */

/**
 * A tick this short a part of the interval before its grid point still counts as that grid point's: clocks and timers
 * are some milliseconds early at times, and without this such a tick would be followed by a second one at once.
 */
const EARLY = 0.25;

/** The grid point after the tick that began at `at`. @param at ISO 8601 @param interval whole seconds */
export const nextTick = (at: string, interval: number): string => {
  const step = interval * 1000;
  const index = Math.floor((Date.parse(at) + EARLY * step) / step);
  return new Date((index + 1) * step).toISOString();
};

/**
 * The first tick of an execution: when its predecessor said, else at once. Nobody's next tick is more than an interval and the quarter that
 * {@link EARLY} may add to it ahead. Anything later was typed by hand, or the clock of one of the two is off: of two clocks that are 30 s apart
 * the one would leave the lane blind for half a minute.
 *
 * @param at ISO 8601 @param interval whole seconds
 */
export const firstTick = (at: string, handedOver: string | undefined, interval: number): string => {
  const ahead = handedOver === undefined ? Number.NaN : Date.parse(handedOver) - Date.parse(at);
  return ahead > 0 && ahead <= interval * 1000 * (1 + EARLY)
    ? new Date(Date.parse(at) + ahead).toISOString()
    : at;
};
