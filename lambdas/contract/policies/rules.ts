import * as z from 'zod';
import { commonPolicyOptions, requiredMetricSchema } from './common.ts';

const bound = (what: string) =>
  z
    .number()
    .nullish()
    .transform((given) => given ?? undefined)
    .meta({ description: `The event holds ${what} this value, which is included. Unset or null: open.` });

const eventSchema = z
  .strictObject({
    metric: requiredMetricSchema,
    action: z.int().meta({ description: 'Tasks to add, or below 0 to remove.' }),
    min: bound('from'),
    max: bound('up to'),
  })
  .refine(({ min, max }) => min === undefined || max === undefined || min <= max, {
    path: ['min'],
    error: 'min must not be above max',
  });

export const rulesPolicy = z
  .strictObject({
    type: z.literal('rules'),
    ...commonPolicyOptions,
    events: z
      .array(eventSchema)
      .min(1)
      .max(50)
      .meta({ description: 'The first that holds changes the count.' }),
  })
  .meta({
    description: "ecs-autoscale's rule: the first event whose metric lies in its range adds its action.",
  });
