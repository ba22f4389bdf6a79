import * as z from 'zod';
import { duration } from '../duration.ts';
import { commonPolicyOptions } from './common.ts';

export const presencePolicy = z
  .strictObject({
    type: z.literal('presence'),
    ...commonPolicyOptions,
    tasks: z.int().positive().default(1).meta({ description: 'The count while there is work.' }),
    emptyFor: duration()
      .prefault('2m')
      .meta({ description: 'How long nothing must have waited or been in flight before 0 tasks.' }),
  })
  .meta({ description: "Serverless ECS Scaler's rule: tasks while there is work, none when it has ended." });
