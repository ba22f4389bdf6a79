import * as z from 'zod';
import { commonPolicyOptions, metricSchema } from './common.ts';

const stepSchema = z
  .strictObject({
    atLeast: z.number().meta({ description: 'The step holds from this value of the metric on.' }),
    tasks: z.int().nonnegative().optional().meta({ description: 'The count to have.' }),
    change: z.int().optional().meta({ description: 'Tasks to add, or below 0 to remove.' }),
  })
  .refine(({ tasks, change }) => (tasks === undefined) !== (change === undefined), {
    error: 'give a step either tasks or change',
    when: ({ value }) => typeof value === 'object' && value !== null,
  })
  .meta({
    oneOf: [{ required: ['tasks'] }, { required: ['change'] }],
  });

export const stepsPolicy = z
  .strictObject({
    type: z.literal('steps'),
    ...commonPolicyOptions,
    metric: metricSchema,
    steps: z.array(stepSchema).min(1).max(50).meta({ description: 'In any order.' }),
  })
  .meta({
    description: 'Step scaling: the highest answer of all steps that the metric has reached.',
  });
