/** Arrivals and departures per second from two readings of a server's running totals, the earlier one held in memory. */
import { createHash } from 'node:crypto';
import type { Reading, ServiceMemory } from '../contract/records.ts';
import type { Sighting, Totals } from '../contract/source.ts';

export type TotalsMemory = NonNullable<ServiceMemory['totals']>;
type Remembered = TotalsMemory[string];

/** A short name of a source as it is configured, so that another source never lends its totals. */
const shortNameOf = (given: unknown): string =>
  createHash('sha256').update(JSON.stringify(given)).digest('base64url').slice(0, 6);

/** Growth per second; undefined where a total is missing or has begun anew (a restarted server counts from 0). */
const rate = (before: number | undefined, now: number | undefined, seconds: number): number | undefined =>
  before === undefined || now === undefined || now < before || seconds <= 0
    ? undefined
    : Math.round(((now - before) / seconds) * 1000) / 1000;

const present = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof T]?: Exclude<T[K], undefined>;
  };

const ratesOf = (before: Remembered | undefined, now: Totals, at: string) => {
  if (before === undefined) return {};
  const seconds = (Date.parse(at) - Date.parse(before.at)) / 1000;
  return present({
    arrivalsPerSecond: rate(before.arrived, now.arrived, seconds),
    departuresPerSecond: rate(before.departed, now.departed, seconds),
  });
};

/**
 * The reading with its rates, and what to remember of it: nothing for a source without totals, what was remembered for one
 * that cannot be read, so that its next rate is the mean over the gap.
 */
export const withRates = (
  seen: Sighting,
  given: unknown,
  memory: TotalsMemory | undefined,
  at: string,
): { readonly reading: Reading; readonly totals: TotalsMemory } => {
  const name = shortNameOf(given);
  const before = memory?.[name];
  if (!seen.known) return { reading: seen, totals: before === undefined ? {} : { [name]: before } };
  const { totals, ...reading } = seen;
  if (totals === undefined) return { reading, totals: {} };
  return {
    // What a server says of its own rates comes last: it knows better than a difference.
    reading: { ...ratesOf(before, totals, at), ...reading },
    totals: { [name]: { at, ...totals } },
  };
};
