/** What a configuration says of the loop itself. In a file of its own: decide, which is to be small, has no use for it. */
import * as z from 'zod';
import { duration } from './duration.ts';

/** What a lane may be called: the name is part of an S3 key. */
export const laneName = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, "-" or "_"');

export const loopSchema = z
  .strictObject({
    name: laneName
      .default('default')
      .meta({ description: 'The lane: one chain of executions under one lease.' }),
    interval: duration({ min: 1, max: 60 })
      .refine(Number.isInteger, 'expected whole seconds: a Step Functions Wait knows no less')
      .prefault('5s')
      .meta({ description: 'From tick to tick, 1s to 60s.' }),
    // At most 60 s: with every room at its time limit that still ends before the five minutes of an Express execution.
    executionLength: duration({ min: 1, max: 60 })
      .prefault('60s')
      .meta({ description: 'How long one execution ticks before it hands over to the next, 1s to 60s.' }),
    previousState: z.string().optional().meta({
      description: 'A bucket with the state of fast-autoscaler, read once so that its cooldowns go on.',
    }),
  })
  .meta({ description: 'How the loop runs.' });
