/**
 * A load of the bench: one that was recorded, from a file that is read where it lies, or one that is made here.
 *
 * One rule for all (bench/README.md): `busy` tasks are busy on average over the part that is loaded, neither more nor less. Where the
 * file says when messages came but not how long they took, the service time is what makes it so; where it says both, time is
 * stretched or messages are thinned out.
 */
import type { Trace } from '../../../local/simulation/trace.ts';

/** Parameters are tuned on one part and judged by the other. */
export type Part = 'training' | 'test';

export interface TraceKind {
  readonly name: string;
  /** What it is, what of it was recorded and what is chance, in a line or two for the report. */
  readonly about: string;
  /** Its file in the folder of traces; unset: made here. */
  readonly file?: string;
  /** What is the training part, and what the test. */
  readonly split: string;
  /** undefined: its file is not there. The same part, seed and busy tasks give the same bytes. */
  readonly load: (part: Part, seed: number, busy?: number) => Trace | undefined;
}

/** Busy tasks on average, where nothing else is asked for. */
export const BUSY = 20;
