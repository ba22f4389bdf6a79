/** Every source that is measured. */
import type { SourceCase } from './case.ts';
import { http } from './http.ts';
import { rabbitmqAmqp, rabbitmqManagement } from './rabbitmq.ts';
import { redis } from './redis.ts';
import { sqs } from './sqs.ts';

export const cases: readonly SourceCase[] = [http, rabbitmqAmqp, rabbitmqManagement, redis, sqs];
