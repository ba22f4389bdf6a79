/** What every policy may be given besides its own options. */
import * as z from 'zod';
import { expressionOf } from '../expression.ts';

/** A word that an expression can hold. */
export const wordSchema = z
  .string()
  .regex(/^[A-Za-z_]\w{0,63}$/, 'expected a word of at most 64 letters, digits and "_"')
  // It becomes a key of what is remembered, where `constructor` would find something that nobody put there.
  .refine((word) => !(word in {}), "expected a word that is not every JavaScript object's own");

export const commonPolicyOptions = {
  name: wordSchema.optional().meta({
    description: 'What reasons and formulas call it. Unset: its type.',
  }),
  source: wordSchema.optional().meta({
    description: 'The name of the one source that it looks at. Unset: every source.',
  }),
} as const;

export const fraction = z.number().min(0).max(1);

/** Arithmetic over named numbers, or a plain number. */
export const expressionSchema = z
  .union([z.string(), z.number().transform(String)], { error: 'expected arithmetic like "visible / 10"' })
  .superRefine((text, { addIssue }) => {
    try {
      expressionOf(text);
    } catch (thrown) {
      addIssue({ code: 'custom', message: (thrown as SyntaxError).message });
    }
  });

/** How far from the target nothing happens yet. */
export const toleranceSchema = z
  .strictObject({
    out: fraction
      .default(0.1)
      .meta({ description: 'How far above the target nothing happens yet (0.1 = 10 %).' }),
    in: fraction
      .default(0.1)
      .meta({ description: 'How far below the target nothing happens yet (0.1 = 10 %).' }),
  })
  .prefault({});

export const countSchema = z
  .enum(['visible', 'visible+inFlight'])
  .default('visible+inFlight')
  .meta({ description: 'Which messages are the backlog.' });

const METRIC =
  'What is measured: arithmetic over the names of the readings (visible, inFlight, backlog, value, an alias, …) and counts.';

/** `backlog` is what the source is about: its messages, or its value where it is no queue. */
export const metricSchema = expressionSchema.prefault('backlog').meta({ description: METRIC });
export const requiredMetricSchema = expressionSchema.meta({ description: METRIC });
