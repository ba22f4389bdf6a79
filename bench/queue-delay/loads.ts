/**
 * What arrives: recorded loads where there are any, thinned or stretched so that about twenty tasks are busy on average, and a
 * few made ones. Service times are lognormal with a coefficient of variation of 0.5, and belong to the message: every rule
 * is given the same ones.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Message } from '../../local/simulation/queue.ts';
import { lognormal, poisson, randomFrom, sigmaOf } from '../../local/simulation/random.ts';

export interface BenchLoad {
  readonly name: string;
  /** Mean seconds that a task works on a message. */
  readonly seconds: number;
  readonly messages: readonly (readonly Message[])[];
}

/** cv 0.5. */
const SIGMA = sigmaOf(0.5);

const load = (name: string, counts: readonly number[], seconds: number, seed: number): BenchLoad => {
  const random = randomFrom(seed);
  const messages = counts.map((count, t) =>
    Array.from({ length: count }, () => t + random())
      .sort((a, b) => a - b)
      .map((arrivedAt) => ({ arrivedAt, seconds: lognormal(random, seconds, SIGMA) })),
  );
  return { name, seconds, messages };
};

const BUSY = 20;

/** Every arrival of a trace stays with the same chance, so that so many come in a second on average. */
const thinned = (counts: readonly number[], perSecond: number, seed: number): readonly number[] => {
  const random = randomFrom(seed);
  const share = (perSecond * counts.length) / counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => {
    let stays = Math.floor(share) * count;
    for (let each = 0; each < count; each += 1) if (random() < share % 1) stays += 1;
    return stays;
  });
};

const rows = (path: string): readonly (readonly number[])[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));

const binned = (times: readonly number[]): readonly number[] => {
  const counts = Array.from({ length: Math.ceil(Math.max(...times)) + 1 }, () => 0);
  for (const time of times) counts[Math.floor(time)] = (counts[Math.floor(time)] ?? 0) + 1;
  return counts;
};

const mean = (counts: readonly number[]): number =>
  counts.reduce((sum, count) => sum + count, 0) / counts.length;

/** The loads whose files are in the folder; `hours` of each of the long ones. */
export const recorded = (folder: string, hours: number): readonly BenchLoad[] => {
  const perSecond = (name: string, file: string, from: number): readonly BenchLoad[] => {
    const path = join(folder, file);
    if (!existsSync(path)) return [];
    const counts = rows(path)
      .map(([, count = 0]) => count)
      .slice(from, from + hours * 3600);
    return [load(name, thinned(counts, 10, 11), BUSY / 10, 12)];
  };
  const byRequest = (name: string, file: string): readonly BenchLoad[] => {
    const path = join(folder, file);
    if (!existsSync(path)) return [];
    const counts = binned(rows(path).map(([at = 0]) => at));
    return [load(name, counts, BUSY / mean(counts), 13)];
  };
  const jobs = (name: string, file: string): readonly BenchLoad[] => {
    const path = join(folder, file);
    if (!existsSync(path)) return [];
    const times = rows(path).map(([at = 0]) => at / 50);
    const counts = binned(times).slice(0, hours * 3600);
    return [load(name, counts, 28.7, 14)];
  };
  return [
    ...perSecond('twitter', 'twitter_2021-08_day8_persec.csv', 40_000),
    ...perSecond('nasa', 'nasa_http_1995-07-13_persec.csv', 28_000),
    ...byRequest('azure code', 'azure_llm_code_2023.csv'),
    ...byRequest('azure conv', 'azure_llm_conv_2023.csv'),
    ...jobs('genai jobs', 'alibaba_genai_requests_2024.csv'),
  ];
};

const made = (
  name: string,
  rate: (t: number) => number,
  length: number,
  seconds: number,
  seed: number,
): BenchLoad => {
  const random = randomFrom(seed);
  return load(
    name,
    Array.from({ length }, (_, t) => poisson(random, rate(t))),
    seconds,
    seed + 1,
  );
};

export const invented = (): readonly BenchLoad[] => [
  made('steady', () => 10, 3600, 2, 21),
  made('ramp', (t) => (t < 1800 ? t / 90 : (3600 - t) / 90), 3600, 2, 22),
  made('on/off', (t) => (t % 600 < 120 ? 40 : 1), 3600, 2, 23),
  made('bursts', (t) => (t % 900 === 60 ? 600 : 0.2), 3600, 2, 24),
  made('long jobs', (t) => (t % 1200 < 600 ? 0.5 : 0.15), 7200, 60, 25),
];
