/**
 * What moving the EC2 hosts of a cluster takes. Hosts, tasks and revisions of task definitions have no names before they exist, so their
 * ARNs end in a wildcard below the cluster; the group's has one in the place of an identifier that only AWS knows.
 *
 * Source: Service Authorization Reference, Amazon ECS and Amazon EC2 Auto Scaling.
 */
import { Arn, ArnFormat, type Stack, Token } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ClusterCapacity } from '../lambdas/contract/capacity.ts';
import { allow } from './permissions.ts';

interface Allowed {
  readonly statements: readonly PolicyStatement[];
  /** Why there is a wildcard. */
  readonly reason?: string;
}

const NAMELESS = 'Hosts and their tasks have no names before they exist.';

/** ARNs of a cluster and of what is in it, in the cluster's own partition, region and account where it is given as an ARN. */
const arnsOf = (stack: Stack, cluster: string) => {
  const isArn = !Token.isUnresolved(cluster) && cluster.startsWith('arn:');
  const {
    partition,
    region,
    account,
    resourceName = cluster,
  } = isArn ? Arn.split(cluster, ArnFormat.SLASH_RESOURCE_NAME) : {};
  const home = {
    ...(partition === undefined ? {} : { partition }),
    ...(region === undefined ? {} : { region }),
    ...(account === undefined ? {} : { account }),
  };
  const arn = (resource: string, name: string): string =>
    Arn.format({ service: 'ecs', resource, resourceName: name, ...home }, stack);
  const group = (name: string): string =>
    Arn.format(
      {
        ...{ service: 'autoscaling', resource: 'autoScalingGroup', ...home },
        ...{ resourceName: `*:autoScalingGroupName/${name}`, arnFormat: ArnFormat.COLON_RESOURCE_NAME },
      },
      stack,
    );
  return {
    cluster: arn('cluster', resourceName),
    hosts: arn('container-instance', `${resourceName}/*`),
    tasks: arn('task', `${resourceName}/*`),
    providers: arn('capacity-provider', '*'),
    group,
  };
};

/** What collect may do to see the hosts. */
export const seeingHosts = (stack: Stack, { cluster }: ClusterCapacity): readonly Allowed[] => {
  const arns = arnsOf(stack, cluster);
  return [
    { statements: allow(['ecs:ListContainerInstances', 'ecs:DescribeClusters'], [arns.cluster]) },
    { statements: allow(['ecs:DescribeContainerInstances'], [arns.hosts]), reason: NAMELESS },
    { statements: allow(['ecs:GetTaskProtection'], [arns.tasks]), reason: NAMELESS },
    {
      statements: allow(['ecs:ListTasks'], ['*'], { ArnEquals: { 'ecs:cluster': arns.cluster } }),
      reason: 'ListTasks knows no resource; the condition names the cluster.',
    },
    {
      statements: allow(['ecs:DescribeCapacityProviders'], [arns.providers]),
      reason: 'Which capacity providers a cluster has is seen at run time.',
    },
    {
      statements: allow(['ecs:DescribeTaskDefinition'], ['*']),
      reason: 'DescribeTaskDefinition knows no resource.',
    },
    {
      statements: allow(
        ['autoscaling:DescribeAutoScalingGroups', 'autoscaling:DescribeInstanceRefreshes'],
        ['*'],
      ),
      reason: 'EC2 Auto Scaling knows no narrower resource for Describe.',
    },
  ];
};

/** What apply may do to move them. Where no host may go, nothing that lets one go. */
export const movingHosts = (
  stack: Stack,
  { cluster, autoScalingGroup, disableScaleIn }: ClusterCapacity,
): readonly Allowed[] => {
  const { group, hosts } = arnsOf(stack, cluster);
  const terminate = disableScaleIn ? [] : ['autoscaling:TerminateInstanceInAutoScalingGroup'];
  return [
    {
      statements: allow(['autoscaling:SetDesiredCapacity', ...terminate], [group(autoScalingGroup)]),
      reason: 'The ARN of a group has an identifier that only AWS knows; its name follows.',
    },
    ...(disableScaleIn
      ? []
      : [{ statements: allow(['ecs:UpdateContainerInstancesState'], [hosts]), reason: NAMELESS }]),
  ];
};
