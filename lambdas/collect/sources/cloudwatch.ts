/**
 * Any metric of CloudWatch, as a plain number: the last period that is over and whose data are in.
 *
 * Gotchas: it is as old as its period and its delay together, so a minute or two for AWS's own metrics; where there is a source
 * for the thing itself, that one sees more and sooner. A metric that does not exist and one that had nothing to report answer
 * the same, which is nothing: unknown, unless `emptyIs: 0` is written. ecs-autoscale, from which people come here, has a
 * default period of 300 s; here it is 60 s, because most metrics have a value a minute.
 */
import * as z from 'zod';
import { commonOptions, defineSource } from '../../contract/source.ts';
import { type Metric, metricPermission, metricsIn, metricTrouble } from './cloudwatch/metrics.ts';
import { EMPTY_IS_ZERO, empty, metricOptions, timingOf } from './cloudwatch/options.ts';

const options = z
  .strictObject({
    type: z.literal('cloudwatch'),
    namespace: z
      .string()
      .min(1)
      .max(255)
      .meta({ description: 'Namespace of the metric: AWS/ApplicationELB.' }),
    metricName: z.string().min(1).max(255).meta({ description: 'Name of the metric: RequestCount.' }),
    dimensions: z
      .record(z.string().min(1), z.string().min(1))
      .refine((given) => Object.keys(given).length <= 30, 'a metric has at most 30 dimensions')
      .default({})
      .meta({
        description: 'All its dimensions, each with its value: { LoadBalancer: app/shop/50dc6c495c0c9188 }.',
      }),
    statistic: z
      .string()
      .regex(
        /^(Average|Sum|Maximum|Minimum|SampleCount|p(100|\d{1,2}(\.\d{1,10})?)|.*%\(.+\).*)$/,
        'expected Average, Sum, Maximum, Minimum, SampleCount or a percentile such as p99',
      )
      .default('Average')
      .meta({ description: 'Average, Sum, Maximum, Minimum, SampleCount or a percentile such as p99.' }),
    ...metricOptions,
    ...commonOptions,
  })
  .meta({ description: 'A metric of Amazon CloudWatch.' });

type Options = z.output<typeof options>;

const metricOf = ({ namespace, metricName, dimensions, statistic, ...timing }: Options): Metric => ({
  namespace,
  metricName,
  dimensions,
  statistic,
  ...timingOf(timing),
});

const nameOf = ({ namespace, metricName }: Options): string => `${namespace} ${metricName}`;

export const cloudwatch = defineSource({
  type: 'cloudwatch',
  options,
  reports: ['value'],
  permissions: () => [metricPermission],
  examples: [
    {
      type: 'cloudwatch',
      namespace: 'AWS/ApplicationELB',
      metricName: 'RequestCountPerTarget',
      dimensions: { TargetGroup: 'targetgroup/shop/943f017f100becff' },
      statistic: 'Sum',
    },
  ],
  server: ({ region }) => `CloudWatch in ${region ?? "the function's region"}`,
  connect: async ({ region }) => {
    const metrics = await metricsIn(region);
    return {
      read: async (given, context) => {
        const point = await metrics.read(metricOf(given), context);
        const { at } = context;
        if (point !== undefined) return { known: true, value: point.value, at };
        if (given.emptyIs === 0) return { known: true, value: 0, notes: [EMPTY_IS_ZERO], at };
        return empty(nameOf(given), 'namespace, metricName, dimensions');
      },
      close: metrics.close,
    };
  },
  // Where any other statistic is above 0, the largest value is too.
  wakeMetric: ({ namespace, metricName, dimensions, statistic, region }) =>
    statistic === 'SampleCount'
      ? undefined
      : { namespace, metricName, dimensions, statistic: 'Maximum', region },
  trouble: (thrown, given) => metricTrouble(thrown, nameOf(given)),
});
