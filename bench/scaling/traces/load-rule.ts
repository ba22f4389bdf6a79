/**
 * The load rule of the bench: over the part that is loaded `busy` tasks are busy on average, that is, the work of all messages
 * is `busy` × its seconds. Exactly, not in expectation: what one seed costs is compared with what another costs.
 */
import { spread, thin } from '../../../local/simulation/bins.ts';
import { lognormal, type Random, randomOf, sigmaOf } from '../../../local/simulation/random.ts';
import type { Trace } from '../../../local/simulation/trace.ts';
import type { Part } from './kind.ts';

/** How long messages take, where the file does not tell: all alike, or lognormal with a coefficient of variation of 0.5. */
type Service = 'constant' | 'lognormal';

const SIGMA = sigmaOf(0.5);

/** When messages come, and nothing more. */
export interface Arrived {
  readonly name: string;
  readonly arrivals: Float64Array;
  readonly seconds: number;
}

/** The service time is what it must be. */
export const withWork = (
  { name, arrivals, seconds }: Arrived,
  busy: number,
  random: Random,
  service: Service = 'lognormal',
): Trace => {
  const work = arrivals.map(() => (service === 'constant' ? 1 : lognormal(random, 1, SIGMA)));
  const scale = (busy * seconds) / work.reduce((sum, each) => sum + each, 0);
  return { name, arrivals, work: work.map((each) => each * scale), seconds };
};

/** The service time is given, in the mean, and time is stretched (or compressed) to what it must be. */
export const stretched = ({ name, arrivals, seconds }: Arrived, meanWork: number, busy: number): Arrived => {
  const whole = Math.round((meanWork * arrivals.length) / busy);
  return { name, arrivals: arrivals.map((at) => (at * whole) / seconds), seconds: whole };
};

/** What a minute or a second has counted comes thinned by chance to so many a second: to 864,000 in a day, unless told otherwise. */
const MOST_PER_SECOND = 10;

interface Binned {
  readonly name: string;
  readonly part: Part;
  readonly seed: number;
  /** Of the part. */
  readonly counts: readonly number[];
  /** Seconds. */
  readonly width: number;
  readonly mostPerSecond?: number;
}

/** Counts per bin: thinned where they are too many, spread inside their bins, of the service time that makes `busy` tasks busy. */
export const fromBins = (
  { name, part, seed, counts, width, mostPerSecond = MOST_PER_SECOND }: Binned,
  busy: number,
): Trace => {
  const random = (stream: string): Random => randomOf(`${name} ${part} ${stream}`, seed);
  const seconds = counts.length * width;
  const most = mostPerSecond * seconds;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const kept = total > most ? thin(counts, most / total, random('thinning')) : counts;
  const arrivals = spread(kept, width, random('arrivals'));
  return withWork({ name, arrivals, seconds }, busy, random('work'));
};
