/**
 * AWS target tracking on the backlog per task, which AWS recommends for queues: visible messages ÷ running tasks, by metric math over the SQS
 * metric and Container Insights' RunningTaskCount. The target is the acceptable backlog: acceptable latency ÷ processing time; AWS's
 * example: 10 s ÷ 0.1 s = 100 messages a task; with 1,500 messages and 10 tasks it adds 5.
 *
 * Gotchas that are kept: what is in flight does not count, so a service that keeps up has a backlog of 0 and is taken in to its minimum
 * after 15 minutes, busy or not; with no task running the metric divides by 0 and there is no data, so from 0 it never starts.
 */
import type { Peer } from '../peer.ts';
import { DELAY, type Points } from './aws/alarm.ts';
import { applicationAutoScaling } from './aws/application-auto-scaling.ts';
import { targetTracking } from './aws/target-tracking.ts';

const PERIOD = 60;

const backlogPerTask: Points = (view, nth) => {
  const running = view.average('running', PERIOD, DELAY.queue, nth);
  const visible = view.average('visible', PERIOD, DELAY.queue, nth);
  return running === undefined || visible === undefined || running === 0 ? undefined : visible / running;
};

const cooldowns = { outCooldown: 300, inCooldown: 300 };

export const awsBacklogPerTask: Peer = {
  name: 'AWS target tracking, backlog per task',
  rule: 'visible ÷ running against wait target ÷ seconds of work: out after 3 min above, in after 15 min below, cooldowns 300 s',
  source:
    'docs.aws.amazon.com/autoscaling/ec2/userguide/as-using-sqs-queue.html, application/userguide/application-auto-scaling-target-tracking-metric-math.html',
  defaults: ({ target, meanWork }) => ({ backlog: target / meanWork, ...cooldowns }),
  grid: ({ target, meanWork }) => ({
    backlog: [0.02, 0.1, 0.25, 0.5, 1].map((share) => (share * target) / meanWork),
    outCooldown: [0, 60, 300],
    inCooldown: [60, 300],
  }),
  create: (parameters, { target, meanWork, tasks }) => {
    const { backlog, outCooldown, inCooldown } = { backlog: target / meanWork, ...cooldowns, ...parameters };
    const cooldown = { out: outCooldown, in: inCooldown };
    const tracking = {
      target: backlog,
      points: backlogPerTask,
      period: PERIOD,
      delay: DELAY.queue,
      cooldown,
    };
    return applicationAutoScaling([targetTracking(tracking)], tasks);
  },
};
