/** Reads back what the history keeps, tick by tick, as a reader of a log does. */
import { type History, numberAt } from '../lambdas/contract/history.ts';

export interface ReadTick {
  /** Epoch seconds. */
  readonly at: number;
  /** Of each source, the numbers that are there. */
  readonly readings: readonly Readonly<Record<string, number>>[];
  readonly counts: Readonly<Record<string, number>>;
  readonly to: number | null;
}

const thereAt = (columns: History['services'][string]['counts'], nth: number) =>
  Object.fromEntries(
    Object.entries(columns).flatMap(([name, column]) => {
      const value = numberAt(column, nth);
      return value === null ? [] : [[name, value]];
    }),
  );

/** The ticks of one service; those at which it was not looked at are left out. */
export const ticksOfService = ({ at, services }: History, key: string): readonly ReadTick[] => {
  const service = services[key];
  if (service === undefined) return [];
  return at
    .map((second, nth) => ({
      at: second,
      readings: service.readings.map((columns) => thereAt(columns, nth)),
      counts: thereAt(service.counts, nth),
      to: numberAt(service.to, nth),
    }))
    .filter(({ to }) => to !== null);
};
