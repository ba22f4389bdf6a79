/**
 * Which services may sleep and what wakes them. A lane sleeps when all of them may: where one keeps the others awake, `warningsIn` says so.
 */
import { sources } from '../../lambdas/collect/sources/registry.ts';
import { type AnySource, type Config, keyOf, sourcesOf } from '../../lambdas/contract/config.ts';

/** `AWS/SQS ApproximateNumberOfMessagesVisible (QueueName orders)` */
const alarmOn = (source: AnySource): string | undefined => {
  const metric = sources[source.type]?.wakeMetric?.(source);
  if (metric === undefined) return undefined;
  const { namespace, metricName, dimensions } = metric;
  const named = Object.entries(dimensions).map(([name, value]) => `${name} ${value}`);
  return `${namespace} ${metricName} (${named.join(', ')})`;
};

export const sleepLines = ({ services }: Config): readonly string[] => {
  const all = services.map((service) => ({ service, after: service.idle?.after }));
  const may = all.every(({ service, after }) => after !== undefined && service.tasks.min === 0);
  if (!may) return [];
  return [
    '  The lane sleeps when all of these are idle; a look once a minute wakes it, and what is deployed an alarm as well:',
    ...all.map(({ service, after }) => {
      const alarms = sourcesOf(service).map((source) => alarmOn(source) ?? `none for ${source.type}`);
      return `    ${keyOf(service)}: after ${after} s; ${alarms.join(', ')}`;
    }),
  ];
};
