/**
 * What a policy is given in a configuration: one strict schema per rule, with its defaults, in `policies/`. The rules themselves
 * are in `lambdas/decide/policies/`, which may import no library and so takes these as types only.
 */
import * as z from 'zod';
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

const namesInFlight = (expressions: readonly string[]): boolean =>
  expressions.some((text) => /\b(inFlight|backlog)\b/.test(text));

/** Whether messages in flight count for this rule. */
export const countsInFlight = (policy: Policy): boolean => {
  switch (policy.type) {
    case 'threshold':
      return policy.combined;
    case 'target':
    case 'panic':
      return policy.count === 'visible+inFlight';
    case 'queueDelay':
    case 'presence':
      return true;
    case 'value':
    case 'steps':
      return namesInFlight([policy.metric]);
    case 'rules':
      return namesInFlight(policy.events.map(({ metric }) => metric));
    case 'formula':
      return namesInFlight([policy.tasks]);
    case 'forecast':
      return false;
  }
};
