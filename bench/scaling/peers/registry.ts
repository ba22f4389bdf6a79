/** Whoever ours is compared with. A new one costs its file, its test and a line here. */
import type { Peer } from '../peer.ts';
import { adapt } from './adapt.ts';
import { awsBacklogPerTask } from './aws-backlog-per-task.ts';
import { awsCpu, awsCpuHighResolution } from './aws-cpu.ts';
import { awsSteps } from './aws-steps.ts';
import { ecsAutoscale } from './ecs-autoscale.ts';
import { fargateFastAutoscaler } from './fargate-fast-autoscaler.ts';
import { fastAutoscaler } from './fast-autoscaler.ts';
import { hist } from './hist.ts';
import { keda } from './keda.ts';
import { knative } from './knative.ts';
import { react } from './react.ts';
import { reg } from './reg.ts';
import { serverlessEcsScaler } from './serverless-ecs-scaler.ts';

export const peers: readonly Peer[] = [
  awsCpu,
  awsCpuHighResolution,
  awsBacklogPerTask,
  awsSteps,
  fastAutoscaler,
  serverlessEcsScaler,
  fargateFastAutoscaler,
  ecsAutoscale,
  keda,
  knative,
  react,
  reg,
  hist,
  adapt,
];
