/** A load, message by message: when each one arrives, and how long a task works on it. */
export interface Trace {
  readonly name: string;
  /** Seconds from the beginning, ascending. */
  readonly arrivals: Float64Array;
  /** Seconds of work, one for each arrival. Belongs to the message: every controller meets the same ones. */
  readonly work: Float64Array;
  /** How long it goes on, in whole seconds; no arrival is later. */
  readonly seconds: number;
}

/** What a service that knew its trace would configure: the mean seconds of work. */
export const meanWork = ({ work }: Trace): number =>
  work.reduce((sum, each) => sum + each, 0) / Math.max(1, work.length);
