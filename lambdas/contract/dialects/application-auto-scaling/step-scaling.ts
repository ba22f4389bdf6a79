/**
 * Step scaling: an alarm, and by how far its metric is beyond the threshold another adjustment. All step policies of a service become one rule
 * (`rules`; `steps` where counts are set): two that answer apart could never scale in, because the higher answer wins, and the one for scale-out
 * says the present count when it has nothing to add.
 */
import type { Ledger } from '../ledger.ts';
import type { Fields } from '../values.ts';
import { type Alarm, alarmIn } from './alarm.ts';
import type { Policy } from './gather.ts';
import type { Scene } from './metrics.ts';
import { type Rule, UNWRITTEN_COOLDOWN } from './rule.ts';

/** One adjustment and the range of the metric that it is for. */
interface Step {
  readonly source: Fields | undefined;
  readonly metric: (of: string) => string;
  readonly least: number | undefined;
  readonly most: number | undefined;
  readonly amount: number;
  readonly isExact: boolean;
  readonly isAbove: boolean;
}

const ADJUSTMENTS = ['ChangeInCapacity', 'PercentChangeInCapacity', 'ExactCapacity'] as const;

const BEYOND =
  'On that side of the threshold the alarm is silent: the range ends at the threshold, there as well.';

const EXACT =
  'There nothing happens outside of the steps; here a count above that of the lowest step goes down to it.';

const PERCENT =
  'No equivalent: a step here changes the count by tasks, so each percentage became the least change that it makes. queueDelay or target need no steps.';

const stepsOf = (config: Ledger, { threshold, isAbove, source, metric }: Alarm): readonly Step[] => {
  const kind = config.choice('AdjustmentType', ADJUSTMENTS) ?? 'ChangeInCapacity';
  const magnitude = config.whole('MinAdjustmentMagnitude', 1);
  if (kind === 'PercentChangeInCapacity') config.note('AdjustmentType', PERCENT);
  else if (magnitude !== undefined)
    config.note('MinAdjustmentMagnitude', 'Only a percentage has a least change, there as well.');
  if (kind === 'ExactCapacity') config.note('StepAdjustments', EXACT);
  return config.each('StepAdjustments').map((each): Step => {
    const given = each.amount('ScalingAdjustment', Number.NEGATIVE_INFINITY) ?? 0;
    const bound = (key: string): number | undefined => {
      const by = each.amount(key, Number.NEGATIVE_INFINITY);
      return by === undefined ? undefined : threshold + by;
    };
    const [least, most] = [bound('MetricIntervalLowerBound'), bound('MetricIntervalUpperBound')];
    if (isAbove ? (least ?? threshold) < threshold : (most ?? threshold) > threshold)
      each.note(isAbove ? 'MetricIntervalLowerBound' : 'MetricIntervalUpperBound', BEYOND);
    const isPercent = kind === 'PercentChangeInCapacity';
    if (isPercent) each.note('ScalingAdjustment', PERCENT);
    return {
      source,
      metric,
      isAbove,
      least: isAbove ? Math.max(least ?? threshold, threshold) : least,
      most: isAbove ? most : Math.min(most ?? threshold, threshold),
      amount: isPercent ? Math.sign(given) * (magnitude ?? 1) : given,
      isExact: kind === 'ExactCapacity',
    };
  });
};

const given = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** Out before in, and the furthest from the threshold first: at a bound that two ranges have, the further one holds. */
const inOrder = (one: Step, other: Step): number => {
  if (one.isAbove !== other.isAbove) return one.isAbove ? -1 : 1;
  return one.isAbove ? (other.least ?? 0) - (one.least ?? 0) : (one.most ?? 0) - (other.most ?? 0);
};

const MOST = 50;

const WAITS =
  'No alarm in this file names it, so there is no metric for its steps, and it is left out: put the alarm into the file too (a template, or MetricAlarms of aws cloudwatch describe-alarms).';

/** @returns undefined: there are none, or none with an equivalent */
export const stepScaling = (policies: readonly Policy[], scene: Scene): Rule | undefined => {
  const found = policies.flatMap(({ read, alarms }) => {
    const config = read.at('StepScalingPolicyConfiguration');
    if (alarms.length === 0) {
      read.tell('StepScalingPolicyConfiguration', WAITS);
      return [];
    }
    if (config.has('MetricAggregationType'))
      config.tell('MetricAggregationType', 'Not needed: the metric is not gathered over several periods.');
    const cooldown = config.amount('Cooldown');
    if (cooldown === undefined) config.note('Cooldown', UNWRITTEN_COOLDOWN);
    return alarms.flatMap((alarm) => {
      const some = alarmIn(alarm, scene);
      if (some === undefined) return [];
      return [{ steps: stepsOf(config, some), calm: some.isAbove ? 0 : some.seconds, cooldown, config }];
    });
  });
  const steps = found
    .flatMap((each) => each.steps)
    .sort(inOrder)
    .slice(0, MOST);
  if (steps.length === 0) return undefined;
  const sources = [
    ...new Map(
      steps.flatMap(({ source }) =>
        source === undefined ? [] : [[JSON.stringify(source), source] as const],
      ),
    ).values(),
  ];
  const metricOfStep = (step: Step, of: readonly string[]): string => {
    const nth = sources.findIndex((each) => JSON.stringify(each) === JSON.stringify(step.source));
    return step.metric(of[nth] ?? '');
  };
  const isExact = steps.every((step) => step.isExact) && sources.length === 1;
  if (!isExact && steps.some((step) => step.isExact))
    for (const { config } of found)
      if (config.text('AdjustmentType') === 'ExactCapacity')
        config.note(
          'AdjustmentType',
          'Set counts beside changes, or of several metrics, have no equivalent: these steps are left out.',
        );
  const changes = steps.filter((step) => !step.isExact);
  if (!isExact && changes.length === 0) return undefined;
  const cooldownOf = (isOut: boolean): number | undefined => {
    const all = found
      .filter((each) => each.steps.some((step) => step.isAbove === isOut))
      .flatMap(({ cooldown }) => cooldown ?? []);
    return all.length === 0 ? undefined : isOut ? Math.min(...all) : Math.max(...all);
  };
  return {
    called: 'adjustments',
    sources,
    policy: (of) =>
      isExact
        ? {
            type: 'steps',
            metric: metricOfStep(steps[0] as Step, of),
            steps: steps.map(({ least = 0, amount }) => ({ atLeast: least, tasks: amount })),
          }
        : {
            type: 'rules',
            events: changes.map((step) =>
              given({
                metric: metricOfStep(step, of),
                action: step.amount,
                min: step.least,
                max: step.most,
              }),
            ),
          },
    cooldownOut: cooldownOf(true),
    cooldownIn: cooldownOf(false),
    calm: Math.max(0, ...found.map(({ calm }) => calm)),
    noScaleIn: false,
  };
};
