/**
 * A configuration without anything that would be so anyway. A key is left out when the configuration means the same without it: so nobody
 * needs to know what the defaults are, and what is left always means what it did.
 */
import { isDeepStrictEqual } from 'node:util';
import { sourceSchema } from '../../lambdas/collect/sources/registry.ts';
import { type Fields, isObject } from '../../lambdas/contract/dialects/values.ts';
import { ConfigError } from '../../lambdas/contract/errors.ts';
import { expand } from '../../lambdas/contract/expand.ts';
import { parseConfig } from '../../lambdas/contract/parse.ts';

const without = (fields: Fields, key: string): Fields => {
  const { [key]: _, ...rest } = fields;
  return rest;
};

/** @param means the same as before, with this in the place of `value` */
const pruned = (value: unknown, means: (candidate: unknown) => boolean): unknown => {
  if (Array.isArray(value)) {
    let items: readonly unknown[] = value;
    value.forEach((item, nth) => {
      items = items.with(
        nth,
        pruned(item, (each) => means(items.with(nth, each))),
      );
    });
    return items;
  }
  if (!isObject(value)) return value;
  let fields = value;
  for (const key of Object.keys(value)) {
    const rest = without(fields, key);
    if (means(rest)) fields = rest;
    else fields = { ...fields, [key]: pruned(fields[key], (each) => means({ ...fields, [key]: each })) };
  }
  return fields;
};

const meaning = (raw: unknown): unknown => {
  try {
    return parseConfig(raw, sourceSchema);
  } catch (thrown) {
    if (thrown instanceof ConfigError) return undefined;
    throw thrown;
  }
};

/** One part after the other beside a service that is right: each of a hundred services costs what it costs alone. */
const prunedIn = (whole: (part: unknown) => unknown, part: unknown): unknown => {
  const before = meaning(whole(part));
  if (before === undefined) return part;
  return pruned(part, (candidate) => isDeepStrictEqual(meaning(whole(candidate)), before));
};

/** What one looks for first. */
const ORDER = ['cluster', 'service', 'tasks', 'source', 'sources', 'combine', 'policy', 'policies'];

const ordered = (service: unknown): unknown => {
  if (!isObject(service)) return service;
  const first = ORDER.filter((key) => Object.hasOwn(service, key)).map((key) => [key, service[key]]);
  return { ...Object.fromEntries(first), ...service };
};

/**
 * @param raw a configuration that `parseConfig` takes
 * @returns one that means the same, without defaults, its parts in the order in which ours are written
 */
export const concise = (raw: unknown): Fields => {
  const {
    $schema: _,
    loop,
    clusters,
    groups,
    services,
    ...rest
  } = expand(raw).raw as Fields & {
    readonly services: readonly unknown[];
    readonly clusters?: readonly unknown[];
  };
  const [any] = services;
  const shortLoop = prunedIn((each) => ({ loop: each, services: [any] }), loop);
  return {
    ...(loop === undefined || isDeepStrictEqual(shortLoop, {}) ? {} : { loop: shortLoop }),
    ...rest,
    ...(clusters === undefined || clusters.length === 0
      ? {}
      : {
          clusters: clusters.map((cluster) =>
            prunedIn((each) => ({ clusters: [each], services: [any] }), cluster),
          ),
        }),
    ...(groups === undefined ? {} : { groups }),
    services: services.map((service) => prunedIn((each) => ({ services: [each] }), ordered(service))),
  };
};
