/**
 * CloudWatch metrics for every source that needs one: `metricsIn(region)` in its `connect`, `read` in its `read`.
 *
 * GetMetricData costs 0.01 USD for a thousand metrics, which at every tick of 5 s would be 5 USD a month for each. So a metric
 * is asked for once a period: its answer, an empty one too, is kept until the next period is over. Time is the tick's, not the
 * clock's. A failure is not kept: the next tick asks again. What is asked in one turn goes into one call (batch.ts), and who
 * asks the same shares the answer.
 *
 * Gotchas: a period is known only when it is over and its data have arrived, for AWS's own metrics a minute or two later; that
 * is what `delaySeconds` is for. A period in which nothing was reported has no data point, which is not a data point of 0. A
 * reader that gives up leaves the call to the others; when all have, it is ended.
 */
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { explain, statusOf } from '../../../contract/aws-errors.ts';
import { messageOf, nameOf } from '../../../contract/errors.ts';
import type { Permission, ReadContext, Trouble } from '../../../contract/source.ts';
import { type Answer, type Ask, batcher, METRIC_ERROR, type Metric, type Point } from './batch.ts';

export type { Metric, Point } from './batch.ts';

/** The tick that asks. */
type Asking = Pick<ReadContext, 'at' | 'signal'>;

export interface Metrics {
  /**
   * The last whole period that ended `delaySeconds` before the tick or earlier; `undefined`: it has no data point.
   *
   * @throws what {@link metricTrouble} explains
   */
  readonly read: (metric: Metric, context: Asking) => Promise<Point | undefined>;
  /** The data points that there are in the last so many such periods, the newest first. */
  readonly readLast: (metric: Metric, periods: number, context: Asking) => Promise<readonly Point[]>;
  /** To be called once by whoever called `metricsIn`. The client ends with the last of them. */
  readonly close: () => void;
}

/** What every source that reads a metric needs. */
export const metricPermission: Permission = {
  actions: ['cloudwatch:GetMetricData'],
  resources: ['*'],
  reason: 'CloudWatch knows no narrower resource for reading metrics.',
};

interface Shared {
  readonly client: CloudWatchClient;
  readonly ask: Ask;
  /** The last answer for each metric, and until when its period was. */
  readonly answers: Map<string, { readonly endMs: number; readonly answer: Answer }>;
  users: number;
}

const open = new Map<string, Promise<Shared>>();

const start = async (region: string | undefined): Promise<Shared> => {
  const { CloudWatchClient, GetMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
  const client = new CloudWatchClient({ ...(region === undefined ? {} : { region }), maxAttempts: 2 });
  const ask = batcher((input, abortSignal) => client.send(new GetMetricDataCommand(input), { abortSignal }));
  return { client, ask, answers: new Map(), users: 0 };
};

const pointsOf = (
  { ask, answers }: Shared,
  metric: Metric,
  periods: number,
  { at, signal }: Asking,
): Promise<readonly Point[]> => {
  const periodMs = metric.periodSeconds * 1000;
  const endMs = Math.floor((Date.parse(at) - metric.delaySeconds * 1000) / periodMs) * periodMs;
  const key = JSON.stringify([metric, periods]);
  const known = answers.get(key);
  const answer =
    known?.endMs === endMs ? known.answer : ask({ metric, startMs: endMs - periods * periodMs, endMs });
  if (answer !== known?.answer) {
    answers.set(key, { endMs, answer });
    answer.points.catch(() => {
      if (answers.get(key)?.answer === answer) answers.delete(key);
    });
  }
  answer.join(signal);
  return answer.points;
};

/** @param region `undefined`: the function's own */
export const metricsIn = async (region: string | undefined): Promise<Metrics> => {
  const key = region ?? '';
  const line = open.get(key) ?? start(region);
  open.set(key, line);
  line.catch(() => open.delete(key));
  const shared = await line;
  shared.users += 1;
  return {
    read: async (metric, context) => (await pointsOf(shared, metric, 1, context))[0],
    readLast: (metric, periods, context) => pointsOf(shared, metric, periods, context),
    close: () => {
      shared.users -= 1;
      if (shared.users > 0) return;
      if (open.get(key) === line) open.delete(key);
      shared.client.destroy();
    },
  };
};

/** What a failure to read a metric means. @param name of the metric, for people: `AWS/SNS NumberOfMessagesPublished` */
export const metricTrouble = (thrown: unknown, name: string): Trouble => {
  if (nameOf(thrown) === METRIC_ERROR)
    return { kind: 'answered', why: `CloudWatch could not read ${name}: ${messageOf(thrown)}` };
  return {
    kind: statusOf(thrown) === undefined ? 'broken' : 'answered',
    why: explain(thrown, 'cloudwatch:GetMetricData', name),
  };
};
