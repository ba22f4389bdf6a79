/** Rounding that arithmetic with fractions can't fool, and numbers as a sentence shows them. */

/** A billionth: far above what doubles lose in a few operations, far below anything that could matter. */
const NOISE = 1e-9;

/** A count of 0 or more rounded up, but for an excess that is only noise: 100 × 1.1 is 110.00000000000001 and means 110. */
export const roundedUp = (count: number): number =>
  Math.min(Number.MAX_SAFE_INTEGER, Math.ceil(count * (1 - NOISE)));

/** Rounded down in the same way: 33 / 1.1 is 29.999999999999996 and means 30. */
export const roundedDown = (count: number): number => Math.floor(count * (1 + NOISE));

/** Whether a ratio lies within a tolerance around 1, bounds included. */
export const isTolerated = (
  ratio: number,
  tolerance: { readonly out: number; readonly in: number },
): boolean => ratio <= 1 + tolerance.out + NOISE && ratio >= 1 - tolerance.in - NOISE;

/** Four digits of a fraction, all of a large number: 0.3333, 12.5, 123457. */
export const short = (value: number): number =>
  Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4));

const POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/**
 * The nearest number with so many digits, for what is remembered: short in JSON. As `Number(value.toPrecision(most))`, in a fifth of
 * the time, since a decision rounds twenty: a whole number divided by an exact power of ten is the double nearest to that
 * decimal, and so prints as it.
 */
export const toDigits = (value: number, most: number): number => {
  const shift = most - 1 - Math.floor(Math.log10(Math.abs(value)));
  const power = POWERS[Math.abs(shift)];
  if (power === undefined) return value === 0 ? 0 : Number(value.toPrecision(most));
  return shift >= 0 ? Math.round(value * power) / power : Math.round(value / power) * power;
};
