/** Every dialect that can be read besides our own. A new one costs its file, its test and one line here. */
import { applicationAutoScaling } from './application-auto-scaling.ts';
import type { Dialect } from './dialect.ts';
import { ecsAutoscale } from './ecs-autoscale.ts';
import { fargateFastAutoscaler } from './fargate-fast-autoscaler.ts';
import { fastAutoscaler } from './fast-autoscaler-dialect.ts';
import { keda } from './keda.ts';
import { serverlessEcsScaler } from './serverless-ecs-scaler.ts';

/** The first that recognises a file has it. */
export const dialects: readonly Dialect[] = [
  ecsAutoscale,
  fargateFastAutoscaler,
  serverlessEcsScaler,
  fastAutoscaler,
  keda,
  applicationAutoScaling,
];
