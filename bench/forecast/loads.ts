/** Fourteen days of load, minute by minute: two recorded ones where their files are there, and made ones. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomFrom } from '../../local/simulation/random.ts';

export interface DailyLoad {
  readonly name: string;
  /** Seconds. */
  readonly season: number;
  /** How much arrives, in any unit. */
  readonly perMinute: readonly number[];
}

const DAYS = 14;
const MINUTES = 1440;
const DAY = 86_400;
const HOUR = 3600;

/** The second column. */
const column = (folder: string, file: string): readonly number[] => {
  const path = join(folder, file);
  if (!existsSync(path)) return [];
  const rows = readFileSync(path, 'utf8').trimEnd().split('\n').slice(1);
  return rows.map((row) => Number(row.split(',')[1]));
};

/** Straight lines between the hours; an hour that is not known is like the one before. */
const everyMinute = (hours: readonly number[]): readonly number[] => {
  const known: number[] = [];
  for (const count of hours) known.push(Number.isNaN(count) ? (known.at(-1) ?? 0) : count);
  return known.flatMap((count, nth) => {
    const slope = ((known[nth + 1] ?? count) - count) / 60;
    return Array.from({ length: 60 }, (_, minute) => count + slope * minute);
  });
};

/** What is different every day: how many minutes later everything is, and how much more. */
interface Day {
  readonly nth: number;
  readonly late: number;
  readonly level: number;
}

/** Every minute is off by `noise`, every day by 1.5 minutes and 8 %. */
const made = (
  name: string,
  season: number,
  noise: number,
  at: (minute: number, day: Day) => number,
): DailyLoad => {
  const random = randomFrom(name.length);
  const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  const perMinute = Array.from({ length: DAYS }, (_, nth) => {
    const day = { nth, late: Math.round(1.5 * normal()), level: 1 + 0.08 * normal() };
    return Array.from({ length: MINUTES }, (__, minute) =>
      Math.max(0, at(minute, day) * (1 + noise * normal())),
    );
  });
  return { name, season, perMinute: perMinute.flat() };
};

const isBetween = (minute: number, from: number, until: number): boolean => minute >= from && minute < until;

const recorded = (folder: string): readonly DailyLoad[] => {
  const worldCup = column(folder, 'worldcup98_permin.csv');
  const two = (name: string, perMinute: readonly number[]): DailyLoad => ({ name, season: DAY, perMinute });
  return [
    ...[40, 56].map((day) =>
      two(`worldcup98, day ${day}`, worldCup.slice(day * MINUTES, (day + DAYS) * MINUTES)),
    ),
    two('wikipedia', everyMinute(column(folder, 'wikipedia_hourly_2008_2013.csv').slice(0, 24 * DAYS))),
  ].filter(({ perMinute }) => perMinute.length > 0);
};

export const loads = (folder: string): readonly DailyLoad[] => [
  ...recorded(folder),
  made('office hours', DAY, 0.08, (minute, { nth, late, level }) =>
    nth % 7 < 5 && isBetween(minute, 540 + late, 1080) ? level : 0.1,
  ),
  made('hourly batch', HOUR, 0.08, (minute, { late, level }) =>
    isBetween(minute % 60, 20 + late, 35) ? 2 * level : 0.3,
  ),
  made('batch every 4 h', DAY, 0.08, (minute, { late, level }) =>
    isBetween(minute % 240, 30 + late, 50) ? 1.8 * level : 0.3,
  ),
  made(
    'wave',
    DAY,
    0.08,
    (minute, { level }) => level * (0.55 - 0.45 * Math.cos((2 * Math.PI * minute) / MINUTES)),
  ),
  made('random', DAY, 0.25, () => 1),
  made('random, season 1 h', HOUR, 0.25, () => 1),
];
