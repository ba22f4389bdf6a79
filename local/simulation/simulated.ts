/** What came of a trace, a plant and a controller. */
export interface Action {
  readonly t: number;
  readonly from: number;
  readonly to: number;
}

export interface Simulated {
  /**
   * Seconds that each message waited for the task that finished it, in the order of arrival. What nobody has taken by the end counts
   * with what it has waited by then.
   */
  readonly waits: Float64Array;
  /** Messages that nobody has finished by the end. */
  readonly left: number;
  /** Messages whose work was lost with a task, and that came back. */
  readonly lost: number;
  /** For each second: tasks asked for, tasks that run, and tasks that are paid for (from when they pull their image until they are gone). */
  readonly desired: Uint16Array;
  readonly running: Uint16Array;
  readonly paid: Uint16Array;
  /** For each second, at its beginning: messages that wait, and that are in somebody's hands. */
  readonly visible: Uint32Array;
  readonly inFlight: Uint32Array;
  readonly actions: readonly Action[];
}
