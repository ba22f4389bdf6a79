/** The options of the source `kinesis`, what they name in AWS, and what may be done there. */
import * as z from 'zod';
import { ownArn } from '../../../contract/arn.ts';
import { duration } from '../../../contract/duration.ts';
import { commonOptions, type Permission } from '../../../contract/source.ts';
import { metricPermission } from '../cloudwatch/metrics.ts';

const ARN = /^arn:[\w-]+:kinesis:([\w-]+):\d{12}:stream\/([\w.-]{1,128})$/;

const tableName = z
  .string()
  .regex(
    /^([\w.-]{3,255}|.*%\(.+\).*)$/,
    'expected the name of a DynamoDB table: 3 to 255 letters, digits, "_", "-" and "."',
  );

export const options = z
  .strictObject({
    type: z.literal('kinesis'),
    streamName: z
      .string()
      .regex(
        /^([\w.-]{1,128}|.*%\(.+\).*)$/,
        'expected the name of a data stream: 1 to 128 letters, digits, "_", "-" and "."',
      )
      .optional()
      .meta({ description: 'Name of the data stream.' }),
    streamArn: z
      .string()
      .regex(
        /^(arn:[\w-]+:kinesis:[\w-]+:\d{12}:stream\/[\w.-]{1,128}|.*%\(.+\).*)$/,
        'expected the ARN of a data stream, such as arn:aws:kinesis:us-east-1:123456789012:stream/orders',
      )
      .optional()
      .meta({ description: 'ARN of the data stream, in place of streamName.' }),
    region: z
      .string()
      .optional()
      .meta({ description: "Region of the stream. Default: the one in streamArn, else the function's." }),
    application: tableName.optional().meta({
      description:
        'Name of the KCL application that consumes the stream, which is the name of its lease table. Default: the name of the service, if there is a lease table of that name; else CloudWatch tells how far consumers are.',
    }),
    leaseTable: tableName.optional().meta({
      description: 'Lease table of the application. Default: called like the application.',
    }),
    service: z.string().optional().meta({
      description:
        'Service whose name is tried as the application. Default: the one that this source stands in.',
    }),
    lookEvery: duration({ min: 1, max: 60 }).prefault('5s').meta({
      description:
        'How often each shard is looked at, at most; 1s to 60s. Consumers share the limits of a shard with it.',
    }),
    ...commonOptions,
  })
  .refine(({ streamName, streamArn }) => (streamName === undefined) !== (streamArn === undefined), {
    path: ['streamName'],
    error: 'give either streamName or streamArn',
  })
  .meta({ description: 'An Amazon Kinesis data stream.' });

export type Options = z.output<typeof options>;

export const regionOf = ({ region, streamArn }: Options): string | undefined =>
  region ?? ARN.exec(streamArn ?? '')?.[1];

export const streamOf = ({ streamName, streamArn }: Options): string =>
  streamName ?? ARN.exec(streamArn ?? '')?.[2] ?? '';

/** How the API is told which stream. */
export const streamInput = ({ streamName, streamArn }: Options) =>
  streamArn === undefined ? { StreamName: streamName } : { StreamARN: streamArn };

export interface LeaseTable {
  readonly name: string;
  /** Nobody has named it: it is tried because the service is called like that. */
  readonly guessed: boolean;
}

/** A table has at least three letters, and a service need not. */
const COULD_BE_A_TABLE = /^(\$\{Token\[.*\]\}|[\w.-]{3,255})$/;

export const tableOf = ({ leaseTable, application, service = '' }: Options): LeaseTable | undefined => {
  const named = leaseTable ?? application;
  if (named !== undefined) return { name: named, guessed: false };
  return COULD_BE_A_TABLE.test(service) ? { name: service, guessed: true } : undefined;
};

export const streamArnOf = (given: Options): string =>
  given.streamArn ?? ownArn('kinesis', `stream/${streamOf(given)}`, regionOf(given));

export const tableArnOf = (given: Options, table: LeaseTable): string =>
  ownArn('dynamodb', `table/${table.name}`, regionOf(given));

/** What is read of a lease, and nothing besides. */
export const LEASE_FIELDS = ['leaseKey', 'checkpoint', 'shardId', 'streamName'] as const;

/** A table that happens to be called like the service may be anything: nothing but these fields can be read of it. */
const ONLY_LEASE_FIELDS: NonNullable<Permission['conditions']> = {
  'ForAllValues:StringEquals': { 'dynamodb:Attributes': LEASE_FIELDS },
  StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
};

export const permissions = (given: Options): readonly Permission[] => {
  const table = tableOf(given);
  return [
    {
      actions: ['kinesis:ListShards', 'kinesis:GetShardIterator', 'kinesis:GetRecords'],
      resources: [streamArnOf(given)],
    },
    ...(table === undefined
      ? []
      : [
          {
            actions: ['dynamodb:Scan'],
            resources: [tableArnOf(given, table)],
            ...(table.guessed ? { conditions: ONLY_LEASE_FIELDS } : {}),
          },
        ]),
    metricPermission,
  ];
};
