/**
 * What is kept of every tick, so that a decision can be replayed: all numbers of the readings, the counts and what was decided, without the
 * sentences. It travels in the state and is logged as one line per execution, by the lease of the next one; by decide itself where
 * the state has no room for more. A *hold* is no line of its own.
 *
 * A line of the log, the record whole under a key of its own like every other record:
 *
 * ```json
 * { "level": "INFO", "message": "ticks", "service": "lease", "lane": "default", "at": "…", "ticks":
 *   { "kind": "ticks", "lane": "default", "term": 7, "at": [1763805600, 1763805605, 1763805610], "services": {
 *     "shop/orders-worker": {
 *       "readings": [{ "visible": [0, 40, null], "inFlight": [0, 2, null] }],
 *       "counts": { "desired": [1, 1, 4], "running": 1, "pending": [0, 0, 3] },
 *       "to": [1, 4, 4] } } } }
 * ```
 *
 * Gotchas for a reader: a number in place of a list is the number of *every* tick; a column that is left out is null at every tick; the
 * same tick may come twice (a room that is asked again logs again), with the same lane, term, time and, but for that one room, numbers.
 */
import * as z from 'zod';

const number = z.number().nullable();

/** A number for each tick, or one for all of them; null: not known, or not there. */
const columnSchema = z.union([z.array(number), number]);
export type Column = z.infer<typeof columnSchema>;

const columnsSchema = z.record(z.string(), columnSchema);
export type Columns = z.infer<typeof columnsSchema>;

const serviceTicks = z.object({
  /**
   * One for each of its sources, in the order of the configuration (of sources that stand in for each other: the one that was read). Names are those
   * of a reading: `visible`, `inFlight`, `arrivalsPerSecond`, …; `values.NAME` for one of its `values`; `atLeast` is 1 or null. All null: that
   * source was *unknown*.
   */
  readings: z.array(columnsSchema),
  /** `desired`, `running`, `pending`; `deploying`: 1 or null. All null: ECS could not be asked. */
  counts: columnsSchema,
  /** What was decided; the direction is that from `counts.desired`. null: this service was not looked at in that tick. */
  to: columnSchema,
});
export type ServiceTicks = z.infer<typeof serviceTicks>;

export const historySchema = z.object({
  /** Epoch seconds of each tick. */
  at: z.array(z.number()),
  /** Keyed `cluster/service`. */
  services: z.record(z.string(), serviceTicks),
});
/** The ticks of one execution. */
export type History = z.infer<typeof historySchema>;

export const noHistory: History = { at: [], services: {} };

/** What is logged of an execution. */
export const ticksSchema = historySchema.extend({
  kind: z.literal('ticks'),
  lane: z.string(),
  term: z.int().nonnegative(),
});
export type Ticks = z.infer<typeof ticksSchema>;

export const ticksOf = (lane: string, term: number, { at, services }: History): Ticks => ({
  kind: 'ticks',
  lane,
  term,
  at,
  services,
});

/** The number of a column at the nth tick. */
export const numberAt = (column: Column | undefined, nth: number): number | null =>
  (Array.isArray(column) ? column[nth] : column) ?? null;

/**
 * As a room of a tick takes it: from the state, where only rooms have written it, so its inside is not checked 500,000 times a month. Anything
 * else, such as what an older version has handed over, is no history, and the tick goes on.
 */
export const passedOn = z
  .custom<History>(
    (given) =>
      typeof given === 'object' &&
      given !== null &&
      Array.isArray((given as Partial<History>).at) &&
      typeof (given as Partial<History>).services === 'object',
  )
  .catch(noHistory);
