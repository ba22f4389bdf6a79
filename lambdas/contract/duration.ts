import * as z from 'zod';

const SECONDS_PER_UNIT = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 } as const;
const PATTERN = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/;

/** `"90s"` → 90. Takes `ms`, `s`, `m`, `h`, `d`; `undefined` for anything else. */
const secondsIn = (text: string): number | undefined => {
  const [, amount, unit] = PATTERN.exec(text.trim()) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  return Number(amount) * SECONDS_PER_UNIT[unit as keyof typeof SECONDS_PER_UNIT];
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
  const allowed =
    max === Number.MAX_SAFE_INTEGER ? `a duration of at least ${min}s` : `a duration from ${min}s to ${max}s`;
  return z
    .union([z.number(), z.string().regex(PATTERN)], {
      error: `expected ${allowed}, written like "5s", "2m", "1h" or as a number of seconds`,
    })
    .transform((given, context) => {
      const seconds = typeof given === 'number' ? given : secondsIn(given);
      if (seconds !== undefined && seconds >= min && seconds <= max) return seconds;
      context.addIssue({ code: 'custom', message: `expected ${allowed}`, input: given });
      return z.NEVER;
    });
};
