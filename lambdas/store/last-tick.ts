/**
 * What the last tick of an execution saw and decided, for whoever looks at a lane (`pulsescale status`). It is written into the lane's object
 * with the lease of the next execution and nowhere else: the loop itself never reads it, and no state carries it.
 */
import * as z from 'zod';
import { type Columns, type History, numberAt, type ServiceTicks } from '../contract/history.ts';

const number = z.number().nullable();

const lookSchema = z.object({
  /** What was decided; null: this service was not looked at. */
  to: number,
  /** null: ECS could not be asked. */
  desired: number,
  running: number.optional(),
  /** Of all sources that are queues together; null: a source was unknown. Left out: none is a queue. */
  visible: number.optional(),
  inFlight: number.optional(),
  /** Of the only source, where that is no queue. */
  value: z.number().optional(),
});
/** What was seen of one service. */
export type Look = z.infer<typeof lookSchema>;

export const lastTickSchema = z.object({
  /** ISO 8601. */
  at: z.iso.datetime({ offset: true }),
  /** Keyed `cluster/service`. */
  services: z.record(z.string(), lookSchema),
});
export type LastTick = z.infer<typeof lastTickSchema>;

type Numbers = Readonly<Record<string, number>>;

/** What a source told at the nth tick; nothing: it was unknown. */
const numbersAt = (columns: Columns, nth: number): Numbers =>
  Object.fromEntries(
    Object.entries(columns).flatMap(([name, column]) => {
      const told = numberAt(column, nth);
      return told === null ? [] : [[name, told]];
    }),
  );

const sumOf = (seen: readonly Numbers[], name: 'visible' | 'inFlight'): Partial<Look> => {
  const told = seen.flatMap((numbers) => numbers[name] ?? []);
  return told.length === 0 ? {} : { [name]: told.reduce((sum, each) => sum + each, 0) };
};

/** One unknown source makes the sum unknown: never less than there may be. */
const backlogIn = (seen: readonly Numbers[]): Partial<Look> => {
  const [only] = seen;
  if (only === undefined || seen.some((numbers) => Object.keys(numbers).length === 0))
    return { visible: null };
  const backlog = { ...sumOf(seen, 'visible'), ...sumOf(seen, 'inFlight') };
  if (Object.keys(backlog).length > 0 || only['value'] === undefined) return backlog;
  return seen.length > 1 ? {} : { value: only['value'] };
};

const lookAt = ({ readings, counts, to }: ServiceTicks, nth: number): Look => {
  const running = numberAt(counts['running'], nth);
  return {
    to: numberAt(to, nth),
    desired: numberAt(counts['desired'], nth),
    ...(running === null ? {} : { running }),
    ...backlogIn(readings.map((columns) => numbersAt(columns, nth))),
  };
};

/** @returns undefined when there was no tick */
export const lastTickOf = ({ at, services }: History): LastTick | undefined => {
  const nth = at.length - 1;
  const seconds = at[nth];
  if (seconds === undefined) return undefined;
  return {
    at: new Date(seconds * 1000).toISOString(),
    services: Object.fromEntries(Object.entries(services).map(([key, ticks]) => [key, lookAt(ticks, nth)])),
  };
};
