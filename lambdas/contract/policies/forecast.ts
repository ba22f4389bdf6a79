import * as z from 'zod';
import { duration } from '../duration.ts';
import { commonPolicyOptions, fraction } from './common.ts';

export const forecastPolicy = z
  .strictObject({
    type: z.literal('forecast'),
    ...commonPolicyOptions,
    method: z
      .enum(['seasonal', 'smoothing'])
      .default('seasonal')
      .meta({ description: 'seasonal: what was needed a season ago. smoothing: level and trend of late.' }),
    season: duration({ min: 60, max: 7 * 86_400 })
      .prefault('24h')
      .meta({ description: 'After how long the load repeats itself.' }),
    horizon: duration({ min: 1, max: 3600 })
      .prefault('60s')
      .meta({ description: 'How far ahead: what a task needs to start.' }),
    maxError: fraction
      .default(0.3)
      .meta({ description: 'Used only while the recent error, as a share of the need, is at most this.' }),
  })
  .meta({
    description: 'A floor under the other policies: what they are about to ask for. Never scales in.',
  });
