/** ARNs of resources that options name without their account: what the options leave out is the deployed stack's own. */

export const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';

/** The name at the end of an ARN; a name stays as it is. */
export const lastPart = (nameOrArn: string): string => nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);

/**
 * The ARN of something in the account of the stack, for a permission; `lib` fills in what stands in `${…}`.
 *
 * @param resource as in an ARN: `stream/clicks`
 * @param region default: the stack's
 */
export const ownArn = (service: string, resource: string, region?: string): string =>
  region === undefined
    ? `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`
    : `arn:${partitionOf(region)}:${service}:${region}:\${AWS::AccountId}:${resource}`;
