/** An existing VPC by its IDs, so that an app without an account can put collect into it. */
import { SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { PulseScalerProps } from './pulse-scaler-props.ts';

/** Where collect runs: the brokers' VPC, subnets that reach them and ECS. */
export interface Placement {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  /** Groups that the brokers let in; none: a new one. */
  readonly securityGroupIds: readonly string[];
}

type NetworkProps = Pick<PulseScalerProps, 'vpc' | 'subnets' | 'securityGroups'>;

export const networkAt = (scope: Construct, placement: Placement | undefined): NetworkProps => {
  if (placement === undefined) return {};
  const { vpcId, subnetIds, securityGroupIds } = placement;
  // Nothing here looks at zones, and only an account could tell them.
  const vpc = Vpc.fromVpcAttributes(scope, 'Vpc', { vpcId, availabilityZones: ['any'] });
  const subnets = subnetIds.map((id) => Subnet.fromSubnetId(scope, `Subnet-${id}`, id));
  const groups = securityGroupIds.map((id) => SecurityGroup.fromSecurityGroupId(scope, `Group-${id}`, id));
  return { vpc, subnets: { subnets }, ...(groups.length === 0 ? {} : { securityGroups: groups }) };
};
