import * as z from 'zod';
import { duration } from '../duration.ts';
import { commonPolicyOptions } from './common.ts';

export const queueDelayPolicy = z
  .strictObject({
    type: z.literal('queueDelay'),
    ...commonPolicyOptions,
    target: duration({ min: 1 })
      .prefault('30s')
      .meta({ description: 'The longest that a new message should wait.' }),
    secondsPerMessage: z.number().positive().optional().meta({
      description:
        'How long one task works on one message, divided by how many it works on at once. Unset: learned.',
    }),
    startDelay: duration({ max: 3600 })
      .optional()
      .meta({ description: 'From asking for a task until it works. Unset: learned.' }),
    headroom: z
      .number()
      .nonnegative()
      .default(0.3)
      .meta({ description: 'Spare tasks, in square roots of the tasks that the load keeps busy.' }),
    release: duration({ max: 3600 }).optional().meta({
      description:
        'Scale in to the largest answer of this long. Unset: as long as a task takes to start, 30s to 2m.',
    }),
  })
  .meta({ description: 'The fewest tasks that keep the wait of a new message under the target.' });
