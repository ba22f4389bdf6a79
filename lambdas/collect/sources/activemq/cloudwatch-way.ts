/**
 * The last way: what Amazon MQ reports to CloudWatch once a minute, so one to two minutes old.
 *
 * Gotchas: only the first 1000 destinations of a broker are reported. Of a pair, each instance has a name of its own, and the
 * active one reports. QueueSize includes what is in flight; where InFlightCount is there for the same minute, it is taken off.
 */
import type { ReadContext, Sighting } from '../../../contract/source.ts';
import { type Metrics, metricsIn, metricTrouble, type Point } from '../cloudwatch/metrics.ts';
import { counter, QueueFailure, type Way, WayFailure } from './way.ts';

export interface CloudwatchAccess {
  readonly region: string | undefined;
  /** The broker's names in CloudWatch. */
  readonly find: () => Promise<readonly string[]>;
}

const NAMESPACE = 'AWS/AmazonMQ';
const PERIOD_SECONDS = 60;
/** A minute's value is there soon after it; till then the one before counts. */
const PERIODS = 3;

const newestOf = (points: readonly Point[]): Point | undefined =>
  points.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))[0];

const sightingIn = (size: Point, inFlight: Point | undefined, at: string): Sighting => {
  const all = counter('QueueSize', size.value);
  const held =
    inFlight === undefined
      ? undefined
      : Math.min(Math.max(counter('InFlightCount', inFlight.value, Number.NEGATIVE_INFINITY), 0), all);
  const age = Math.round((Date.parse(at) - Date.parse(size.at)) / 1000);
  const what = held === undefined ? '; what is in flight is counted as visible' : '';
  return {
    known: true,
    visible: all - (held ?? 0),
    ...(held === undefined ? {} : { inFlight: held }),
    at,
    notes: [`as CloudWatch saw the queue in the minute that began ${age} s ago${what}`],
  };
};

export const cloudwatchWay = ({ region, find }: CloudwatchAccess): Way => {
  let opening: Promise<Metrics> | undefined;

  const pointsOf = async (
    metrics: Metrics,
    metricName: string,
    names: readonly string[],
    queueName: string,
    context: ReadContext,
  ): Promise<readonly Point[]> => {
    const found = names.map((name) => {
      const dimensions = { Broker: name, Queue: queueName };
      const metric = { namespace: NAMESPACE, metricName, dimensions, statistic: 'Maximum' };
      return metrics.readLast(
        { ...metric, periodSeconds: PERIOD_SECONDS, delaySeconds: 0 },
        PERIODS,
        context,
      );
    });
    return (await Promise.all(found)).flat();
  };

  return {
    place: 'CloudWatch',
    read: async ({ queueName, brokerName }, context) => {
      const names = brokerName === undefined ? await find() : [brokerName];
      if (names.length === 0)
        throw new WayFailure('the name of the broker in CloudWatch is not known: give brokerName');
      opening ??= metricsIn(region);
      try {
        const metrics = await opening;
        const [sizes, inFlight] = await Promise.all(
          ['QueueSize', 'InFlightCount'].map((name) => pointsOf(metrics, name, names, queueName, context)),
        );
        const size = newestOf(sizes ?? []);
        if (size === undefined)
          throw new QueueFailure(
            `CloudWatch has no ${NAMESPACE} QueueSize of the queue ${queueName} of the broker ${names.join(' or ')}: check both names; of a broker's destinations the first 1000 are there`,
          );
        return sightingIn(
          size,
          inFlight?.find(({ at }) => at === size.at),
          context.at,
        );
      } catch (thrown) {
        if (thrown instanceof WayFailure) throw thrown;
        throw new WayFailure(metricTrouble(thrown, `${NAMESPACE} QueueSize`).why, { cause: thrown });
      }
    },
    close: async () => {
      (await opening)?.close();
    },
  };
};
