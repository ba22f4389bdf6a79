/**
 * `cpu` and `memory`: Kubernetes measures them itself, and ECS reports the same of a service to CloudWatch, a minute late.
 *
 * Gotcha: a service that works on nothing still uses some CPU. It is a value like any other here, so that beside a queue the last task would
 * never go.
 */
import type { Owner } from '../../source.ts';
import { type Load, plainValue, type Trigger, thresholds } from './trigger.ts';

const METRICS: Readonly<Record<string, string>> = { cpu: 'CPUUtilization', memory: 'MemoryUtilization' };

const LATE =
  'There measured every few seconds and in per cent of what the containers request; here CloudWatch tells the average of the service a minute late, in per cent of what the task reserves.';

const NEVER_EMPTY =
  'It is never 0 while a task runs, and so the last task stays: without this trigger the service can go to 0.';

export const isResource = (type: string): boolean => Object.hasOwn(METRICS, type);

export const resource = (
  trigger: Trigger,
  { cluster, service }: Owner,
  metricType: string | undefined,
  toZero: boolean,
): Load | undefined => {
  const { metadata, type } = trigger;
  const kind = metricType ?? metadata.text('type') ?? 'Utilization';
  if (kind !== 'Utilization') {
    metadata.tell(
      'value',
      'A quantity for one replica has no equivalent, ECS reports per cent: write metricType Utilization. This trigger is left out.',
    );
    return undefined;
  }
  if (metadata.has('containerName'))
    metadata.tell('containerName', 'No equivalent: the task as a whole is looked at.');
  metadata.note('value', toZero ? `${LATE} ${NEVER_EMPTY}` : LATE);
  return {
    source: {
      type: 'cloudwatch',
      namespace: 'AWS/ECS',
      metricName: METRICS[type],
      dimensions: { ClusterName: cluster, ServiceName: service },
    },
    measured: plainValue,
    ...thresholds(trigger, 'value', undefined, 'activationValue'),
  };
};
