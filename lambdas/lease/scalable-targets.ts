/**
 * Whether Application Auto Scaling has a target on a service that this lane scales: then two controllers undo each other's work, and a
 * count below that target's minimum is raised by the next of its alarms, whatever is decided here.
 *
 * Gotchas: the answer has 50 targets a page, so 50 services are asked for at once. IAM knows no narrower resource than `*` for this
 * Describe. A target all of whose kinds of scaling are suspended does nothing, and is left alone.
 */
import type { ApplicationAutoScalingClient, ScalableTarget } from '@aws-sdk/client-application-auto-scaling';
import { lastPart } from '../contract/arn.ts';

const SERVICES_PER_CALL = 50;

/** The first tick of the execution waits for this at most, and only once in ten minutes. The function has 10 s, and a slow S3 takes 8. */
const TIME_LIMIT_MS = 1500;

export interface OtherController {
  /** `service/<cluster>/<service>` */
  readonly resourceId: string;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

type Sdk = typeof import('@aws-sdk/client-application-auto-scaling');

let loaded: Promise<Sdk & { readonly client: ApplicationAutoScalingClient }> | undefined;

const load = (): NonNullable<typeof loaded> => {
  loaded ??= import('@aws-sdk/client-application-auto-scaling').then((sdk) => ({
    ...sdk,
    client: new sdk.ApplicationAutoScalingClient({ maxAttempts: 2 }),
  }));
  return loaded;
};

/** What Application Auto Scaling calls a service. A cluster may be configured by its ARN; here it goes by its name. */
export const resourceIdOf = (cluster: string, service: string): string =>
  `service/${lastPart(cluster)}/${lastPart(service)}`;

const isSuspended = ({ SuspendedState: state }: ScalableTarget): boolean =>
  state?.DynamicScalingInSuspended === true &&
  state.DynamicScalingOutSuspended === true &&
  state.ScheduledScalingSuspended === true;

const describe = async (
  resourceIds: readonly string[],
  abortSignal: AbortSignal,
): Promise<readonly ScalableTarget[]> => {
  const { client, DescribeScalableTargetsCommand } = await load();
  const command = new DescribeScalableTargetsCommand({
    ServiceNamespace: 'ecs',
    ScalableDimension: 'ecs:service:DesiredCount',
    ResourceIds: [...resourceIds],
  });
  const { ScalableTargets = [] } = await client.send(command, { abortSignal });
  return ScalableTargets;
};

/**
 * Those of the services that Application Auto Scaling may change too. Throws whatever the call did, a time-out 1.5 s after the call included.
 *
 * @param resourceIds see {@link resourceIdOf}
 */
export const otherControllers = async (
  resourceIds: readonly string[],
): Promise<readonly OtherController[]> => {
  // Before the time is taken: a cold start on a busy machine is no slow answer.
  await load();
  const abortSignal = AbortSignal.timeout(TIME_LIMIT_MS);
  const calls = Array.from({ length: Math.ceil(resourceIds.length / SERVICES_PER_CALL) }, (_, nth) =>
    describe(resourceIds.slice(nth * SERVICES_PER_CALL, (nth + 1) * SERVICES_PER_CALL), abortSignal),
  );
  return (await Promise.all(calls))
    .flat()
    .filter((target) => !isSuspended(target))
    .map(({ ResourceId = '', MinCapacity: min, MaxCapacity: max }) => ({ resourceId: ResourceId, min, max }));
};
