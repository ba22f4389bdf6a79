/**
 * AWS step scaling as the CDK's QueueProcessingFargateService sets it up: from the most visible messages of the last 5 minutes +1 task at 100,
 * +5 at 500, −1 at none; and target tracking on CPU at 50 % beside it. Application Auto Scaling takes the larger of both.
 *
 * The alarms have one period of 300 s, which slides: CloudWatch evaluates it every minute (AWS::CloudWatch::Alarm EvaluationWindow). So it
 * goes out within 1 to 2 minutes, but by one task in a cooldown of 300 s (five of them when the backlog grows on); and in after 6.
 *
 * Gotchas that are kept: messages in flight do not count, so a service that keeps up is taken in although it works (aws-cdk#9242), and both
 * policies pull at it in turn (aws-cdk#20706). Left out: its own maximum of 2 tasks; the setting's holds.
 */
import type { View } from '../../../local/simulation/controller.ts';
import type { Peer } from '../peer.ts';
import { DELAY } from './aws/alarm.ts';
import { applicationAutoScaling, type Policy, type Proposal } from './aws/application-auto-scaling.ts';
import { targetTracking, utilization } from './aws/target-tracking.ts';

const MINUTE = 60;
const MINUTES = 5;

const documented = {
  ...{ someFrom: 100, addSome: 1, manyFrom: 500, addMany: 5, remove: 1 },
  ...{ cooldown: 300, cpuTarget: 50, cpu: 1 },
};

/** Of the data points that there are; undefined: none. */
const mostVisible = (view: View): number | undefined => {
  let most: number | undefined;
  for (let nth = 0; nth < MINUTES; nth += 1) {
    const visible = view.average('visible', MINUTE, DELAY.queue, nth);
    if (visible !== undefined) most = Math.max(most ?? 0, visible);
  }
  return most;
};

type Options = typeof documented;

const cooldownOf = ({ cooldown }: Options): Policy['cooldown'] => ({ out: cooldown, in: cooldown });

const steps = (options: Options): Policy => {
  const propose = (view: View): Proposal | undefined => {
    const most = mostVisible(view);
    if (most === undefined) return undefined;
    if (most <= 0) return { direction: 'in', count: view.running - options.remove };
    if (most < options.someFrom) return undefined;
    const added = most < options.manyFrom ? options.addSome : options.addMany;
    return { direction: 'out', count: view.running + added };
  };
  return { period: MINUTE, delay: DELAY.queue, propose, cooldown: cooldownOf(options) };
};

/** Its cooldown is not the steps' to shorten: the construct gives it none, so Application Auto Scaling's 300 s hold. */
const onCpu = ({ cpuTarget }: Options): Policy =>
  targetTracking({
    ...{ target: cpuTarget, points: utilization(MINUTE, DELAY.cpu), period: MINUTE, delay: DELAY.cpu },
    cooldown: { out: 300, in: 300 },
  });

export const awsSteps: Peer = {
  name: 'AWS step scaling',
  rule: 'most visible in 5 min: none −1, ≥ 100 +1, ≥ 500 +5 in 300 s; beside target tracking on CPU at 50 %',
  source:
    'aws/aws-cdk packages/aws-cdk-lib/aws-ecs-patterns/lib/base/queue-processing-service-base.ts (2.276), aws-applicationautoscaling/lib/step-scaling-policy.ts',
  defaults: () => documented,
  grid: () => ({
    ...{ someFrom: [1, 10, 100], addSome: [1, 5], addMany: [5, 20], cooldown: [60, 300] },
    cpu: [0, 1],
  }),
  create: (parameters, { tasks }) => {
    const options = { ...documented, ...parameters };
    return applicationAutoScaling(
      options.cpu === 1 ? [steps(options), onCpu(options)] : [steps(options)],
      tasks,
    );
  },
};
