/** From what is used in a month to dollars. */
import { type Price, type PriceName, prices } from './prices.ts';

/** So many units in a month. */
export interface Item {
  /** By whom or for what, as the bill says it. */
  readonly what: string;
  readonly price: PriceName;
  readonly units: number;
}

/** What these units cost, tier by tier. */
const priced = ({ tiers }: Price, units: number): number => {
  let dollars = 0;
  let below = 0;
  for (const { upTo = Number.POSITIVE_INFINITY, dollars: each } of tiers) {
    dollars += Math.max(0, Math.min(units, upTo) - below) * each;
    below = upTo;
  }
  return dollars;
};

const unitsByPrice = (items: readonly Item[]): ReadonlyMap<PriceName, number> => {
  const units = new Map<PriceName, number>();
  for (const item of items) units.set(item.price, (units.get(item.price) ?? 0) + item.units);
  return units;
};

/** @param free with the free tiers, as if nothing else in the account used them */
export const dollarsOf = (items: readonly Item[], free = false): number =>
  [...unitsByPrice(items)].reduce((sum, [name, units]) => {
    const price: Price = prices[name];
    return sum + priced(price, Math.max(0, units - (free ? price.free : 0)));
  }, 0);

/** The dollars of each `what`, the dearest first. */
export const partsOf = (items: readonly Item[]): readonly (readonly [string, number])[] =>
  [...new Set(items.map(({ what }) => what))]
    .map((what) => [what, dollarsOf(items.filter((each) => each.what === what))] as const)
    .sort(([, a], [, b]) => b - a);
