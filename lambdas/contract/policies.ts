/**
 * What a policy is given in a configuration: one strict schema per rule, with its defaults, in `policies/`. The rules themselves
 * are in `lambdas/decide/policies/`, which may import no library and so takes these as types only.
 */
import * as z from 'zod';
import { expressionOf } from './expression.ts';
import type { Steps } from './path.ts';
import { forecastPolicy } from './policies/forecast.ts';
import { formulaPolicy } from './policies/formula.ts';
import { panicPolicy } from './policies/panic.ts';
import { presencePolicy } from './policies/presence.ts';
import { queueDelayPolicy } from './policies/queue-delay.ts';
import { rulesPolicy } from './policies/rules.ts';
import { stepsPolicy } from './policies/steps.ts';
import { targetPolicy } from './policies/target.ts';
import { thresholdPolicy } from './policies/threshold.ts';
import { valuePolicy } from './policies/value.ts';

/** Every policy that a configuration may name, told apart by `type`. */
export const policySchema = z
  .discriminatedUnion('type', [
    queueDelayPolicy,
    targetPolicy,
    thresholdPolicy,
    valuePolicy,
    stepsPolicy,
    presencePolicy,
    rulesPolicy,
    panicPolicy,
    forecastPolicy,
    formulaPolicy,
  ])
  .meta({ id: 'policy' });

export type Policy = z.infer<typeof policySchema>;
export type PolicyOf<T extends Policy['type']> = Extract<Policy, { type: T }>;

/** The arithmetic in a policy's options, each with its place in them. */
export const expressionsOf = (policy: Policy): readonly { readonly path: Steps; readonly text: string }[] => {
  switch (policy.type) {
    case 'value':
    case 'steps':
      return [{ path: ['metric'], text: policy.metric }];
    case 'rules':
      return policy.events.map(({ metric: text }, nth) => ({ path: ['events', nth, 'metric'], text }));
    case 'formula':
      return [{ path: ['tasks'], text: policy.tasks }];
    default:
      return [];
  }
};

/** @param source what the source is called whose messages may be meant */
const namesInFlight = (policy: Policy, source: string | undefined): boolean =>
  expressionsOf(policy)
    .flatMap(({ text }) => expressionOf(text).names)
    .some((name) => name === source || /^(?:\w+\.)?(?:inFlight|backlog)$/.test(name));

/** Whether messages in flight count for this rule when it looks at a source of this name. */
export const countsInFlight = (policy: Policy, source?: string): boolean => {
  switch (policy.type) {
    case 'threshold':
      return policy.combined;
    case 'target':
    case 'panic':
      return policy.count === 'visible+inFlight';
    case 'queueDelay':
    case 'presence':
      return true;
    case 'forecast':
      return false;
    default:
      return namesInFlight(policy, source);
  }
};
