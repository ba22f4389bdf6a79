/**
 * Clusters with EC2 hosts for tests: ECS and EC2 Auto Scaling in their own wire formats on one world, seen while they work and made to
 * refuse. Clients of this process find them by the environment.
 */

import type { Size } from '../../lambdas/contract/capacity.ts';
import { startEndpoints } from '../../local/endpoints/aws.ts';
import { AwsFault } from '../../local/endpoints/aws-json.ts';
import type { HostsBackend } from '../../local/endpoints/ecs/backend.ts';
import type { HostGroup } from '../../local/world/state.ts';
import { createWorld, setDesired, type World } from '../../local/world.ts';
import { type Front, startFront } from './front.ts';

export const HOST: Size = { cpu: 2048, memory: 4096 };
export const TASK: Size = { cpu: 512, memory: 1024 };

export interface HostsAws {
  world: World;
  readonly change: HostsBackend['change'];
  /** `ecs:ListTasks` and the like, in their order. */
  readonly calls: string[];
  /** Actions that are denied, by the same names. */
  readonly denied: Set<string>;
  /** In front of ECS: may keep a call waiting. */
  readonly ecs: Front;
  /** The Auto Scaling groups' own answers, to be changed by a test. */
  readonly told: { suspended: readonly string[]; refreshes: readonly string[] };
  readonly close: () => Promise<void>;
}

/** @param more hosts or bounds of the group, beside the usual ones */
export const group = (
  name: string,
  cluster: string,
  desired: number,
  more: Partial<HostGroup> = {},
): HostGroup => ({
  ...{ name, cluster, desired, min: 0, max: 200, type: 'm7g.large', size: HOST },
  ...{ startUpMs: 24_000, protectedFromScaleIn: false },
  ...more,
});

/** A group of two hosts, in a cluster of its own, on which a service has four tasks. */
const usual = (): World =>
  createWorld({
    ...{ seed: 1, startUpMs: 8000, startUpSigma: 0 },
    services: [{ cluster: 'shop', service: 'orders', desired: 4, needs: TASK }],
    groups: [group('shop-hosts', 'shop', 2)],
  });

export const startHosts = async (
  capacityProviders: NonNullable<HostsBackend['capacityProviders']> = [],
): Promise<HostsAws> => {
  const calls: string[] = [];
  const denied = new Set<string>();
  const told: HostsAws['told'] = { suspended: [], refreshes: [] };
  const change: HostsBackend['change'] = (how) => {
    aws.world = how(aws.world);
  };
  const endpoints = await startEndpoints({
    services: () => aws.world.services,
    setDesired: (cluster, service, desired) =>
      change((world) => setDesired(world, cluster, service, desired)),
    hosts: {
      world: () => aws.world,
      change,
      capacityProviders,
      suspended: () => told.suspended,
      refreshes: () => told.refreshes,
    },
    count: (api) => {
      calls.push(api);
      if (denied.has(api)) throw new AwsFault('AccessDeniedException', `not authorized to perform: ${api}`);
    },
  });
  const ecs = await startFront(String(endpoints.env['AWS_ENDPOINT_URL_ECS']));
  Object.assign(process.env, endpoints.env, { AWS_ENDPOINT_URL_ECS: ecs.url, LOG_LEVEL: 'SILENT' });
  const aws: HostsAws = {
    ...{ world: usual(), change, calls, denied, ecs, told },
    close: async () => {
      await ecs.close();
      await endpoints.close();
    },
  };
  return aws;
};
