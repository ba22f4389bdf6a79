/** The hosts of an embedded run: an Auto Scaling group for each cluster that has `capacity`, and what they look like once a second. */
import type { Size } from '../../lambdas/contract/capacity.ts';
import { type Config, capacitiesOf } from '../../lambdas/contract/config.ts';
import type { HostsEvent } from '../events.ts';
import { loadsOf } from '../world/placement.ts';
import type { HostGroup } from '../world/state.ts';
import type { World } from '../world.ts';

/** A c7g.large, less what its agent keeps for itself. */
const TYPE = 'c7g.large';
const SIZE: Size = { cpu: 2048, memory: 3884 };

/** Three of them fit on such a host. */
const TASK: Size = { cpu: 512, memory: 1024 };

/** The bounds of a group whose configuration leaves them to the group. */
const BOUNDS = { min: 0, max: 10 };

/** An instance boots, and its agent joins the cluster: so much longer than a task's start that is. */
const SLOWER = 3;

const nameOf = (nameOrArn: string): string => nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);

const isIn = (cluster: string, each: { readonly cluster: string }): boolean =>
  nameOf(each.cluster) === nameOf(cluster);

/** What one task of a service takes of a host; undefined: its cluster has none, so it runs on Fargate. */
export const needsOf = (config: Config, service: { readonly cluster: string }): Size | undefined =>
  capacitiesOf(config).some(({ cluster }) => isIn(cluster, service)) ? TASK : undefined;

/** Groups with the fewest hosts, or as many as the fewest tasks of their services need. */
export const groupsOf = (config: Config, startUpMs: number): readonly HostGroup[] =>
  capacitiesOf(config).map(({ cluster, autoScalingGroup, instance = SIZE, ...given }) => {
    const { min = BOUNDS.min, max = Math.max(min, BOUNDS.max) } = given;
    const perHost = Math.floor(Math.min(instance.cpu / TASK.cpu, instance.memory / TASK.memory));
    const tasks = config.services
      .filter((service) => isIn(cluster, service))
      .reduce((sum, service) => sum + service.tasks.min, 0);
    const needed = perHost > 0 ? Math.ceil(tasks / perHost) : 0;
    return {
      ...{ name: autoScalingGroup, cluster, min, max, desired: Math.min(max, Math.max(min, needed)) },
      ...{ type: TYPE, size: instance, startUpMs: SLOWER * startUpMs, protectedFromScaleIn: false },
    };
  });

/** Three digits: a view shows two of them. */
const share = (used: number, total: number): number =>
  total > 0 ? Math.round((1000 * used) / total) / 1000 : 0;

/** What a host looks like that offers `total`, of which tasks have reserved `used`. */
export const lookOf = (used: Size, total: Size): Pick<HostsEvent['hosts'][number], 'cpu' | 'memory'> => ({
  cpu: share(used.cpu, total.cpu),
  memory: share(used.memory, total.memory),
});

/** The hosts of each cluster as they are now. */
export const looksOf = (world: World): readonly Omit<HostsEvent, 'kind' | 't'>[] => {
  const loads = loadsOf(world);
  return (world.capacity?.groups ?? []).map(({ name, cluster, desired }) => {
    const hosts = (world.capacity?.hosts ?? []).filter(({ group }) => group === name);
    return {
      ...{ cluster, autoScalingGroup: name, desired },
      hosts: hosts.map((host) => {
        const { running = 0, pending = 0, used = { cpu: 0, memory: 0 } } = loads.get(host.id) ?? {};
        return { id: host.id, status: host.status, tasks: running + pending, ...lookOf(used, host) };
      }),
    };
  });
};
