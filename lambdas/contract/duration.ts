import * as z from 'zod';

const MILLISECONDS_PER_UNIT = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const PATTERN = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/;

/**
 * `"90s"` → 90. Takes `ms`, `s`, `m`, `h`, `d`; `undefined` for anything else. Rounded to whole milliseconds, because
 * 1.1 × 1000 is 1100.0000000000002.
 */
const secondsIn = (text: string): number | undefined => {
  const [, amount, unit] = PATTERN.exec(text.trim()) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  return (
    Math.round(Number(amount) * MILLISECONDS_PER_UNIT[unit as keyof typeof MILLISECONDS_PER_UNIT]) / 1000
  );
};

interface DurationLimits {
  readonly min?: number;
  readonly max?: number;
}

/**
 * A duration in a configuration: `"5s"`, `"2m"`, `"1h"`, or a number of seconds. Parsed to seconds.
 * `min` and `max` are seconds, both allowed values.
 */
export const duration = ({ min = 0, max = Number.MAX_SAFE_INTEGER }: DurationLimits = {}) => {
  const limits = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}s` : `from ${min}s to ${max}s`;
  const error = `expected a duration ${limits}, written like "5s", "2m" or "1h", or as a number of seconds`;
  return z
    .union(
      [z.number({ error }).min(min, { error }).max(max, { error }), z.string().regex(PATTERN, { error })],
      {
        error,
      },
    )
    .transform((given, context) => {
      const seconds = typeof given === 'number' ? given : secondsIn(given);
      if (seconds !== undefined && seconds >= min && seconds <= max) return seconds;
      context.addIssue({ code: 'custom', message: error, input: given });
      return z.NEVER;
    });
};
