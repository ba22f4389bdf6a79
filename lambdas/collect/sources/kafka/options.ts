/** The options of a Kafka source, and what in them does not go together. */
import * as z from 'zod';
import { credentials, tls } from '../../../contract/access.ts';
import { commonOptions } from '../../../contract/source.ts';
import { AUTHENTICATIONS, authenticationOf, CLUSTER_ARN, hasUser, placesIn } from './way-in.ts';

const isReference = (text: string): boolean => /%\(.+\)/.test(text);

export const options = z
  .strictObject({
    type: z.literal('kafka'),
    bootstrapServers: z
      .array(
        z.string().refine((text) => isReference(text) || placesIn(text) !== undefined, {
          error: 'expected host:port, such as b-1.shop.example:9092',
        }),
      )
      .min(1)
      .optional()
      .meta({
        description:
          'Some of the brokers, as host:port; one text may hold several with commas. Without a port: 9092. Default: the endpoints of clusterArn.',
      }),
    clusterArn: z
      .string()
      .regex(new RegExp(`${CLUSTER_ARN.source}|.*%\\(.+\\).*`), {
        error:
          'expected the ARN of an MSK cluster, such as arn:aws:kafka:us-east-1:123456789012:cluster/shop/UUID',
      })
      .optional()
      .meta({
        description:
          'ARN of an Amazon MSK cluster. Its endpoints are used where there are no bootstrapServers; logins by IAM need it for their permissions.',
      }),
    region: z.string().optional().meta({
      description:
        'Region in which MSK is asked and logins by IAM are signed. Default: the one in clusterArn.',
    }),
    topic: z
      .string()
      .regex(/^([\w.-]{1,249}|.*%\(.+\).*)$/, 'expected the name of a topic: letters, digits, ".", "_", "-"')
      .meta({ description: 'Topic.' }),
    consumerGroup: z.string().min(1).meta({
      description:
        "Consumer group of the service's own tasks (their group.id): its committed offsets tell what is left to do.",
    }),
    authentication: z.enum(AUTHENTICATIONS).optional().meta({
      description:
        'How to log in: none, plain, scram-sha-256, scram-sha-512, iam. Default: iam on ports 9098 and 9198, scram-sha-512 with a username, else none; with clusterArn alone what the cluster has: iam, else none.',
    }),
    ...credentials,
    tls: tls('on for ports 9094, 9096, 9098, 9194, 9196, 9198 and for iam, off for others'),
    offsetReset: z.enum(['earliest', 'latest']).default('earliest').meta({
      description:
        "Where the group's consumers begin in a partition without a committed offset (their auto.offset.reset): earliest counts everything that is there, latest nothing. Default: earliest, which never hides a backlog. A note says when it matters.",
    }),
    limitTo: z.enum(['partitions', 'partitionsWithLag', 'none']).default('partitions').meta({
      description:
        'Most tasks that can work at once: one for each partition, for each partition with a lag, or no limit. Default: partitions.',
    }),
    excludeStuck: z
      .strictObject({
        readings: z.int().min(2).default(10).meta({ description: 'So many readings. Default: 10.' }),
        seconds: z
          .number()
          .positive()
          .default(120)
          .meta({ description: 'And so many seconds. Default: 120.' }),
      })
      .optional()
      .meta({
        description:
          'Leaves out partitions in which the group has not moved for so many readings and so many seconds, as on a message that its consumer always fails on. Give it longer than a task takes to start and to work on one message. Default: none is left out.',
      }),
    ...commonOptions,
  })
  .superRefine((given, { addIssue }) => {
    const issue = (path: string, message: string) => addIssue({ code: 'custom', path: [path], message });
    const { bootstrapServers, clusterArn, authentication, password, passwordSecret } = given;
    if (bootstrapServers === undefined && clusterArn === undefined)
      issue('bootstrapServers', 'give bootstrapServers as [host:port, …], or clusterArn of an MSK cluster');
    if (authenticationOf(given) === 'iam' && clusterArn === undefined)
      issue('clusterArn', 'iam needs clusterArn: its permissions are for that cluster, topic and group');
    const byPassword = authentication !== undefined && !['none', 'iam'].includes(authentication);
    if (byPassword && !hasUser(given))
      issue('username', `${authentication} needs username, or usernameSecret: the ARN of a secret`);
    if ((byPassword || hasUser(given)) && password === undefined && passwordSecret === undefined)
      issue('passwordSecret', 'a user needs passwordSecret, or password as %(NAME)');
    if (authentication === 'plain' && bootstrapServers === undefined)
      issue('authentication', 'MSK has no plain: give scram-sha-512 or iam, or bootstrapServers');
  })
  .meta({
    description:
      'The lag of a consumer group on a topic of Apache Kafka or Amazon MSK: what waits and what is being worked on, because offsets are committed when work is done.',
  });

export type Options = z.output<typeof options>;
