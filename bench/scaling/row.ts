/** One run of the bench: what `npm run bench` writes to `bench/results/*.json` and its tables and plots are made of. */
import type { Figures } from '../../local/simulation/figures/figures.ts';

export type Variant = 'defaults' | 'tuned';

export interface Row {
  readonly trace: string;
  /** A name, such as its start-up: "23 s". */
  readonly plant: string;
  /** A scaler, ours or a peer's, or a bound. */
  readonly contestant: string;
  readonly variant: Variant;
  /** Arrivals within their bins, work and start-ups: the same for every contestant. */
  readonly seed: number;
  readonly figures: Figures;
}
