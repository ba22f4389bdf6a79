/** What `bench:cost` writes as data; `markdown.ts` shows it. */
import { dollarsOf, partsOf } from './bill.ts';
import {
  alarmItems,
  type Case,
  CHANGES,
  type Figures,
  itemsFor,
  laneSizes,
  restingItems,
  sleepingItems,
  troubleItems,
} from './ours.ts';
import { peerCosts } from './peers.ts';
import { prices } from './prices.ts';

export const SERVICES = Object.keys(laneSizes).map(Number);
export const INTERVALS = [2, 5, 10];
const SLOWNESS = [0.5, 1, 2];

const round = (value: number): number => Math.round(value * 1e4) / 1e4;

export interface Row extends Required<Case> {
  readonly dollars: number;
  readonly perService: number;
  readonly withFreeTiers: number;
}

const rowOf = (figures: Figures, given: Required<Case>): Row => {
  const items = itemsFor(figures, given);
  const dollars = dollarsOf(items);
  return {
    ...given,
    dollars: round(dollars),
    perService: round(dollars / given.services),
    withFreeTiers: round(dollarsOf(items, true)),
  };
};

export const reportOf = (figures: Figures) => {
  const cases = INTERVALS.flatMap((interval) =>
    SERVICES.flatMap((services) =>
      SLOWNESS.map((slowness) => ({ services, interval, changes: CHANGES, slowness })),
    ),
  );
  const one = { services: 1, interval: 5 };
  return {
    ours: cases.map((each) => rowOf(figures, each)),
    changes: [0, CHANGES, 60].map((changes) => rowOf(figures, { ...one, changes, slowness: 1 })),
    resting: SLOWNESS.map((slowness) => ({
      slowness,
      dollars: round(dollarsOf(restingItems(figures, slowness))),
    })),
    asleep: SLOWNESS.map((slowness) => ({
      slowness,
      dollars: round(dollarsOf(sleepingItems(figures, slowness))),
    })),
    alarms: SERVICES.map((services) => {
      const items = alarmItems(figures, services);
      return {
        services,
        alarms: items.reduce((sum, { units }) => sum + units, 0),
        dollars: round(dollarsOf(items)),
        withFreeTiers: round(dollarsOf(items, true)),
      };
    }),
    trouble: round(dollarsOf(troubleItems(figures))),
    parts: [1, 50].map((services) => ({
      services,
      parts: Object.fromEntries(
        partsOf(itemsFor(figures, { ...one, services })).map(([what, dollars]) => [what, round(dollars)]),
      ),
    })),
    peers: peerCosts.map(({ peer, items, why, source }) => ({
      peer,
      dollars:
        items === undefined
          ? null
          : Object.fromEntries(SERVICES.map((services) => [services, round(dollarsOf(items(services)))])),
      why,
      source,
    })),
    prices,
  };
};
export type Report = ReturnType<typeof reportOf>;
