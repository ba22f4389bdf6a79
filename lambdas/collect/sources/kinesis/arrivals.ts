/** How many records arrived in the last so many seconds, of what CloudWatch counted minute by minute. */

const MINUTE = 60;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/**
 * Minutes that lie within the time count whole. Of a minute in which the time begins, nobody knows how its records were
 * spread. As many as the busiest minute before it had are taken to have come evenly, so a part of them counts; what it
 * had above that is taken to have come at once and counts whole. A steady stream so counts as age × rate. 300 records at
 * once after silence, read 5 s late, count as 300, where 5 s × 300 a minute would have said 25. Before the first minute
 * the mean of all goes on.
 *
 * @param perMinute the newest first; a minute without records is 0
 */
export const arrivedWithin = (seconds: number, perMinute: readonly number[]): number => {
  const whole = Math.min(Math.floor(seconds / MINUTE), perMinute.length);
  const rest = seconds - whole * MINUTE;
  const certain = sum(perMinute.slice(0, whole));
  const [begun, ...before] = perMinute.slice(whole);
  if (begun === undefined) return certain + (rest * sum(perMinute)) / MINUTE / Math.max(1, perMinute.length);
  const level = before.length === 0 ? begun : Math.min(begun, Math.max(...before));
  const burst = rest > 0 ? begun - level : 0;
  return certain + burst + (level * rest) / MINUTE;
};
