/** Times as a person at a terminal reads them. All are told by S3's clock, in UTC: whoever steers a lane may sit anywhere. */

const STEPS: readonly (readonly [unit: string, seconds: number, most: number])[] = [
  ['s', 1, 90],
  ['min', 60, 90],
  ['h', 3600, 36],
  ['days', 86_400, Number.POSITIVE_INFINITY],
];

/** `38 s`, `12 min`, `3 h`, `5 days`; less than nothing is nothing: S3's clock and the loop's differ a little. */
export const lasting = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const [unit, length] = STEPS.find(([, size, most]) => seconds < size * most) ?? ['s', 1];
  return `${Math.round(seconds / length)} ${unit}`;
};

/** `12:40:16 UTC`, with the day in front where it is not that of `now`. */
export const moment = (at: string, now: Date): string => {
  const text = new Date(at).toISOString();
  const [day = '', time = ''] = text.slice(0, 19).split('T');
  return now.toISOString().startsWith(day) ? `${time} UTC` : `${day} ${time} UTC`;
};

/** `12:40:16 UTC (38 s ago)` */
export const past = (at: string, now: Date): string =>
  `${moment(at, now)} (${lasting(now.getTime() - Date.parse(at))} ago)`;

/** `until 13:10:00 UTC (in 30 min)`, or what ends it where time does not. */
export const ending = (until: string | undefined, now: Date): string =>
  until === undefined
    ? 'until it is resumed'
    : `until ${moment(until, now)} (in ${lasting(Date.parse(until) - now.getTime())})`;
