/** A rule of somebody else's, as published: one file each in `peers/`, listed in `peers/registry.ts`. */
import type { Controller } from '../../local/simulation/controller.ts';

export type Parameters = Readonly<Record<string, number>>;

/** What the operator of any scaler knows and may tell it. */
export interface Setting {
  /** How long a message may wait, in seconds. */
  readonly target: number;
  /** Mean seconds of work of a message. */
  readonly meanWork: number;
  readonly tasks: { readonly min: number; readonly max: number };
}

export interface Peer {
  readonly name: string;
  /** One line for the table: what it looks at, how often, and its rule. */
  readonly rule: string;
  /** Where the rule was read. */
  readonly source: string;
  /** The parameters as documented; a function where the documents derive one from what the operator knows. */
  readonly defaults: (setting: Setting) => Parameters;
  /** What a sweep may try for each parameter that is worth tuning; multiples of the default where that depends on the setting. */
  readonly grid: (setting: Setting) => Readonly<Record<string, readonly number[]>>;
  /** The scaler anew, nothing remembered. */
  readonly create: (parameters: Parameters, setting: Setting) => Controller;
}
