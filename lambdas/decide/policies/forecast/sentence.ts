/** How the forecasts speak of numbers. */
import type { Accuracy } from './accuracy.ts';

const unitFor = (seconds: number): readonly [size: number, name: string] => {
  if (seconds < 120) return [1, 's'];
  if (seconds < 7200) return [60, 'min'];
  return seconds < 172_800 ? [3600, 'h'] : [86_400, 'd'];
};

const inUnits = (seconds: number, size: number): number => Number((seconds / size).toFixed(1));

/** In the largest unit of which there are at least two: 2 h, and 60 min. */
export const spelled = (seconds: number): string => {
  const [size, name] = unitFor(seconds);
  return `${inUnits(seconds, size)} ${name}`;
};

/** `12 of 24 h` */
export const shareOf = (seconds: number, whole: number): string =>
  `${inUnits(seconds, unitFor(whole)[0])} of ${spelled(whole)}`;

/** Tasks, whole ones where it makes no difference. */
export const tasks = (count: number): string => String(Number(count.toPrecision(count < 10 ? 2 : 3)));

const perCent = (share: number): string => `${Math.round(share * 100)} %`;

export const offOfLate = ({ off }: Accuracy): string => `${perCent(off)} off of late`;

export const notUsed = (accuracy: Accuracy, limit: number): string =>
  `not used: ${offOfLate(accuracy)}, limit ${perCent(limit)}`;

export const tooOld = (ago: number): string =>
  `not used: nobody knows what is needed, and what was known is ${spelled(Math.abs(ago))} ${ago < 0 ? 'ahead' : 'old'}`;
