/**
 * The capacity providers of the cluster that stand for this group. One with managed scaling moves the group itself, and then nobody else
 * should; which are there changes rarely, so they are asked for at the first look and every ten minutes, and at every tick while that fails.
 */

import { lastPart } from '../../contract/arn.ts';
import { chunksOf } from '../../contract/chunks.ts';
import { ecs } from '../ecs-client.ts';
import { asking, Unseen } from './asking.ts';

const EVERY_MS = 600_000;

/** A call takes more names, but answers ten of them. */
const PROVIDERS_PER_PAGE = 10;

export interface Providers {
  /** All that stand for the group. */
  readonly names: readonly string[];
  /** The one whose managed scaling moves it. */
  readonly movedBy: string | undefined;
}

/** AWS's own, which have no hosts. */
const HOSTLESS: ReadonlySet<string> = new Set(['FARGATE', 'FARGATE_SPOT']);

const ask = async (cluster: string, group: string, abortSignal: AbortSignal): Promise<Providers> => {
  const sdk = await import('@aws-sdk/client-ecs');
  const client = await ecs();
  const { clusters: [found] = [] } = await asking('ecs:DescribeClusters', `cluster ${cluster}`, () =>
    client.send(new sdk.DescribeClustersCommand({ clusters: [cluster] }), { abortSignal }),
  );
  if (found === undefined)
    throw new Unseen(
      `there is no cluster ${cluster} in this account and region: check cluster and region`,
      'ClusterNotFoundException',
    );
  const capacityProviders = (found.capacityProviders ?? []).filter((name) => !HOSTLESS.has(name));
  if (capacityProviders.length === 0) return { names: [], movedBy: undefined };
  const pages = chunksOf(capacityProviders, PROVIDERS_PER_PAGE).map((page) =>
    asking('ecs:DescribeCapacityProviders', page.join(', '), () =>
      client.send(new sdk.DescribeCapacityProvidersCommand({ capacityProviders: page }), { abortSignal }),
    ),
  );
  const described = (await Promise.all(pages)).flatMap(({ capacityProviders: each = [] }) => each);
  const own = described.filter(
    ({ autoScalingGroupProvider }) =>
      lastPart(autoScalingGroupProvider?.autoScalingGroupArn ?? '') === lastPart(group),
  );
  return {
    names: own.flatMap(({ name }) => name ?? []),
    movedBy: own.find(
      ({ autoScalingGroupProvider }) => autoScalingGroupProvider?.managedScaling?.status === 'ENABLED',
    )?.name,
  };
};

const seen = new Map<string, { readonly providers: Providers; readonly at: number }>();

/**
 * @param onLook called with what a look has found, and not with what is remembered of one
 * @throws Unseen
 */
export const providersOf = async (
  cluster: string,
  group: string,
  abortSignal: AbortSignal,
  onLook: (providers: Providers) => void,
): Promise<Providers> => {
  const key = `${cluster} ${group}`;
  const before = seen.get(key);
  if (before !== undefined && performance.now() - before.at < EVERY_MS) return before.providers;
  const providers = await ask(cluster, group, abortSignal);
  seen.set(key, { providers, at: performance.now() });
  onLook(providers);
  return providers;
};
