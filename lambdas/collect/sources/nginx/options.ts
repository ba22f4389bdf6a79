/** The options of the source `nginx`, and what AWS calls that which they name. */
import * as z from 'zod';
import { tls } from '../../../contract/access.ts';
import { ownArn } from '../../../contract/arn.ts';
import { commonOptions, type Permission } from '../../../contract/source.ts';

export const options = z
  .strictObject({
    type: z.literal('nginx'),
    cluster: z.string().min(1).optional().meta({
      description:
        'Name or ARN of the cluster whose tasks run nginx. Default: that of the service that is scaled.',
    }),
    service: z.string().min(1).optional().meta({
      description: 'Name of the service whose tasks run nginx. Default: the service that is scaled.',
    }),
    container: z.string().min(1).optional().meta({
      description: 'Name of the container that runs nginx. Default: whichever has the address of the task.',
    }),
    scheme: z.enum(['http', 'https']).default('http').meta({ description: 'How a task is asked.' }),
    port: z.int().min(1).max(65_535).default(80).meta({ description: 'TCP port of nginx in a task.' }),
    path: z
      .string()
      .regex(/^(\/[^\s?#]*|.*%\(.+\).*)$/, 'expected a path such as /nginx_status')
      .default('/nginx_status')
      .meta({ description: 'Where nginx answers with its stub_status.' }),
    aggregate: z.enum(['sum', 'average']).default('sum').meta({
      description:
        'What the value is made of the busy connections of all running tasks: their sum, or the average of a task.',
    }),
    region: z.string().min(1).optional().meta({
      description: "Region of the cluster. Default: the one in its ARN, else the function's.",
    }),
    tls: tls(
      'with https, the certificate is checked for the address of the task, so it mostly needs ca and serverName',
    ),
    ...commonOptions,
  })
  .superRefine(({ scheme, tls: how }, { addIssue }) => {
    const wrong = scheme === 'https' ? how === false : how !== undefined && how !== false;
    if (wrong)
      addIssue({
        code: 'custom',
        path: ['tls'],
        message: 'scheme says otherwise: https is with TLS, http without',
      });
  })
  .meta({
    description:
      'The connections that nginx is busy with, in all running tasks of an ECS service (stub_status).',
  });

export type Options = z.output<typeof options>;

const CLUSTER_ARN = /^arn:[\w-]+:ecs:([\w-]+):\d+:cluster\/(.+)$/;

export const regionOf = ({ region, cluster = '' }: Options): string | undefined =>
  region ?? CLUSTER_ARN.exec(cluster)?.[1];

/** As messages name it: `shop/web`. */
export const nameOfService = ({ cluster = 'default', service = '' }: Options): string =>
  `${CLUSTER_ARN.exec(cluster)?.[2] ?? cluster}/${service}`;

const arnIn = (given: Options, resource: (cluster: string) => string): string => {
  const { cluster = 'default' } = given;
  const name = CLUSTER_ARN.exec(cluster)?.[2];
  if (name === undefined) return ownArn('ecs', resource(cluster), regionOf(given));
  return `${cluster.split(':', 5).join(':')}:${resource(name)}`;
};

export const permissions = (given: Options): readonly Permission[] => [
  {
    actions: ['ecs:ListTasks'],
    resources: ['*'],
    conditions: { ArnEquals: { 'ecs:cluster': arnIn(given, (cluster) => `cluster/${cluster}`) } },
    reason: 'ListTasks knows no resource; the condition names the cluster.',
  },
  {
    actions: ['ecs:DescribeTasks'],
    resources: [arnIn(given, (cluster) => `task/${cluster}/*`)],
    reason: 'A task has no name before it exists.',
  },
];
