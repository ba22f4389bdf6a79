/** fast-autoscaler's configuration, over the three settings that it cannot do without. */
import { anySource, type Config } from '../../lambdas/contract/config.ts';
import { fromEnvironment, fromPayload } from '../../lambdas/contract/dialects/fast-autoscaler.ts';
import { parseConfig } from '../../lambdas/contract/parse.ts';

type Variables = Readonly<Record<string, string>>;

export const QUEUE = 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders';
export const required: Variables = { ECS_CLUSTER: 'shop', SERVICE_NAME: 'orders', SQS_QUEUE_URL: QUEUE };

export const byEnvironment = (env: Variables): Config =>
  parseConfig(fromEnvironment({ ...required, ...env }), anySource);

export const byPayload = (payload: Readonly<Record<string, unknown>>, env: Variables = {}): Config =>
  parseConfig(fromPayload({ config: payload }, { ...required, ...env }), anySource);
