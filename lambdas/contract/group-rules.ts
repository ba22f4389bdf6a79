/** From the groups as they are written to groups whose every name is resolved, and what no schema can say of them. */
import { type Config, keyOf } from './config.ts';
import type { ConfigProblem } from './errors.ts';
import type { Group } from './groups.ts';
import { unknownName } from './wording.ts';

const members = (written: string, keys: readonly string[]): readonly string[] =>
  written.endsWith('/*')
    ? keys.filter((key) => key.slice(0, key.lastIndexOf('/')) === written.slice(0, -2))
    : keys.filter((key) => key === written);

/** The groups with every name resolved; names that no service has are left out (and reported by {@link groupProblems}). */
export const groupsOf = ({
  groups = [],
  services,
}: Pick<Config, 'groups' | 'services'>): readonly Group[] => {
  const keys = [...new Set(services.map(keyOf))];
  return groups.map(({ services: written, maxTotalTasks, priority = [] }) => {
    const named = new Set(written.flatMap((each) => members(each, keys)));
    const ranks = Array.isArray(priority)
      ? priority.map((each, nth) => [each, priority.length - nth] as const)
      : Object.entries(priority);
    // A service that is named beats the cluster it is in.
    const wide = [...ranks].sort(([a], [b]) => Number(b.endsWith('/*')) - Number(a.endsWith('/*')));
    return {
      services: keys.filter((key) => named.has(key)),
      maxTotalTasks,
      rank: Object.fromEntries(
        wide.flatMap(([each, rank]) =>
          members(each, keys)
            .filter((key) => named.has(key))
            .map((key) => [key, rank] as const),
        ),
      ),
    };
  });
};

const unknownMembers = (names: readonly string[], keys: readonly string[], path: (nth: number) => string) =>
  names.flatMap((name, nth) =>
    members(name, keys).length > 0 ? [] : [{ path: path(nth), message: unknownName('service', name, keys) }],
  );

const repeatedPriorities = (names: readonly string[], path: string) =>
  names.flatMap((name, nth) => {
    const first = names.indexOf(name);
    const message = `"${name}" is at priority[${first}] already; keep one of the two`;
    return first === nth ? [] : [{ path: `${path}[${nth}]`, message }];
  });

/** Everything about the groups that no schema can say. */
export const groupProblems = (config: Pick<Config, 'groups' | 'services'>): readonly ConfigProblem[] => {
  const { groups = [], services } = config;
  const keys = services.map(keyOf);
  const first = new Map<string, number>();
  return groupsOf(config).flatMap((group, nth) => {
    const path = `groups[${nth}]`;
    const written = groups[nth];
    const priority = written?.priority ?? [];
    const names = Array.isArray(priority) ? priority : Object.keys(priority);
    const twice = group.services.flatMap((key) => {
      const earlier = first.get(key);
      if (earlier === undefined) first.set(key, nth);
      return earlier === undefined
        ? []
        : [
            {
              path: `${path}.services`,
              message: `"${key}" is in groups[${earlier}] already; a service has one budget`,
            },
          ];
    });
    const least = services
      .filter((each) => group.services.includes(keyOf(each)))
      .reduce((sum, { tasks }) => sum + tasks.min, 0);
    const starving =
      least > group.maxTotalTasks
        ? [
            {
              path: `${path}.maxTotalTasks`,
              message: `${group.maxTotalTasks} is below ${least}, what these services have as tasks.min together; raise it, or lower those`,
            },
          ]
        : [];
    return [
      ...unknownMembers(written?.services ?? [], keys, (index) => `${path}.services[${index}]`),
      ...unknownMembers(names, group.services, (index) =>
        Array.isArray(priority) ? `${path}.priority[${index}]` : `${path}.priority`,
      ),
      ...repeatedPriorities(names, `${path}.priority`),
      ...twice,
      ...starving,
    ];
  });
};
