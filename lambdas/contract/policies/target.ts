import * as z from 'zod';
import { commonPolicyOptions, countSchema, toleranceSchema } from './common.ts';

export const targetPolicy = z
  .strictObject({
    type: z.literal('target'),
    ...commonPolicyOptions,
    backlogPerTask: z
      .number()
      .positive()
      .meta({ description: 'Messages that one task should have waiting for it.' }),
    count: countSchema,
    tolerance: toleranceSchema,
  })
  .meta({ description: 'ceil(backlog / backlogPerTask), as an average-value target of the Kubernetes HPA.' });
