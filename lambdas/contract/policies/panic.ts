import * as z from 'zod';
import { duration } from '../duration.ts';
import { commonPolicyOptions, countSchema } from './common.ts';

const share = (usual: number, least: number, most: number) => {
  const error = `expected a share from ${least} to ${most}, or per cent like "${usual * 100}%"`;
  return z
    .union([z.number(), z.string().regex(/^\d+(\.\d+)?%$/)], { error })
    .transform((given) => (typeof given === 'number' ? given : Number.parseFloat(given) / 100))
    .refine((ratio) => ratio >= least && ratio <= most, { error })
    .prefault(usual);
};

export const panicPolicy = z
  .strictObject({
    type: z.literal('panic'),
    ...commonPolicyOptions,
    target: z.number().positive().meta({
      description:
        'Messages (or the value) that one task should have, on average: 70 % of those that it works on at once, for one.',
    }),
    count: countSchema,
    stableWindow: duration({ min: 6, max: 3600 })
      .prefault('60s')
      .meta({ description: 'The average over this long is what is scaled on.' }),
    panicWindow: share(0.1, 0.01, 1).meta({
      description: 'The share of the stable window, in whole seconds, whose average starts a panic.',
    }),
    average: z.enum(['plain', 'weighted']).default('plain').meta({
      description: 'weighted: what came later counts for more, as Knative offers it.',
    }),
    panicThreshold: share(2, 1.1, 10).meta({
      description: 'Panic from this many times what the running tasks are for.',
    }),
    maxScaleUpRate: z
      .number()
      .gt(1)
      .default(1000)
      .meta({ description: 'At most so many times the running tasks in one step.' }),
    maxScaleDownRate: z
      .number()
      .gt(1)
      .default(2)
      .meta({ description: 'At least the running tasks divided by this in one step.' }),
    scaleInDelay: duration({ max: 3600 })
      .prefault('0s')
      .meta({ description: 'The highest answer of this long ago until now is given.' }),
  })
  .meta({
    description: "Knative's pod autoscaler: a slow average, and a quick one that takes over in a burst.",
  });
