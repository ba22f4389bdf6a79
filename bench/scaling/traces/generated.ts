/**
 * Loads that are made here, so that the bench runs where no recorded one is: a rate for each second, and a Poisson number of messages of it.
 * What is left to chance in the rate (when a burst comes, and how large it is) differs from seed to seed, so the training part is
 * another seed and nothing else.
 */
import { spread } from '../../../local/simulation/bins.ts';
import { poisson, type Random, randomOf } from '../../../local/simulation/random.ts';
import { BUSY, type TraceKind } from './kind.ts';
import { withWork } from './load-rule.ts';

interface Made {
  readonly name: string;
  readonly about: string;
  readonly seconds: number;
  /** Messages a second, in the mean; the service time follows from it. */
  readonly perSecond: number | ((busy: number) => number);
  /** The rate in each second, in any unit. */
  readonly rates: (random: Random, seconds: number) => readonly number[];
}

const everySecond = (seconds: number, rate: (t: number) => number): readonly number[] =>
  Array.from({ length: seconds }, (_, t) => rate(t));

const between = (random: Random, least: number, most: number): number => least + (most - least) * random();

/** Moments with pauses between them that are chance: `least` to `most` seconds from one to the next. */
const moments = (random: Random, seconds: number, least: number, most: number): readonly number[] => {
  const found: number[] = [];
  for (let t = between(random, 0, most); t < seconds; t += between(random, least, most)) found.push(t);
  return found;
};

/** A crowd comes within a minute, stays for one, and goes with a time constant of five. */
const crowd = (since: number): number => {
  if (since < 0) return 0;
  if (since < 60) return since / 60;
  return Math.min(1, Math.exp(-(since - 120) / 300));
};

/** Work of 100 s: longer than a wait target of 60 s. */
const LONG_SECONDS = 100;

const made: readonly Made[] = [
  {
    name: 'steady',
    about: 'Poisson at 10/s: what is there to win when nothing happens',
    ...{ seconds: 3600, perSecond: 10 },
    rates: (_, seconds) => everySecond(seconds, () => 1),
  },
  {
    name: 'ramp',
    about: 'From nothing up to twice the mean in half an hour, and down again',
    ...{ seconds: 3600, perSecond: 10 },
    rates: (_, seconds) => everySecond(seconds, (t) => 1 - Math.abs((2 * t) / seconds - 1)),
  },
  {
    name: 'on-off',
    about: 'On for 1 to 3 minutes, then 40 times less for 4 to 12',
    ...{ seconds: 7200, perSecond: 10 },
    rates: (random, seconds) => {
      const rates: number[] = [];
      while (rates.length < seconds) {
        const [off, on] = [between(random, 240, 720), between(random, 60, 180)];
        rates.push(...everySecond(Math.round(off), () => 1), ...everySecond(Math.round(on), () => 40));
      }
      return rates.slice(0, seconds);
    },
  },
  {
    name: 'flash-crowd',
    about:
      'Twelve times as much within a minute, every half hour or later, gone with a time constant of 5 minutes',
    ...{ seconds: 7200, perSecond: 10 },
    rates: (random, seconds) => {
      const begun = moments(random, seconds, 1800, 3600);
      return everySecond(seconds, (t) => 1 + begun.reduce((sum, at) => sum + 11 * crowd(t - at), 0));
    },
  },
  {
    name: 'bursts',
    about:
      'Nothing, and every 2 to 6 minutes some 480 messages (half to one and a half times as many) within 10 s',
    ...{ seconds: 7200, perSecond: 2 },
    rates: (random, seconds) => {
      const rates = Array.from({ length: seconds }, () => 0);
      for (const at of moments(random, seconds, 120, 360)) rates.fill(between(random, 0.5, 1.5), at, at + 10);
      return rates;
    },
  },
  {
    name: 'daily-wave',
    about: 'Two days of 4 hours each: a wave from 0.3 to 1.7 times the mean',
    ...{ seconds: 28_800, perSecond: 5 },
    rates: (_, seconds) => everySecond(seconds, (t) => 1 - 0.7 * Math.cos((4 * Math.PI * t) / seconds)),
  },
  {
    name: 'long-jobs',
    about: 'Messages of 100 s, longer than the target: three times as many for 10 minutes of every 20',
    ...{ seconds: 14_400, perSecond: (busy) => busy / LONG_SECONDS },
    rates: (_, seconds) => everySecond(seconds, (t) => (t % 1200 < 600 ? 1 : 3)),
  },
];

const load = ({ name, seconds, perSecond, rates }: Made, part: string, seed: number, busy: number) => {
  const random = (stream: string): Random => randomOf(`${name} ${part} ${stream}`, seed);
  const relative = rates(random('rates'), seconds);
  const mean = relative.reduce((sum, rate) => sum + rate, 0) / seconds;
  const messages = typeof perSecond === 'number' ? perSecond : perSecond(busy);
  const chance = random('counts');
  const counts = relative.map((rate) => poisson(chance, (messages * rate) / mean));
  const arrivals = spread(counts, 1, random('arrivals'));
  return withWork({ name, arrivals, seconds }, busy, random('work'));
};

export const generated: readonly TraceKind[] = made.map((each) => ({
  ...{ name: each.name, about: each.about },
  split: 'training is other seeds of the same',
  load: (part, seed, busy = BUSY) => load(each, part, seed, busy),
}));
