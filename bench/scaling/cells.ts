/** How figures are written in the tables of the bench. */

/** `1.23`, `12`, `410`. */
export const ratio = (value: number): string =>
  Number.isFinite(value) ? value.toFixed(value < 9.995 ? 2 : 0) : '–';

/** A share as per cent: `0`, `< 0.01 %`, `0.35 %`, `12 %`. */
export const percent = (share: number): string => {
  const value = 100 * share;
  if (value === 0) return '0';
  if (value < 0.005) return '< 0.01 %';
  return `${value.toFixed(value < 0.995 ? 2 : value < 9.95 ? 1 : 0)} %`;
};

export const seconds = (value: number): string => value.toFixed(value < 9.5 && value > 0 ? 1 : 0);
