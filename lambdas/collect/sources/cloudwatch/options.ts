/** What every source has that reads one CloudWatch metric, and what an empty answer of it means. */
import * as z from 'zod';
import { duration } from '../../../contract/duration.ts';
import type { UnknownReading } from '../../../contract/records.ts';

/** What CloudWatch takes as a period below a minute. */
const HIGH_RESOLUTION = [1, 5, 10, 20, 30];

/** How long after its end a minute of AWS's own metrics is there, as a rule. */
const USUAL_DELAY_SECONDS = 60;

export const metricOptions = {
  period: duration({ min: 1, max: 86_400 })
    .refine(
      (seconds) => HIGH_RESOLUTION.includes(seconds) || seconds % 60 === 0,
      'expected a period that CloudWatch knows: 1s, 5s, 10s, 20s, 30s or whole minutes',
    )
    .prefault('60s')
    .meta({
      description:
        'Length of what one value is made of: whole minutes; 1s, 5s, 10s, 20s or 30s for a metric of high resolution. The metric is asked for once a period.',
    }),
  delay: duration({ min: 0, max: 3600 }).optional().meta({
    description:
      'How long after its end a period is looked at, since its data come late. Default: the period, at most 60s.',
  }),
  emptyIs: z.literal(0).optional().meta({
    description:
      '0: a period without data counts as 0. Default: it is unknown, because a wrong name looks the same.',
  }),
  region: z.string().optional().meta({ description: "Region of the metric. Default: the function's." }),
} as const;

interface Timing {
  readonly period: number;
  readonly delay?: number | undefined;
}

/** The part of a metric that these options say. */
export const timingOf = ({ period, delay = Math.min(period, USUAL_DELAY_SECONDS) }: Timing) => ({
  periodSeconds: period,
  delaySeconds: delay,
});

/** @param check what the operator may have got wrong */
export const empty = (name: string, check: string): UnknownReading => ({
  known: false,
  why: `CloudWatch has no data point of ${name} for the last period: check ${check} and region; if nothing reported means zero, write emptyIs: 0`,
  error: 'NoDataPoint',
});

export const EMPTY_IS_ZERO = 'CloudWatch has no data point for the last period, and emptyIs makes that 0';
