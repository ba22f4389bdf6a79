/**
 * AWS target tracking on CPU, what most ECS services have: with the 60 s metrics that ECS has always had, and with the 20 s ones of
 * June 2026. A task that works on a message counts as 100 % busy, one that waits as idle.
 *
 * There is no default target: 75 % is the one of AWS's own example for ECS (put-scaling-policy in the CLI's reference and the Application
 * Auto Scaling user guide; that example shortens the cooldowns to 60 s, which a sweep may do too). Cooldowns: 300 s by default, both.
 * From a load that comes at once to the scale-out: 365 s and 85 s here, 363 s and 86 s in AWS's test (see aws/alarm.ts); from its end to the
 * scale-in: 17 and 10 minutes.
 *
 * Gotcha that is kept: CPU says nothing above 100 %, so one scale-out adds a third at most, and the next full one comes a cooldown later.
 */
import type { Parameters, Peer } from '../peer.ts';
import { DELAY } from './aws/alarm.ts';
import { applicationAutoScaling } from './aws/application-auto-scaling.ts';
import { targetTracking, utilization } from './aws/target-tracking.ts';

interface Resolution {
  readonly period: number;
  /** Of its data points; a parameter, since it is the one number that was fitted. A multiple of 10. */
  readonly delay: number;
  readonly inPoints: number;
}

const documented = ({ delay }: Resolution) => ({ target: 75, outCooldown: 300, inCooldown: 300, delay });

const onCpu = (name: string, rule: string, resolution: Resolution): Peer => ({
  name,
  rule,
  source:
    'docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html, AmazonECS target-tracking-faster-auto-scaling.html; aws/containers-roadmap#1208, #2113',
  defaults: () => documented(resolution),
  grid: () => ({ target: [30, 50, 60, 75, 90], outCooldown: [0, 60, 300], inCooldown: [60, 300] }),
  create: (parameters: Parameters, { tasks }) => {
    const { target, outCooldown, inCooldown, delay } = { ...documented(resolution), ...parameters };
    const points = utilization(resolution.period, delay);
    const cooldown = { out: outCooldown, in: inCooldown };
    return applicationAutoScaling(
      [targetTracking({ ...resolution, target, points, cooldown, delay })],
      tasks,
    );
  },
});

export const awsCpu = onCpu(
  'AWS target tracking, CPU 60 s',
  'CPU 75 %: out after 3 min above, in after 15 min below 67.5 %, cooldowns 300 s',
  { period: 60, delay: DELAY.cpu, inPoints: 15 },
);

export const awsCpuHighResolution = onCpu(
  'AWS target tracking, CPU 20 s',
  'CPU 75 % in 20 s metrics: out after 1 min above, in after 10 min below 67.5 %, cooldowns 300 s',
  { period: 20, delay: DELAY.cpuHighResolution, inPoints: 30 },
);
