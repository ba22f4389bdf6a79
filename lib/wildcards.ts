/** A resource with a wildcard has a reason, and the reason stands where cdk-nag and an auditor look for it. */
import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** A resolved ARN as cdk-nag writes it in the name of a finding: `<StateBucket.Arn>/lanes/*`. */
const flat = (part: unknown): string => {
  if (typeof part === 'string') return part;
  const {
    Ref,
    'Fn::GetAtt': attribute,
    'Fn::Join': join,
  } = part as {
    readonly Ref?: string;
    readonly 'Fn::GetAtt'?: readonly [string, string];
    readonly 'Fn::Join'?: readonly [string, readonly unknown[]];
  };
  if (Ref !== undefined) return `<${Ref}>`;
  if (attribute !== undefined) return `<${attribute.join('.')}>`;
  return join === undefined ? JSON.stringify(part) : join[1].map(flat).join(join[0]);
};

/** Says in one sentence why a policy below `scope` may name these resources with a wildcard in them. */
export const justify = (scope: IConstruct, resources: readonly string[], reason: string): void => {
  const wild = resources.filter((resource) => resource.includes('*'));
  Validations.of(scope).acknowledge(
    ...wild.map((resource) => ({
      id: `AwsSolutions-IAM5[Resource::${flat(Stack.of(scope).resolve(resource))}]`,
      reason,
    })),
  );
};
