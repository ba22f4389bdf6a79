/** `aws-cloudwatch`, and `cpu` and `memory`, which Kubernetes measures itself and ECS reports to CloudWatch. */
import type { Fields } from '../values.ts';
import { type Load, plainValue, type Reader, type Trigger, thresholds } from './trigger.ts';

const NO_LIKE: Readonly<Record<string, string>> = {
  metricUnit: 'No equivalent: a metric is read in whatever unit it was put in.',
  awsAccountId: 'No equivalent: metrics are read in the account of the collect function.',
  awsEndpoint: 'No equivalent: every AWS client is told another endpoint by AWS_ENDPOINT_URL_CLOUDWATCH.',
  metricCollectionTime: 'Not needed: the last period that is over is read.',
};

const CREDENTIALS = ['awsAccessKeyID', 'awsSecretAccessKey', 'awsSessionToken'];

const dimensionsOf = ({ metadata }: Trigger): Fields => {
  const [names = [], values = []] = ['dimensionName', 'dimensionValue'].map((key) =>
    metadata.text(key)?.split(';'),
  );
  return Object.fromEntries(names.map((name, nth) => [name, values[nth] ?? '']));
};

export const cloudwatch: Reader = (trigger): Load | undefined => {
  const { metadata } = trigger;
  for (const [key, why] of Object.entries(NO_LIKE)) if (metadata.has(key)) metadata.tell(key, why);
  for (const key of CREDENTIALS.flatMap((each) => [each, `${each}FromEnv`]))
    if (metadata.has(key))
      metadata.tell(key, 'No equivalent: metrics are read with the role of the collect function.');
  metadata.ignore('identityOwner');
  if (metadata.has('expression')) {
    metadata.tell(
      'expression',
      'Queries of Metrics Insights have no equivalent: name the metric with its dimensions. This trigger is left out.',
    );
    return undefined;
  }
  const least = metadata.amount('minMetricValue') ?? 0;
  const isEmptyKnown = metadata.flag('ignoreNullValues') ?? true;
  if (isEmptyKnown && least !== 0)
    metadata.note(
      'minMetricValue',
      'An empty answer can only count as 0 here; it is unknown instead, which holds the count.',
    );
  const delay = metadata.whole('metricEndTimeOffset');
  const region = trigger.text('awsRegion');
  return {
    source: {
      type: 'cloudwatch',
      namespace: trigger.required('namespace', 'the namespace of the metric'),
      metricName: trigger.required('metricName', 'the name of the metric'),
      dimensions: dimensionsOf(trigger),
      statistic: metadata.text('metricStat') ?? 'Average',
      period: metadata.whole('metricStatPeriod') ?? 300,
      ...(delay === undefined ? {} : { delay }),
      ...(isEmptyKnown && least === 0 ? { emptyIs: 0 } : {}),
      ...(region === undefined ? {} : { region }),
    },
    measured: plainValue,
    ...thresholds(trigger, 'targetMetricValue', undefined, 'activationTargetMetricValue'),
  };
};
