/**
 * Connections that users open per second, from what each task has accepted at two readings. Tasks come and go with their
 * counters, so only those that answered both times count, each over its own time.
 *
 * Gotcha: the connection that asks is kept open, and so is accepted once. An nginx that closes it after every answer
 * (`keepalive_timeout 0`) counts one more at each reading.
 */
import type { Looked } from './look.ts';

interface Accepted {
  readonly accepted: number;
  readonly atMs: number;
}

/** Growth per second; undefined where it cannot be told: an nginx that was restarted counts from 0. */
const rateOf = (before: Accepted | undefined, accepted: number, atMs: number): number | undefined =>
  before === undefined || accepted < before.accepted || atMs <= before.atMs
    ? undefined
    : (accepted - before.accepted) / ((atMs - before.atMs) / 1000);

/** @returns per second; undefined until some task has answered twice */
export type AcceptRates = (place: string, looked: readonly Looked[], atMs: number) => number | undefined;

export const acceptRates = (): AcceptRates => {
  const memory = new Map<string, ReadonlyMap<string, Accepted>>();
  return (place, looked, atMs) => {
    const before = memory.get(place);
    const rates = looked.flatMap((each) =>
      'status' in each ? (rateOf(before?.get(each.id), each.status.accepted, atMs) ?? []) : [],
    );
    memory.set(
      place,
      new Map(
        looked.flatMap((each) => {
          const now = 'status' in each ? { accepted: each.status.accepted, atMs } : before?.get(each.id);
          return now === undefined ? [] : [[each.id, now] as const];
        }),
      ),
    );
    if (rates.length === 0) return undefined;
    return Math.round(rates.reduce((sum, rate) => sum + rate, 0) * 1000) / 1000;
  };
};
