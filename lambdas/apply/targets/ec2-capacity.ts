/**
 * The EC2 hosts of a cluster as a target: hosts are drained, then terminated, then asked for. Three APIs, each call harmless when it
 * is repeated: a desired capacity is absolute, a draining host stays so.
 *
 * Gotchas: a termination takes the desired capacity down with it, so it is the one call that must not come twice: its client tries once,
 * and a retry of the whole apply terminates nothing; the next tick sees what is left. What is refused for one instance does not keep
 * back the others.
 * The group's cooldown is not waited for: it would hold back for minutes hosts whose tasks are missing now.
 */
import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { ECSClient } from '@aws-sdk/client-ecs';
import { explain } from '../../contract/aws-errors.ts';
import type { CapacityDecision, CapacityOutcome } from '../../contract/capacity.ts';

/** Two tries of a drain, one of a termination and one of a launch stay under the function's own 20 s. */
const TIME_LIMIT_MS = 3000;

/** What one UpdateContainerInstancesState takes. */
const HOSTS_PER_CALL = 10;

// Without the last flag the SDK only warns of a request that takes too long.
const requestHandler = {
  requestTimeout: TIME_LIMIT_MS,
  connectionTimeout: 2000,
  throwOnRequestTimeout: true,
};

let ecsClient: Promise<ECSClient> | undefined;
let groupClient: Promise<AutoScalingClient> | undefined;

const ecs = (): Promise<ECSClient> => {
  ecsClient ??= import('@aws-sdk/client-ecs').then(
    ({ ECSClient }) => new ECSClient({ maxAttempts: 2, requestHandler }),
  );
  return ecsClient;
};

const groups = (): Promise<AutoScalingClient> => {
  groupClient ??= import('@aws-sdk/client-auto-scaling').then(
    ({ AutoScalingClient }) => new AutoScalingClient({ maxAttempts: 1, requestHandler }),
  );
  return groupClient;
};

/** @returns what went wrong, for the operator */
const attempt = async (
  action: string,
  resource: string,
  work: () => Promise<unknown>,
): Promise<readonly string[]> => {
  try {
    await work();
    return [];
  } catch (thrown) {
    return [explain(thrown, action, resource)];
  }
};

const drain = async ({ cluster, drain: hosts }: CapacityDecision): Promise<readonly string[]> => {
  const calls = Array.from({ length: Math.ceil(hosts.length / HOSTS_PER_CALL) }, (_, nth) =>
    hosts.slice(nth * HOSTS_PER_CALL, (nth + 1) * HOSTS_PER_CALL),
  );
  const failed = calls.map((containerInstances) =>
    attempt('ecs:UpdateContainerInstancesState', `cluster ${cluster}`, async () => {
      const { UpdateContainerInstancesStateCommand } = await import('@aws-sdk/client-ecs');
      const command = new UpdateContainerInstancesStateCommand({
        cluster,
        containerInstances: [...containerInstances],
        status: 'DRAINING',
      });
      const { failures = [] } = await (await ecs()).send(command);
      if (failures.length > 0)
        throw new Error(failures.map(({ arn, reason }) => `${arn}: ${reason}`).join(', '));
    }),
  );
  return (await Promise.all(failed)).flat();
};

const terminate = async (decision: CapacityDecision): Promise<readonly string[]> => {
  const failed = decision.terminate.map((InstanceId) =>
    attempt(
      'autoscaling:TerminateInstanceInAutoScalingGroup',
      `${InstanceId} of group ${decision.autoScalingGroup}`,
      async () => {
        const { TerminateInstanceInAutoScalingGroupCommand } = await import('@aws-sdk/client-auto-scaling');
        const command = new TerminateInstanceInAutoScalingGroupCommand({
          InstanceId,
          ShouldDecrementDesiredCapacity: true,
        });
        await (await groups()).send(command);
      },
    ),
  );
  return (await Promise.all(failed)).flat();
};

const launch = ({ autoScalingGroup, to }: CapacityDecision): Promise<readonly string[]> =>
  attempt('autoscaling:SetDesiredCapacity', `group ${autoScalingGroup} (${to} hosts)`, async () => {
    const { SetDesiredCapacityCommand } = await import('@aws-sdk/client-auto-scaling');
    const command = new SetDesiredCapacityCommand({
      AutoScalingGroupName: autoScalingGroup,
      DesiredCapacity: to,
      HonorCooldown: false,
    });
    await (await groups()).send(command);
  });

/** @param isRetry an attempt before this one may have acted, and its answer was lost */
export const followCapacity = async (
  decision: CapacityDecision,
  { isRetry }: { readonly isRetry: boolean },
): Promise<CapacityOutcome> => {
  const errors = [
    ...(await drain(decision)),
    ...(isRetry ? [] : await terminate(decision)),
    // Never lower: the group would choose the host that goes, whatever runs on it.
    ...(decision.to > decision.from ? await launch(decision) : []),
  ];
  const left =
    isRetry && decision.terminate.length > 0 ? ['what to terminate is looked at again at the next tick'] : [];
  const said = [...new Set([...errors, ...left])].join('; ');
  return said === '' ? { ...decision, applied: true } : { ...decision, applied: false, error: said };
};
