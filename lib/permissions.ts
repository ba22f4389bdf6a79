/** What each room may do, on which resources. No action has a wildcard; resources are those that the configuration names. */
import { Arn, ArnFormat, Aws, type Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { sources } from '../lambdas/collect/sources/registry.ts';
import { secretsIn } from '../lambdas/contract/access.ts';
import type { AnySource } from '../lambdas/contract/config.ts';
import { ConfigError, messageOf } from '../lambdas/contract/errors.ts';
import type { Owner, Permission } from '../lambdas/contract/source.ts';

/**
 * A managed policy takes 6144 characters, and CDK spreads a large policy over several only between its statements. One ARN
 * of a service with the longest names has about 560.
 */
const CHARACTERS_PER_STATEMENT = 2000;

/** Consecutive pieces of at most so many characters, or of one text that is longer. */
const piecesOf = (texts: readonly string[]): readonly (readonly string[])[] => {
  const pieces: string[][] = [];
  let room = 0;
  for (const text of texts) {
    if (text.length > room) {
      pieces.push([]);
      room = CHARACTERS_PER_STATEMENT;
    }
    pieces.at(-1)?.push(text);
    room -= text.length;
  }
  return pieces;
};

/** Allows `actions` on `resources`, in statements of a size that CDK can spread over several policies. */
export const allow = (
  actions: readonly string[],
  resources: readonly string[],
  conditions: NonNullable<Permission['conditions']> = {},
): readonly PolicyStatement[] =>
  piecesOf([...new Set(resources)]).map(
    (piece) => new PolicyStatement({ actions: [...actions], resources: [...piece], conditions }),
  );

/**
 * Allows `actions` on the objects of a bucket below `pattern`.
 *
 * With s3:ListBucket, a missing object is 404 and not 403, and "no lease yet" must not look like "may not". The condition is
 * `IfExists` because a GetObject that S3 turns into that question carries no prefix.
 */
export const bucketObjects = (
  bucketArn: string,
  actions: readonly string[],
  pattern: string,
): readonly PolicyStatement[] => [
  ...allow(actions, [`${bucketArn}/${pattern}`]),
  new PolicyStatement({
    actions: ['s3:ListBucket'],
    resources: [bucketArn],
    conditions: { StringLikeIfExists: { 's3:prefix': pattern } },
  }),
];

/**
 * The ARN of a service. A cluster given as an ARN lends its partition, region and account; one given as a name is in the
 * stack's own.
 */
export const serviceArn = (stack: Stack, cluster: string, service: string): string => {
  const home =
    !Token.isUnresolved(cluster) && cluster.startsWith('arn:')
      ? Arn.split(cluster, ArnFormat.SLASH_RESOURCE_NAME)
      : {};
  const {
    partition,
    region,
    account,
    resourceName = cluster,
  } = home as Partial<ReturnType<typeof Arn.split>>;
  return Arn.format(
    {
      service: 'ecs',
      resource: 'service',
      resourceName: `${resourceName}/${service}`,
      ...(partition === undefined ? {} : { partition }),
      ...(region === undefined ? {} : { region }),
      ...(account === undefined ? {} : { account }),
    },
    stack,
  );
};

/** Amazon MQ's `…:broker:NAME:ID`: whatever its name, the ID says which. */
const NAMED_BY_ID = /:broker:\*:[^:*]+$/;

const isNarrow = ({ actions, resources, reason }: Permission): boolean =>
  actions.every((action) => !action.includes('*')) &&
  resources.every((resource) => {
    if (resource === '*') return reason !== undefined;
    const known = reason === undefined ? resource : resource.replace(NAMED_BY_ID, ':id');
    return Token.isUnresolved(resource) || !/:\*(:|$)/.test(known);
  });

const STACKS_OWN: Readonly<Record<string, string>> = {
  '${AWS::Partition}': Aws.PARTITION,
  '${AWS::Region}': Aws.REGION,
  '${AWS::AccountId}': Aws.ACCOUNT_ID,
};

const inStack = (text: string): string =>
  text.replace(/\$\{AWS::\w+\}/g, (place) => STACKS_OWN[place] ?? place);

/** With the stack's own partition, region and account where a source leaves them to it. */
export const ofTheStack = ({ resources, conditions, ...rest }: Permission): Permission => ({
  ...rest,
  resources: resources.map(inStack),
  ...(conditions === undefined
    ? {}
    : {
        conditions: Object.fromEntries(
          Object.entries(conditions).map(([operator, keys]) => [
            operator,
            Object.fromEntries(
              Object.entries(keys).map(([key, value]) => [
                key,
                typeof value === 'string' ? inStack(value) : value.map(inStack),
              ]),
            ),
          ]),
        ),
      }),
});

/** Six letters and digits that Secrets Manager appends to a name; IAM compares with them. */
const SUFFIX = /-[A-Za-z0-9]{6}$/;
/** The end of a name as people write it, far more likely than a suffix. */
const WORD = /-[a-z]{6}$/;

/** An ARN may be written without its suffix, and GetSecretValue takes it so; whether it was, its end tells, or leaves open. */
const secretResources = (arn: string): readonly string[] => {
  if (Token.isUnresolved(arn)) return [arn];
  return [
    ...(SUFFIX.test(arn) ? [arn] : []),
    ...(SUFFIX.test(arn) && !WORD.test(arn) ? [] : [`${arn}-??????`]),
  ];
};

/** A secret with a key of its own needs `kms:Decrypt` on that key besides, which only its owner can give. */
const secretPermissions = (options: AnySource): readonly Permission[] => {
  const resources = [...new Set(secretsIn(options).flatMap(({ arn }) => secretResources(arn)))];
  return resources.length === 0 ? [] : [{ actions: ['secretsmanager:GetSecretValue'], resources }];
};

/**
 * What collect needs for one source.
 *
 * @param options parsed, with every `%(NAME)` replaced; tokens are restored
 * @param owner the service that the source stands in
 * @param path of the source in the configuration
 * @throws ConfigError when the options don't say which resource it is
 */
export const sourcePermissions = (options: AnySource, owner: Owner, path: string): readonly Permission[] => {
  const problem = (message: string): ConfigError => new ConfigError([{ path, message }]);
  const source = sources[options.type];
  if (source === undefined) throw problem(`there is no source "${options.type}"`);
  let permissions: readonly Permission[];
  try {
    const whole = source.complete?.(options, owner) ?? options;
    permissions = [...source.permissions(whole), ...secretPermissions(options)];
  } catch (cause) {
    throw problem(
      `the permissions of this source can't be told from its options, some of which only deployment knows: give the queue itself (queue: myQueue), or names as text (${messageOf(cause)})`,
    );
  }
  const wide = permissions.find((permission) => !isNarrow(permission));
  if (wide === undefined) return permissions.map(ofTheStack);
  throw problem(
    `this source would need ${wide.actions.join(', ')} on ${wide.resources.join(', ')}, which is too wide: complete its options (region, account, name)`,
  );
};

/** The one action that the SQS source needs, as it says itself; on a queue object it is granted through the object. */
export const queueActions = (): readonly string[] => {
  const options = { type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/any' };
  return sourcePermissions(options, { cluster: 'any', service: 'any' }, 'queue').flatMap(
    ({ actions }) => actions,
  );
};
