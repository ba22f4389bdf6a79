/**
 * From what somebody wrote to a configuration that the rooms can trust, or to every problem at once.
 */
import type * as z from 'zod';
import { type Config, configSchema, keyOf } from './config.ts';
import { withDefaults } from './default-rules.ts';
import { ConfigError, type ConfigProblem } from './errors.ts';
import { expand } from './expand.ts';
import { groupProblems } from './group-rules.ts';
import { plainSecrets } from './plain-secrets.ts';
import { contradictionsIn } from './policy-rules.ts';
import { inspect } from './problems.ts';
import { sourceRules } from './source-rules.ts';

/** Two loops over one ECS service would undo each other's counts, so a service stands in a configuration once. */
const repeated = (raw: unknown): readonly ConfigProblem[] => {
  const services: unknown = (raw as { services?: unknown } | null | undefined)?.services;
  if (!Array.isArray(services)) return [];
  const first = new Map<string, number>();
  return services.flatMap((entry: unknown, index) => {
    const { cluster, service } = (entry ?? {}) as { cluster?: unknown; service?: unknown };
    if (typeof cluster !== 'string' || typeof service !== 'string') return [];
    const key = keyOf({ cluster, service });
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, index);
      return [];
    }
    const message =
      `"${key}" is already at services[${earlier}]; keep one of the two, ` +
      'with sources: [...] and policies: [...] where it needs several';
    return [{ path: `services[${index}]`, message }];
  });
};

/** A cluster that is described twice would have two words on the same. */
const repeatedClusters = (raw: unknown): readonly ConfigProblem[] => {
  const clusters: unknown = (raw as { clusters?: unknown } | null | undefined)?.clusters;
  if (!Array.isArray(clusters)) return [];
  const names = clusters.map((each: unknown) => (each as { cluster?: unknown } | null)?.cluster);
  return names.flatMap((name, nth) => {
    const first = names.indexOf(name);
    if (typeof name !== 'string' || first === nth) return [];
    return [
      {
        path: `clusters[${nth}]`,
        message: `"${name}" is already at clusters[${first}]; keep one of the two`,
      },
    ];
  });
};

const once = (problems: readonly ConfigProblem[]): readonly ConfigProblem[] => [
  ...new Map(problems.map((problem) => [`${problem.path}\n${problem.message}`, problem])).values(),
];

/**
 * Parses a whole configuration, defaults filled in and durations in seconds.
 *
 * @param source the union of every source's options, or `anySource`
 * @param origin where it came from, for the error: a file's name, say
 * @throws ConfigError with every problem at once
 */
export const parseConfig = (raw: unknown, source: z.ZodType, origin?: string): Config => {
  const { raw: whole, placed } = expand(raw);
  const found = inspect(configSchema(source), whole);
  // Every source has at least a `type`, which is all that this type says of it.
  const config = 'value' in found ? (found.value as Config) : undefined;
  const contradictions =
    config === undefined
      ? []
      : [...contradictionsIn(config, sourceRules.get(source)), ...groupProblems(config)];
  const problems = once([
    ...withDefaults(raw, source, {
      placed,
      problems: [...found.problems, ...contradictions, ...repeated(whole)],
    }),
    ...repeatedClusters(raw),
    ...plainSecrets(raw),
  ]);
  if (problems.length > 0 || config === undefined) throw new ConfigError(problems, origin);
  return config;
};

/**
 * Parses the options of one source.
 *
 * @param path of this source in the configuration, put before every problem's own
 * @throws ConfigError with every problem at once
 */
export const parseSource = <S extends z.ZodType>(raw: unknown, source: S, path: string): z.output<S> => {
  const found = inspect(source, raw);
  if ('value' in found) return found.value;
  const inner = (sub: string) =>
    sub === '' || sub.startsWith('[') || path === '' ? path + sub : `${path}.${sub}`;
  throw new ConfigError(found.problems.map((problem) => ({ ...problem, path: inner(problem.path) })));
};
