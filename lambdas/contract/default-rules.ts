/**
 * What is wrong with defaults, told where they stand. They are checked by themselves first, then as part of the services that they went into:
 * what is wrong in them is wrong once and not in every service.
 */
import type * as z from 'zod';
import { defaultsSchema } from './config.ts';
import type { ConfigProblem } from './errors.ts';
import type { Expanded } from './expand.ts';
import { pathOf, type Steps } from './path.ts';
import { inspect } from './problems.ts';
import { unknownName } from './wording.ts';

const wrongDefaults = (raw: unknown, source: z.ZodType): readonly ConfigProblem[] => {
  const { defaults, clusters } = (raw ?? {}) as { defaults?: unknown; clusters?: unknown };
  const places: readonly { readonly steps: Steps; readonly value: unknown }[] = [
    { steps: ['defaults'], value: defaults },
    ...(Array.isArray(clusters)
      ? clusters.map((each: unknown, nth) => ({
          steps: ['clusters', nth, 'defaults'],
          value: (each as { defaults?: unknown } | null)?.defaults,
        }))
      : []),
  ];
  return places.flatMap(({ steps, value }) =>
    value === undefined
      ? []
      : inspect(defaultsSchema(source), value).problems.map(({ path, message }) => ({
          message,
          path: path === '' ? pathOf(steps) : `${pathOf(steps)}${path.startsWith('[') ? '' : '.'}${path}`,
        })),
  );
};

/** Defaults of a cluster in which no service is would be dropped in silence: most likely its name is written in another way. */
const unusedDefaults = (raw: unknown): readonly ConfigProblem[] => {
  const { clusters, services } = (raw ?? {}) as { clusters?: unknown; services?: unknown };
  if (!Array.isArray(clusters) || !Array.isArray(services)) return [];
  const clusterOf = (each: unknown) => (each as { cluster?: unknown } | null)?.cluster;
  const known = [...new Set(services.map(clusterOf))].filter((each) => typeof each === 'string');
  return clusters.flatMap((each: unknown, nth) => {
    const name = clusterOf(each);
    const { defaults } = (each ?? {}) as { defaults?: unknown };
    if (defaults === undefined || typeof name !== 'string' || known.includes(name)) return [];
    return [{ path: `clusters[${nth}].cluster`, message: unknownName('cluster', name, known) }];
  });
};

/** What is wrong with a default only beside what some services say: told once, with the first of them. */
const toldOnce = (
  moved: readonly { readonly from: string; readonly problem: ConfigProblem }[],
): readonly ConfigProblem[] => {
  const services = new Map<string, { readonly problem: ConfigProblem; readonly from: readonly string[] }>();
  for (const { from, problem } of moved) {
    const key = `${problem.path}\n${problem.message}`;
    services.set(key, { problem, from: [...(services.get(key)?.from ?? []), from] });
  }
  return [...services.values()].map(({ problem: { path, message }, from }) => {
    const others = from.length === 1 ? '' : ` and ${from.length - 1} more`;
    return { path, message: `${message} (${from[0]}${others})` };
  });
};

/**
 * All problems of a configuration with those of its defaults in the place where these stand.
 *
 * @param raw as it was written
 * @param found `problems`: of the same with whole services
 */
export const withDefaults = (
  raw: unknown,
  source: z.ZodType,
  { placed, problems }: Pick<Expanded, 'placed'> & { readonly problems: readonly ConfigProblem[] },
): readonly ConfigProblem[] => {
  const alone = wrongDefaults(raw, source);
  const all = problems.map((problem) => ({
    from: /^services\[\d+\]/.exec(problem.path)?.[0] ?? '',
    problem: placed(problem),
    isMoved: placed(problem).path !== problem.path,
  }));
  const isNew = ({ path }: ConfigProblem) => !alone.some((each) => each.path === path);
  return [
    ...alone,
    ...toldOnce(all.filter(({ isMoved, problem }) => isMoved && isNew(problem))),
    ...all.filter(({ isMoved }) => !isMoved).map(({ problem }) => problem),
    ...unusedDefaults(raw),
  ];
};
