import * as z from 'zod';
import { commonPolicyOptions, metricSchema, toleranceSchema } from './common.ts';

export const valuePolicy = z
  .strictObject({
    type: z.literal('value'),
    ...commonPolicyOptions,
    metric: metricSchema,
    target: z.number().positive().meta({ description: 'What the metric should be.' }),
    tolerance: toleranceSchema,
  })
  .meta({
    description: 'Running tasks × metric / target, as a value target of the HPA: CPU, connections per task.',
  });
