/** Which rule answers to which `type`. A new one costs its file, its options in the contract, its test and one line here. */
import type { Policy, PolicyOf } from '../../contract/policies.ts';
import { forecast } from './forecast.ts';
import { formula } from './formula.ts';
import { panic } from './panic.ts';
import type { Recommendation, Situation } from './policy.ts';
import { presence } from './presence.ts';
import { queueDelay } from './queue-delay.ts';
import { rules } from './rules.ts';
import { steps } from './steps.ts';
import { target } from './target.ts';
import { threshold } from './threshold.ts';
import { value } from './value.ts';

export interface Rule<P extends Policy = Policy> {
  readonly recommend: (policy: P, situation: Situation) => Recommendation;
  /** The arithmetic in its options: it then looks at whatever readings have the names, all of them together if need be. */
  readonly expressions?: (policy: P) => readonly string[];
  /** Asked once, after the others are combined, and only ever raises what they say. */
  readonly isFloor?: true;
  /** An unknown reading makes what it keeps worthless: it counts what it saw without a break. */
  readonly forgets?: true;
}

const registered: { readonly [T in Policy['type']]?: Rule<PolicyOf<T>> } = {
  queueDelay: { recommend: queueDelay },
  target: { recommend: target },
  threshold: { recommend: threshold },
  value: { recommend: value, expressions: ({ metric }) => [metric] },
  steps: { recommend: steps, expressions: ({ metric }) => [metric] },
  presence: { recommend: presence, forgets: true },
  panic: { recommend: panic },
  rules: { recommend: rules, expressions: ({ events }) => events.map(({ metric }) => metric) },
  forecast: { recommend: forecast, isFloor: true },
  formula: { recommend: formula, expressions: ({ tasks }) => [tasks] },
};

/** The rule of a policy. Each is typed by its own options; it is handed only what its own schema has parsed. */
export const ruleOf = ({ type }: Policy): Rule => registered[type] as unknown as Rule;
