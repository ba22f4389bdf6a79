/** The model's time: whole seconds since noon, by S3's clock. */
const NOON = Date.parse('2026-11-22T12:00:00.000Z');

/** ISO 8601. */
export const instant = (seconds: number): string => new Date(NOON + seconds * 1000).toISOString();

/** @param iso ISO 8601 */
export const secondsOf = (iso: string): number => (Date.parse(iso) - NOON) / 1000;

/** `12:01:20` */
export const clockTime = (seconds: number): string => instant(seconds).slice(11, 19);
