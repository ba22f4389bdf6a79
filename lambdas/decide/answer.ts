/** What policies are asked, and what they answer. */
import type { Service } from '../contract/config.ts';
import type { KnownCounts, Reading } from '../contract/records.ts';
import type { Tools } from '../contract/tools.ts';
import { allowedWith } from './guards/starting.ts';
import type { NamedReading } from './names.ts';
import type { Kept, Recommendation } from './policies/policy.ts';

/** What all policies of a service are asked about at one tick. */
export interface Asked {
  readonly service: Service;
  readonly readings: readonly NamedReading[];
  readonly counts: KnownCounts;
  /** Epoch seconds. */
  readonly at: number;
  readonly kept: Readonly<Record<string, Kept>>;
  readonly tools: Tools;
}

export interface Answer {
  /** What reasons and formulas call the policy. */
  readonly by: string;
  /** Under which name what it keeps is remembered. */
  readonly key: string;
  readonly recommendation: Recommendation;
  readonly reading: Reading;
}

export type KnownAnswer = Answer & { readonly recommendation: Extract<Recommendation, { known: true }> };
export const isKnown = (answer: Answer): answer is KnownAnswer => answer.recommendation.known;

/**
 * What an answer comes to once the tasks that start count as there. A rule that adds tasks at every tick asks for more than
 * the guard `starting` will leave it; weighed with that, it would win against a whole count and then be cut below it.
 */
export const granted = (
  { recommendation: { to, adds } }: KnownAnswer,
  { counts }: Pick<Asked, 'counts'>,
): number => (adds === undefined ? to : Math.min(to, allowedWith(adds, counts)));
