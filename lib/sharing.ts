/**
 * What services have together: the budget of their group, the hosts of their cluster. Whoever decides on it has to see all of them, so they are
 * in one lane, and that lane's file has it.
 */
import type { ClusterCapacity } from '../lambdas/contract/capacity.ts';
import { type Config, keyOf } from '../lambdas/contract/config.ts';
import { groupsOf } from '../lambdas/contract/group-rules.ts';
import type { Tie } from './lanes.ts';

/** Where a configuration says it, as it was written. */
export interface Sharing {
  readonly groups?: readonly unknown[];
  readonly clusters?: readonly unknown[];
}

const placesOf = <T>(all: readonly T[], has: (one: T) => boolean): readonly number[] =>
  all.flatMap((each, index) => (has(each) ? [index] : []));

const nameOf = (cluster: string): string => cluster.slice(cluster.lastIndexOf('/') + 1);

/** A host as it was seen, with all its fields. */
const HOST = 270;
/** So many hosts are thought of where the configuration does not say how many there may be. */
const HOSTS = 50;
/** What a task of one service needs, besides the service's name. */
const NEED = 60;

interface Shared extends Tie {
  readonly of: 'groups' | 'clusters';
  readonly nth: number;
  readonly capacity?: ClusterCapacity | undefined;
}

/** Every budget and every cluster's hosts, with the places of the services that share it. */
const sharedIn = (config: Config): readonly Shared[] => {
  const { services, clusters = [] } = config;
  const groups = groupsOf(config).map(({ services: keys }, nth): Shared => {
    const members = placesOf(services, (each) => keys.includes(keyOf(each)));
    // Every member by its name, and once more with its rank.
    const bytes = keys.reduce((sum, key) => sum + 2 * key.length + 10, 60);
    return { of: 'groups', nth, path: `groups[${nth}]`, services: members, bytes };
  });
  const hosts = clusters.flatMap(({ cluster, capacity }, nth): readonly Shared[] => {
    if (capacity === undefined) return [];
    const members = placesOf(services, (each) => nameOf(each.cluster) === nameOf(cluster));
    const path = `clusters[${nth}].capacity`;
    const needs = members.reduce((sum, each) => sum + NEED + (services[each]?.service.length ?? 0), 0);
    const bytes = HOST * (capacity.max ?? HOSTS) + needs;
    return [{ of: 'clusters', nth, path, services: members, bytes, capacity: { cluster, ...capacity } }];
  });
  return [...groups, ...hosts];
};

const over = (written: readonly unknown[], known: readonly object[]): readonly unknown[] =>
  written.map((each, nth) => ({ ...(each as object), ...known[nth] }));

/**
 * The same with every name of a cluster or service as far as synth knows it, so that the defaults of a cluster and the members of a group find
 * their services by whatever variable each of them names it.
 */
export const withNames = <W extends Sharing & { readonly services: readonly unknown[] }>(
  written: W,
  { services, clusters = [], groups = [] }: Config,
): W => {
  if (written.clusters === undefined && written.groups === undefined) return written;
  const named = services.map(({ cluster, service }) => ({ cluster, service }));
  return {
    ...written,
    services: over(written.services, named),
    ...(written.clusters && {
      clusters: over(
        written.clusters,
        clusters.map(({ cluster }) => ({ cluster })),
      ),
    }),
    ...(written.groups && { groups: over(written.groups, groups) }),
  };
};

/** Which services have to be in one lane. */
export const tiesOf = (config: Config): readonly Tie[] =>
  sharedIn(config).filter(({ services }) => services.length > 0);

/** What of it belongs into the file of a lane with these services; hosts of a cluster without any belong to the first lane. */
export const sharingOf = (
  config: Config,
  written: Sharing,
  lane: { readonly services: ReadonlySet<number>; readonly isFirst: boolean },
): { readonly file: Sharing; readonly capacities: readonly ClusterCapacity[] } => {
  const here = sharedIn(config).filter(({ services: [one] }) =>
    one === undefined ? lane.isFirst : lane.services.has(one),
  );
  const entries = (['groups', 'clusters'] as const).flatMap((of) => {
    const places = here.filter((each) => each.of === of).map(({ nth }) => written[of]?.[nth]);
    return places.length === 0 ? [] : [[of, places] as const];
  });
  return { file: Object.fromEntries(entries), capacities: here.flatMap(({ capacity }) => capacity ?? []) };
};
