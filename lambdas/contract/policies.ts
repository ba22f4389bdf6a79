/**
 * What a policy is given in a configuration: one strict schema per rule, with its defaults. The rules themselves are in
 * `lambdas/decide/policies/`, which may import no library and so takes these as types only.
 */
import * as z from 'zod';

const fraction = z.number().min(0).max(1);

const thresholdPolicy = z
  .strictObject({
    type: z.literal('threshold'),
    scaleUpThreshold: z
      .number()
      .nonnegative()
      .default(100)
      .meta({ description: 'Scale out above this many messages.' }),
    scaleDownThreshold: z
      .number()
      .nonnegative()
      .default(99)
      .meta({ description: 'Scale in below this many messages.' }),
    tasksPerMessage: z
      .number()
      .nonnegative()
      .default(0.01)
      .meta({ description: 'Tasks per message, for both directions.' }),
    maxScaleDownFactor: fraction
      .default(0.99)
      .meta({ description: 'The least share of the tasks that one scale-in keeps.' }),
    combined: z.boolean().default(false).meta({ description: 'Count messages in flight too.' }),
    stepCount: z
      .int()
      .positive()
      .optional()
      .meta({ description: 'The most tasks that one scale-out adds. Unset: no such limit.' }),
  })
  .superRefine(({ scaleDownThreshold: down, scaleUpThreshold: up }, { addIssue }) => {
    if (down <= up) return;
    const message = `scaleDownThreshold ${down} must not be above scaleUpThreshold ${up}, or the count would flap`;
    addIssue({ code: 'custom', path: ['scaleDownThreshold'], message });
  })
  .meta({ description: "fast-autoscaler's rule: add tasks above one backlog, remove them below another." });

const targetPolicy = z
  .strictObject({
    type: z.literal('target'),
    backlogPerTask: z
      .number()
      .positive()
      .meta({ description: 'Messages that one task should have waiting for it.' }),
    count: z
      .enum(['visible', 'visible+inFlight'])
      .default('visible+inFlight')
      .meta({ description: 'Which messages are the backlog.' }),
    tolerance: z
      .strictObject({
        out: fraction
          .default(0.1)
          .meta({ description: 'How far above the target nothing happens yet (0.1 = 10 %).' }),
        in: fraction
          .default(0.1)
          .meta({ description: 'How far below the target nothing happens yet (0.1 = 10 %).' }),
      })
      .prefault({}),
  })
  .meta({ description: 'ceil(backlog / backlogPerTask), as an average-value target of the Kubernetes HPA.' });

/** Every policy that a configuration may name, told apart by `type`. */
export const policySchema = z
  .discriminatedUnion('type', [thresholdPolicy, targetPolicy])
  .meta({ id: 'policy' });

export type Policy = z.infer<typeof policySchema>;
export type PolicyOf<T extends Policy['type']> = Extract<Policy, { type: T }>;

/** Whether messages in flight count for this rule. */
export const countsInFlight = (policy: Policy): boolean => {
  switch (policy.type) {
    case 'threshold':
      return policy.combined;
    case 'target':
      return policy.count === 'visible+inFlight';
  }
};
