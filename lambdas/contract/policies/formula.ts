import * as z from 'zod';
import { commonPolicyOptions, expressionSchema } from './common.ts';

export const formulaPolicy = z
  .strictObject({
    type: z.literal('formula'),
    ...commonPolicyOptions,
    tasks: expressionSchema.meta({
      description:
        'The count, rounded up: arithmetic over readings, counts (desired, running, pending, min, max) and the answers of the policies above it, by their names.',
    }),
  })
  .meta({ description: 'A rule of your own.' });
