/** What the guards are given in a configuration. The guards themselves are in `lambdas/decide/guards/`. */
import * as z from 'zod';
import { cronProblem, isTimeZone } from './cron.ts';
import { duration } from './duration.ts';

const window = (what: string) => duration({ max: 3600 }).prefault('0s').meta({ description: what });

export const stabilizationSchema = z
  .strictObject({
    out: window('Scale out to the lowest answer of this long.'),
    in: window('Scale in to the highest answer of this long.'),
  })
  .meta({ description: 'Stabilization windows, as of the HPA v2. Unset: none.' });

const limitSchema = z
  .strictObject({
    tasks: z.int().positive().optional().meta({ description: 'So many tasks.' }),
    percent: z
      .int()
      .positive()
      .optional()
      .meta({ description: 'So many per cent, whole ones. From 0 tasks the first one.' }),
    per: duration({ min: 1, max: 1800 }).meta({ description: 'In this long, 1s to 30m.' }),
  })
  .refine(({ tasks, percent }) => (tasks === undefined) !== (percent === undefined), {
    error: 'give a limit either tasks or percent',
    when: ({ value }) => typeof value === 'object' && value !== null,
  })
  .meta({ oneOf: [{ required: ['tasks'] }, { required: ['percent'] }] });

const selectSchema = z.enum(['max', 'min', 'disabled']);

export const limitsSchema = z
  .strictObject({
    out: z.array(limitSchema).max(4).optional().meta({ description: 'Limits of scale-out.' }),
    in: z.array(limitSchema).max(4).optional().meta({ description: 'Limits of scale-in.' }),
    select: z
      .union([selectSchema, z.strictObject({ out: selectSchema.optional(), in: selectSchema.optional() })])
      .optional()
      .meta({
        description:
          'Of several limits the one that allows most (max, the default) or least (min); disabled: no such change at all. One for both directions, or { out, in }.',
      }),
  })
  .meta({ description: 'How fast the count may change, as of the HPA v2. Unset: at once.' });

export const fallbackSchema = z
  .strictObject({
    after: duration()
      .prefault('60s')
      .meta({ description: 'How long nothing could be seen before it is used.' }),
    tasks: z
      .union([z.int().nonnegative(), z.literal('hold'), z.strictObject({ atLeast: z.int().nonnegative() })], {
        error: 'expected a whole number, "hold" or { atLeast: a whole number }',
      })
      .default('hold')
      .meta({
        description:
          'hold, or at least so many tasks, as a number or as { atLeast }. Neither ever lowers a count.',
      }),
  })
  .meta({ description: 'What to do when a reading stays unknown. Unset: hold.' });

export const pauseSchema = z
  .union([z.enum(['in', 'out', 'all']), z.strictObject({ at: z.int().nonnegative() })], {
    error: 'expected in, out, all or { at: a whole number }',
  })
  .meta({ description: 'No scale-in, no scale-out, no change at all, or a fixed count.' });

export const deploymentSchema = z.enum(['out', 'hold', 'any']).meta({
  description: 'While a deployment runs: scale out only (the default), hold, or anything.',
});

const cron = z.string().superRefine((line, { addIssue }) => {
  const message = cronProblem(line);
  if (message !== undefined) addIssue({ code: 'custom', message });
});

/** However it is written: cron takes any spaces, and names in small letters. */
const written = (line: string): string => line.trim().replace(/\s+/g, ' ').toUpperCase();

const scheduleWindowSchema = z
  .strictObject({
    start: cron.meta({
      description: 'When the window opens: cron, minute hour day month weekday, "0 8 * * MON-FRI".',
    }),
    end: cron.meta({ description: 'When it closes, in the same way.' }),
    timezone: z
      .string()
      .refine(isTimeZone, 'expected an IANA time zone like "Europe/Berlin" or "UTC"')
      .default('UTC')
      .meta({ description: 'The IANA time zone of both, "Europe/Berlin".' }),
    min: z.int().nonnegative().optional().meta({ description: 'At least so many tasks while it is open.' }),
    max: z.int().nonnegative().optional().meta({ description: 'At most so many tasks while it is open.' }),
  })
  .refine(({ min, max }) => min !== undefined || max !== undefined, {
    error: 'give a window min, max or both',
    when: ({ value }) => typeof value === 'object' && value !== null,
  })
  .superRefine(({ start, end, min = 0, max = min }, { addIssue }) => {
    if (min > max)
      addIssue({ code: 'custom', path: ['min'], message: `min ${min} must not be above max ${max}` });
    if (written(start) === written(end)) {
      const message =
        'the window would close when it opens; write another time, or use tasks for what always holds';
      addIssue({ code: 'custom', path: ['end'], message });
    }
  })
  .meta({ anyOf: [{ required: ['min'] }, { required: ['max'] }] });
export type ScheduleWindow = z.infer<typeof scheduleWindowSchema>;

export const scheduleSchema = z.array(scheduleWindowSchema).min(1).max(20).meta({
  description:
    'Windows of time that raise the least or cap the most tasks. Of several open ones the highest min and the lowest max count, and min wins over max.',
});

export const emptyForSchema = duration({ max: 3600 }).meta({
  description:
    'How long nothing must have waited, been delayed or been in flight, or the value have been 0, before the last task goes. Unset: what the source needs to settle, 60s for SQS.',
});
