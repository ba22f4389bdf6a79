/**
 * An alarm that a step policy is for. What it waits for is not waited for here: a scale-out is due at the next tick, and for a scale-in the highest answer
 * of as long a time is kept.
 */
import type { Ledger } from '../ledger.ts';
import type { Fields } from '../values.ts';
import { computedBy } from './metric-math.ts';
import { measuredBy, notAveraged, type Scene } from './metrics.ts';

export interface Alarm {
  /** `undefined`: it watches a count of the service itself. */
  readonly source: Fields | undefined;
  /** What is measured. @param of the name of the source with a dot behind it, or nothing */
  readonly metric: (of: string) => string;
  readonly threshold: number;
  /** Whether it is for values above the threshold. */
  readonly isAbove: boolean;
  /** How long the metric must be there, in seconds. */
  readonly seconds: number;
}

const COMPARISONS = [
  'GreaterThanThreshold',
  'GreaterThanOrEqualToThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
] as const;

const SECONDS_AT_ONCE =
  'There the alarm waits for so many periods. Here a scale-out follows at the next tick that shows it, and a scale-in keeps the highest answer of so long.';

const metricOf = (alarm: Ledger, scene: Scene) => {
  const metrics = alarm.each('Metrics');
  if (metrics.length > 0) {
    const computed = computedBy(metrics, scene);
    if (computed === undefined) return undefined;
    if (computed.sources.length > 1) {
      alarm.tell(
        'Metrics',
        'Arithmetic over several metrics has no equivalent in a step, and the policy is left out.',
      );
      return undefined;
    }
    return { source: computed.sources[0], metric: (of: string) => computed.metric([of]) };
  }
  const statistic = alarm.text('ExtendedStatistic') ?? alarm.text('Statistic');
  const { source, name } = measuredBy(alarm, statistic, alarm.whole('Period', 1), scene);
  if (name !== 'value') notAveraged(alarm, 'Statistic', 'ExtendedStatistic');
  return { source, metric: (of: string) => `${of}${name}` };
};

const tellOfAlarm = (alarm: Ledger): void => {
  alarm.ignore(
    'AlarmName',
    'AlarmDescription',
    'AlarmActions',
    'Tags',
    'AlarmArn',
    'AlarmConfigurationUpdatedTimestamp',
  );
  alarm.ignore(
    'StateValue',
    'StateReason',
    'StateReasonData',
    'StateUpdatedTimestamp',
    'StateTransitionedTimestamp',
  );
  const why: Readonly<Record<string, string>> = {
    Unit: 'No equivalent: a metric is read in whatever unit it was put in.',
    OKActions: 'No alarm is looked at here: what it does besides it must go on doing.',
    InsufficientDataActions: 'No alarm is looked at here: what it does besides it must go on doing.',
    ActionsEnabled: 'No alarm is looked at here: the policy holds whether it is enabled or not.',
    DatapointsToAlarm: SECONDS_AT_ONCE,
    TreatMissingData: 'What is missing is unknown here, and holds the count.',
  };
  for (const [key, sentence] of Object.entries(why)) {
    const value = alarm.peek(key);
    const isNothing = value === true || (Array.isArray(value) && value.length === 0);
    if (isNothing) alarm.ignore(key);
    else if (alarm.has(key)) alarm.tell(key, sentence);
  }
};

/** @returns undefined: it has no equivalent, or is wrong, which is told */
export const alarmIn = (read: Ledger, scene: Scene): Alarm | undefined => {
  const measured = metricOf(read, scene);
  const threshold = read.amount('Threshold', Number.NEGATIVE_INFINITY);
  const comparison = read.choice('ComparisonOperator', COMPARISONS);
  const seconds = (read.whole('Period', 1) ?? 60) * (read.whole('EvaluationPeriods', 1) ?? 1);
  tellOfAlarm(read);
  if (threshold === undefined) read.refuse('Threshold', 'required, what the metric is compared with');
  if (measured === undefined || comparison === undefined || threshold === undefined) return undefined;
  read.note('EvaluationPeriods', SECONDS_AT_ONCE);
  if (!comparison.includes('OrEqual'))
    read.note('ComparisonOperator', 'Here the threshold itself is in the range as well.');
  const isAbove = comparison.startsWith('Greater');
  // Of a queue it only says how long a scale-in must be calm.
  if (isAbove && measured.source?.['type'] === 'sqs') notAveraged(read, 'Period');
  return { ...measured, threshold, isAbove, seconds };
};
