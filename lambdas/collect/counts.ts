/**
 * What ECS says of the services: DescribeServices, ten services a call, clusters side by side. A service that ECS
 * cannot show has *unknown* counts with the reason; the others go on.
 */
import type { Service as EcsService } from '@aws-sdk/client-ecs';
import { explain } from '../contract/aws-errors.ts';
import { chunksOf } from '../contract/chunks.ts';
import { keyOf } from '../contract/config.ts';
import { nameOf } from '../contract/errors.ts';
import type { Counts } from '../contract/records.ts';
import { ecs } from './ecs-client.ts';

/** What one DescribeServices takes. */
const SERVICES_PER_CALL = 10;

/** Well under the shortest usual tick. */
const TIME_LIMIT_MS = 3000;

interface Named {
  readonly cluster: string;
  readonly service: string;
}

/** A service as it was seen; `described` is what ECS said, where it said anything. */
export interface Look {
  readonly counts: Counts;
  readonly described?: EcsService;
}

/**
 * A deployment is in progress while an older revision still runs or the newest has not finished rolling out. Running
 * then counts both revisions, which is why decisions are based on `desired`.
 */
const countsOf = (service: EcsService): Counts => {
  const { desiredCount, runningCount = 0, pendingCount = 0, deployments = [], status } = service;
  if (status !== undefined && status !== 'ACTIVE') {
    return {
      known: false,
      why: `service ${service.serviceName} is ${status}: create it again, or take it out of the configuration`,
      error: status,
    };
  }
  if (desiredCount === undefined)
    return { known: false, why: 'ECS answered without a desired count', error: 'UnusableAnswer' };
  const deploying = deployments.length > 1 || deployments[0]?.rolloutState === 'IN_PROGRESS';
  return { desired: desiredCount, running: runningCount, pending: pendingCount, deploying };
};

const describe = async (
  cluster: string,
  names: readonly string[],
): Promise<readonly (readonly [string, Look])[]> => {
  const key = (service: string): string => keyOf({ cluster, service });
  try {
    const { DescribeServicesCommand } = await import('@aws-sdk/client-ecs');
    const command = new DescribeServicesCommand({ cluster, services: [...names] });
    const { services = [] } = await (await ecs()).send(command, {
      abortSignal: AbortSignal.timeout(TIME_LIMIT_MS),
    });
    return names.map((name) => {
      const found = services.find(
        ({ serviceName, serviceArn }) => serviceName === name || serviceArn === name,
      );
      if (found !== undefined) return [key(name), { counts: countsOf(found), described: found }] as const;
      const why = `there is no service ${name} in cluster ${cluster}: check cluster, service and region`;
      return [key(name), { counts: { known: false, why, error: 'MISSING' } }] as const;
    });
  } catch (thrown) {
    // IAM refuses the whole call for one forbidden service; the others must not be blinded by it.
    if (names.length > 1 && nameOf(thrown).startsWith('AccessDenied')) {
      return (await Promise.all(names.map((name) => describe(cluster, [name])))).flat();
    }
    const why =
      nameOf(thrown) === 'ClusterNotFoundException'
        ? `there is no cluster ${cluster} in this account and region: check cluster and region`
        : explain(thrown, 'ecs:DescribeServices', `service ${cluster}/${names.join(', ')}`);
    const counts = { known: false, why, error: nameOf(thrown) } as const;
    return names.map((name) => [key(name), { counts }] as const);
  }
};

const look = async (services: readonly Named[]): Promise<ReadonlyMap<string, Look>> => {
  const clusters = [...new Set(services.map(({ cluster }) => cluster))];
  const calls = clusters.flatMap((cluster) => {
    const names = [
      ...new Set(services.filter((each) => each.cluster === cluster).map(({ service }) => service)),
    ];
    return chunksOf(names, SERVICES_PER_CALL).map((chunk) => describe(cluster, chunk));
  });
  return new Map((await Promise.all(calls)).flat());
};

/** Every tick has a list of its own, so this is one look a tick, whoever else wants to know. */
const looks = new WeakMap<readonly Named[], Promise<ReadonlyMap<string, Look>>>();

/** What ECS says of each, by `cluster/service`; asked once for one and the same list. */
export const lookAt = (services: readonly Named[]): Promise<ReadonlyMap<string, Look>> => {
  const looked = looks.get(services) ?? look(services);
  looks.set(services, looked);
  return looked;
};

/** Counts by `cluster/service`. */
export const countsByService = async (services: readonly Named[]): Promise<ReadonlyMap<string, Counts>> =>
  new Map([...(await lookAt(services))].map(([key, { counts }]) => [key, counts]));
