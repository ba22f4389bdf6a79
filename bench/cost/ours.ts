/** What Pulsescale costs, from the counts in `counted.json`, which `npm run bench:cost` writes anew and a test compares. */
import { readFileSync } from 'node:fs';
import { dollarsOf, type Item } from './bill.ts';
import type { Lane } from './lane.ts';
import { type CountedLane, type Rates, ratesOf, resting, sleeping, ticking } from './month.ts';
import type { Deployed } from './stack.ts';

export interface Figures {
  /** By the number of services in the lane. */
  readonly deployed: Readonly<Record<string, Deployed>>;
  readonly lanes: readonly CountedLane[];
}

export const FIGURES = new URL('counted.json', import.meta.url);

/** As counted last. */
export const countedFigures = (): Figures => JSON.parse(readFileSync(FIGURES, 'utf8')) as Figures;

/** Lanes as `splitIntoLanes` makes them of services with usual names: 100 at most. */
export const laneSizes: Readonly<Record<number, readonly number[]>> = {
  1: [1],
  10: [10],
  50: [50],
  200: [100, 100],
};

/** Seconds from tick to tick whose executions differ most in their number of ticks: 30 and 6. */
const FAST = 2;
const SLOW = 10;

/** All that has to be counted for the table. */
export const lanesToCount: readonly Lane[] = [
  ...[...new Set(Object.values(laneSizes).flat())].flatMap((services) =>
    [FAST, SLOW].map((interval): Lane => ({ services, interval, load: 'busy' })),
  ),
  { services: 1, interval: SLOW, load: 'rising' },
  { services: 1, interval: SLOW, load: 'falling' },
  // For those who read the counts: what a quiet lane logs, and that 5 s lies between the others.
  { services: 1, interval: 5, load: 'busy' },
  { services: 1, interval: 5, load: 'quiet' },
  { services: 1, interval: 5, load: 'idle' },
];

const laneIn = ({ lanes }: Figures, services: number, interval: number, load: Lane['load']): CountedLane => {
  const found = lanes.find(
    (each) => each.services === services && each.interval === interval && each.load === load,
  );
  if (found === undefined) throw new Error(`not counted: ${services} services, ${interval} s, ${load}`);
  return found;
};

export const ratesFor = (figures: Figures, services: number): Rates =>
  ratesOf(laneIn(figures, services, FAST, 'busy'), laneIn(figures, services, SLOW, 'busy'), {
    rising: laneIn(figures, 1, SLOW, 'rising'),
    falling: laneIn(figures, 1, SLOW, 'falling'),
    alone: laneIn(figures, 1, SLOW, 'busy'),
  });

const deployedIn = ({ deployed }: Figures, services: number): Deployed => {
  const found = deployed[services];
  if (found === undefined) throw new Error(`nobody has looked how ${services} services are deployed`);
  return found;
};

export interface Case {
  /** One of {@link laneSizes}. */
  readonly services: number;
  /** Seconds from tick to tick. */
  readonly interval: number;
  /** Changes of the count an hour, of each service. */
  readonly changes?: number;
  /** Times the waiting for AWS that is assumed. */
  readonly slowness?: number;
}

/**
 * Of a service whose load comes and goes: its numbers are others at every tick, and its count changes ten times an hour.
 */
export const CHANGES = 10;

export const itemsFor = (
  figures: Figures,
  { services, interval, changes = CHANGES, slowness = 1 }: Case,
): readonly Item[] =>
  (laneSizes[services] ?? []).flatMap((size) =>
    ticking(ratesFor(figures, size), interval, changes, {
      services: size,
      deployed: deployedIn(figures, size),
      slowness,
    }),
  );

/** A lane of one service that is paused. */
export const restingItems = (figures: Figures, slowness = 1): readonly Item[] =>
  resting(ratesFor(figures, 1), { services: 1, deployed: deployedIn(figures, 1), slowness });

/** A lane of one service that sleeps, with the alarm on its queue. */
export const sleepingItems = (figures: Figures, slowness = 1): readonly Item[] =>
  sleeping(laneIn(figures, 1, 5, 'idle'), { services: 1, deployed: deployedIn(figures, 1), slowness });

/** What the alarms of all lanes cost besides, and no more as long as nothing is wrong. */
export const alarmItems = (figures: Figures, services: number): readonly Item[] =>
  (laneSizes[services] ?? []).map((size) => ({
    ...{ what: 'alarms', price: 'alarm' },
    units: deployedIn(figures, size).alarms,
  }));

/** A month in which something of every kind is wrong in one lane at every hour. */
export const troubleItems = (figures: Figures): readonly Item[] => [
  { what: 'metrics', price: 'metric', units: deployedIn(figures, 1).lineMetrics },
];

/** Dollars a month. */
export const oursDollars = (given: Case, figures: Figures = countedFigures()): number =>
  dollarsOf(itemsFor(figures, given));
