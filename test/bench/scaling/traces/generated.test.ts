/** Loads that are made do what they are named after. */
import { expect, test } from '@jest/globals';
import { generated } from '../../../../bench/scaling/traces/generated.ts';
import { meanWork, type Trace } from '../../../../local/simulation/trace.ts';

const load = (name: string, busy?: number, seed = 1): Trace => {
  const trace = generated.find((each) => each.name === name)?.load('test', seed, busy);
  if (trace === undefined) throw new Error(`there is no ${name}`);
  return trace;
};

const perBin = ({ arrivals, seconds }: Trace, width: number): readonly number[] => {
  const counts = Array.from({ length: seconds / width }, () => 0);
  for (const at of arrivals) counts[Math.floor(at / width)] = (counts[Math.floor(at / width)] ?? 0) + 1;
  return counts;
};

const meanOf = (numbers: readonly number[]): number =>
  numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

test('steady is Poisson: the variance of its seconds is their mean', () => {
  const counts = perBin(load('steady'), 1);
  const mean = meanOf(counts);
  expect(Math.abs(mean - 10)).toBeLessThan(0.2);
  // Over 3600 seconds off by √(2/3600) = 2.4 %.
  expect(Math.abs(meanOf(counts.map((count) => (count - mean) ** 2)) / mean - 1)).toBeLessThan(0.1);
});

test('a ramp goes up to twice the mean, and down again', () => {
  const minutes = perBin(load('ramp'), 60);
  const [first = 0, top = 0, last = 0] = [minutes[0], minutes[30], minutes[59]];
  // 1/60 and 59/60 of 20 a second.
  expect(Math.abs(first - 20)).toBeLessThan(20);
  expect(Math.abs(top - 1180)).toBeLessThan(140);
  expect(Math.abs(last - 20)).toBeLessThan(20);
});

test('on is 40 times off, and each pause is 4 to 12 minutes long', () => {
  const seconds = perBin(load('on-off'), 1);
  const isOn = seconds.map((_, t) => meanOf(seconds.slice(Math.max(0, t - 2), t + 3)) > 10);
  const [on, off] = [true, false].map((state) => meanOf(seconds.filter((_, t) => isOn[t] === state)));
  expect((on ?? 0) / (off ?? 1)).toBeGreaterThan(30);
  expect((on ?? 0) / (off ?? 1)).toBeLessThan(45);
  const changes = isOn.flatMap((state, t) => (t > 0 && state !== isOn[t - 1] ? [t] : []));
  const lasted = changes.slice(1).map((at, nth) => at - (changes[nth] ?? 0));
  for (const [nth, seconds] of lasted.entries()) {
    const [least, most] = nth % 2 === 0 ? [55, 185] : [235, 725];
    expect(seconds >= (least ?? 0) && seconds <= (most ?? 0)).toBe(true);
  }
});

test('a crowd is twelve times as much as before, within a minute', () => {
  const minutes = perBin(load('flash-crowd'), 60);
  const quiet = [...minutes].sort((one, other) => one - other)[5] ?? 0;
  expect(Math.max(...minutes) / quiet).toBeGreaterThan(9);
  expect(Math.max(...minutes) / quiet).toBeLessThan(16);
});

test('between bursts there is nothing, and a burst is over in 10 s', () => {
  const seconds = perBin(load('bursts'), 1);
  expect(seconds.filter((count) => count === 0).length / seconds.length).toBeGreaterThan(0.9);
  const busy = seconds.map((count) => (count > 0 ? 'x' : ' ')).join('');
  const [bursts, pauses] = [busy.match(/x+/g) ?? [], busy.trim().match(/ +/g) ?? []];
  expect(bursts.length).toBeGreaterThanOrEqual(20);
  for (const each of bursts) expect(each.length).toBeLessThanOrEqual(10);
  for (const each of pauses) expect(each.length >= 110 && each.length <= 351).toBe(true);
});

test('a day is a wave, twice, from 0.3 to 1.7', () => {
  const minutes = perBin(load('daily-wave'), 600);
  const [low, high] = [minutes[0], minutes[12]];
  expect((low ?? 0) / 3000).toBeCloseTo(0.3, 1);
  expect((high ?? 0) / 3000).toBeCloseTo(1.7, 1);
  expect((minutes[24] ?? 0) / 3000).toBeCloseTo(0.3, 1);
});

test.each([5, 20, 100])('long jobs are longer than the target with %d tasks busy, too', (busy) => {
  const work = meanWork(load('long-jobs', busy));
  expect(work > 85 && work < 115).toBe(true);
});

test('what is chance in a load differs from seed to seed', () => {
  const firstOf = (seed: number): number => load('bursts', 20, seed).arrivals[0] ?? 0;
  expect(new Set([1, 2, 3, 4, 5].map(firstOf)).size).toBe(5);
});
