/** Where the policies and sources of a service stand in its configuration, and what is wrong there. */
import type { Steps } from './path.ts';

/** Two parts of a service that don't go together. `path` is inside the service. */
export interface Contradiction {
  readonly path: Steps;
  readonly message: string;
}

interface Several {
  readonly policies?: unknown;
  readonly sources?: unknown;
}

export const policyPlace = ({ policies }: Several, nth: number): Steps =>
  policies === undefined ? ['policy'] : ['policies', nth];

export const sourcePlace = ({ sources }: Several, nth: number): Steps =>
  sources === undefined ? ['source'] : ['sources', nth];
