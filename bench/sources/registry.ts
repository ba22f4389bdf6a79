/** Every source that is measured. */

import { activemqJolokia, activemqStatistics } from './activemq.ts';
import type { SourceCase } from './case.ts';
import { cloudwatch } from './cloudwatch.ts';
import { http } from './http.ts';
import { kafka } from './kafka.ts';
import { kinesis } from './kinesis.ts';
import { nginx } from './nginx.ts';
import { rabbitmqAmqp, rabbitmqManagement } from './rabbitmq.ts';
import { redis } from './redis.ts';
import { sqs } from './sqs.ts';

export const cases: readonly SourceCase[] = [
  activemqStatistics,
  activemqJolokia,
  cloudwatch,
  http,
  kafka,
  kinesis,
  nginx,
  rabbitmqAmqp,
  rabbitmqManagement,
  redis,
  sqs,
];
