import * as z from 'zod';
import { commonPolicyOptions, fraction } from './common.ts';

export const thresholdPolicy = z
  .strictObject({
    type: z.literal('threshold'),
    ...commonPolicyOptions,
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
