/**
 * What AWS asks for, in us-east-1, in dollars for one of each unit, with the page and its date. Those of AWS's own pages are as `../shared/facts/aws.md`
 * quotes them; the others were read on the page that is named.
 *
 * Gotchas: a free tier is one for the whole account, so it is left out unless asked for, but for Step Functions' 4,000 transitions, which the arithmetic of
 * that file counts. A month has 30 days, as there.
 */

export const MONTH_SECONDS = 30 * 24 * 3600;

export interface Price {
  /** What is counted. */
  readonly unit: string;
  /** Of one unit; of those above the last `upTo` the last `dollars`. */
  readonly tiers: readonly { readonly upTo?: number; readonly dollars: number }[];
  /** Units a month that are free for ever, not for the first year only. */
  readonly free: number;
  readonly source: string;
}

const flat = (unit: string, dollars: number, source: string, free = 0): Price => ({
  unit,
  tiers: [{ dollars }],
  free,
  source,
});

/** AWS's own page, as of November 2026. */
const page = (path: string): string => `aws.amazon.com/${path}, 2026-11`;
const MILLION = 1e6;

export const prices = {
  standardTransition: {
    unit: 'transition of a Standard workflow',
    tiers: [{ upTo: 4000, dollars: 0 }, { dollars: 0.025 / 1000 }],
    free: 0,
    source: page('step-functions/pricing'),
  },
  expressRequest: flat('start of an Express workflow', 1 / MILLION, page('step-functions/pricing')),
  expressGbHour: {
    unit: 'GB-hour of an Express workflow',
    tiers: [{ upTo: 1000, dollars: 0.06 }, { upTo: 5000, dollars: 0.03 }, { dollars: 0.01642 }],
    free: 0,
    source: page('step-functions/pricing'),
  },
  lambdaRequest: flat('Lambda request', 0.2 / MILLION, page('lambda/pricing'), MILLION),
  lambdaGbSecond: flat('GB-second of Lambda, arm64', 0.0000133334, page('lambda/pricing'), 400_000),
  lambdaX86GbSecond: flat(
    'GB-second of Lambda, x86_64',
    0.0000166667,
    'cloudchipr.com/blog/aws-lambda-pricing, 2024, and unchanged',
    400_000,
  ),
  sqsRequest: flat('SQS request', 0.4 / MILLION, page('sqs/pricing'), MILLION),
  s3Put: flat('S3 PUT', 0.005 / 1000, page('s3/pricing')),
  s3Get: flat('S3 GET', 0.0004 / 1000, page('s3/pricing')),
  logGb: flat('GB of logs, ingested', 0.5, page('cloudwatch/pricing'), 5),
  logGbMonth: flat('GB-month of logs, stored', 0.03, page('cloudwatch/pricing')),
  metric: flat('custom metric', 0.3, page('cloudwatch/pricing'), 10),
  alarm: flat('alarm', 0.1, 'c3x.dev/resources/aws/aws_cloudwatch_metric_alarm, 2026-11', 10),
  highResolutionAlarm: flat(
    'high-resolution alarm',
    0.3,
    'c3x.dev/resources/aws/aws_cloudwatch_metric_alarm, 2026-11',
  ),
  metricRequest: flat('metric requested', 0.01 / 1000, page('cloudwatch/pricing')),
  snsPublish: flat('SNS publish', 0.5 / MILLION, 'factualminds.com amazon-sns-pricing, 2026-06', MILLION),
  schedule: flat('event of a scheduled rule', 0, 'factualminds.com amazon-eventbridge-pricing, 2026-06'),
  ecsRequest: flat(
    'call of the ECS API',
    0,
    'factualminds.com amazon-fargate, 2026-06: ECS has no fee of its own',
  ),
  documented: flat('dollar, as its authors say', 1, 'its README (../shared/facts/seeds.md, B)'),
  eksHour: flat('hour of an EKS control plane', 0.1, 'cloudburn.io amazon-eks-pricing, 2026-03'),
  podVcpuHour: flat('vCPU-hour of Fargate', 0.04048, 'factualminds.com amazon-fargate, 2026-06'),
  podGbHour: flat('GB-hour of Fargate', 0.004445, 'factualminds.com amazon-fargate, 2026-06'),
} satisfies Record<string, Price>;
export type PriceName = keyof typeof prices;
