/**
 * Target tracking: the count is multiplied by metric / target. AWS makes two alarms of it, above the target for three minutes and below 90 % of it for
 * fifteen. Here the count follows at the next tick, and inwards to the highest answer of fifteen minutes.
 */
import type { Ledger } from '../ledger.ts';
import { computedBy } from './metric-math.ts';
import { measuredBy, notAveraged, type Scene, targetGroupIn } from './metrics.ts';
import { type Rule, UNWRITTEN_COOLDOWN } from './rule.ts';

/** AWS scales in below 90 % of the target and out above all of it. */
const TOLERANCE = { out: 0, in: 0.1 } as const;
const CALM_SECONDS = 900;

const FASTER =
  'There the metric must be above the target for 3 minutes, or below 90 % of it for 15. Here the count follows at the next tick that shows it, and in to the highest answer of 15 minutes.';

const RESOURCES: Readonly<Record<string, string>> = {
  ECSServiceAverageCPUUtilization: 'CPUUtilization',
  ECSServiceAverageCPUUtilizationHighResolution: 'CPUUtilization',
  ECSServiceAverageMemoryUtilization: 'MemoryUtilization',
  ECSServiceAverageMemoryUtilizationHighResolution: 'MemoryUtilization',
};

type Measure = Pick<Rule, 'sources' | 'policy'>;

const predefined = (spec: Ledger, target: number, { cluster, service }: Scene): Measure | undefined => {
  const type = spec.text('PredefinedMetricType') ?? '';
  const policy = () => ({ type: 'value', metric: 'value', target, tolerance: { ...TOLERANCE } });
  if (type === 'ALBRequestCountPerTarget') {
    const dimensions = targetGroupIn(spec.text('ResourceLabel') ?? '');
    const metric = { namespace: 'AWS/ApplicationELB', metricName: 'RequestCountPerTarget' };
    return { sources: [{ type: 'cloudwatch', ...metric, dimensions, statistic: 'Sum' }], policy };
  }
  const metricName = Object.hasOwn(RESOURCES, type) ? RESOURCES[type] : undefined;
  if (metricName === undefined) {
    spec.tell('PredefinedMetricType', `"${type}" has no equivalent, and the policy is left out.`);
    return undefined;
  }
  if (type.endsWith('HighResolution'))
    spec.note('PredefinedMetricType', 'Read by the minute here; for finer data give the source period: 20s.');
  const dimensions = { ClusterName: cluster, ServiceName: service };
  return { sources: [{ type: 'cloudwatch', namespace: 'AWS/ECS', metricName, dimensions }], policy };
};

const DEPTH =
  'A whole queue by a target multiplies the count by it at every step. If so many messages are meant for each task, write policy: { type: target, backlogPerTask: … }.';

const customized = (spec: Ledger, target: number, scene: Scene): Measure | undefined => {
  if (spec.has('Unit')) spec.tell('Unit', 'No equivalent: a metric is read in whatever unit it was put in.');
  const metrics = spec.each('Metrics');
  if (metrics.length > 0) {
    const computed = computedBy(metrics, scene);
    if (computed === undefined) return undefined;
    const { sources, metric, backlog } = computed;
    if (backlog === undefined)
      return {
        sources,
        policy: (of) => ({ type: 'value', metric: metric(of), target, tolerance: { ...TOLERANCE } }),
      };
    return {
      sources,
      policy: () => ({
        type: 'target',
        backlogPerTask: target,
        ...(backlog === 'visible' ? { count: 'visible' } : {}),
        tolerance: { ...TOLERANCE },
      }),
    };
  }
  const { source, name } = measuredBy(spec, spec.text('Statistic'), undefined, scene);
  if (name !== 'value') {
    notAveraged(spec, 'Statistic');
    spec.note('MetricName', DEPTH);
  }
  return {
    sources: source === undefined ? [] : [source],
    policy: ([of = '']) => ({ type: 'value', metric: `${of}${name}`, target, tolerance: { ...TOLERANCE } }),
  };
};

/** @param read the configuration of the policy @returns undefined: it has no equivalent, which is told */
export const targetTracking = (read: Ledger, called: string, scene: Scene): Rule | undefined => {
  const target = read.amount('TargetValue');
  if (target === undefined || target === 0)
    read.refuse('TargetValue', 'expected a number above 0, what the metric should be');
  const cooldowns = {
    cooldownOut: read.amount('ScaleOutCooldown'),
    cooldownIn: read.amount('ScaleInCooldown'),
  };
  const noScaleIn = read.flag('DisableScaleIn') === true;
  const given: Measure | undefined = read.has('CustomizedMetricSpecification')
    ? customized(read.at('CustomizedMetricSpecification'), target ?? 1, scene)
    : predefined(read.at('PredefinedMetricSpecification'), target ?? 1, scene);
  if (given === undefined) return undefined;
  read.note('TargetValue', FASTER);
  if (cooldowns.cooldownOut === undefined) read.note('ScaleOutCooldown', UNWRITTEN_COOLDOWN);
  return { called, ...given, ...cooldowns, calm: CALM_SECONDS, noScaleIn };
};
