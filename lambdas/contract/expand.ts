/**
 * Defaults: what a configuration says once for all services (`defaults`) or for those of a cluster (`clusters[n].defaults`) is put into each
 * service that does not say otherwise. Done before anything is checked, so that every reader of a configuration sees whole services.
 *
 * The nearest word wins: the service's, then its cluster's, then the general one. Bounds, cooldowns and other objects of plain settings are
 * merged key by key, so that `tasks: { max: 50 }` keeps the default `min`; a source, a policy or a list is taken whole.
 */
import { type Fields, isObject } from './dialects/values.ts';
import type { ConfigProblem } from './errors.ts';
import { pathOf, type Steps, stepsOf } from './path.ts';

/** Whose keys are settings of their own; everything else is one thing. */
const MERGED: ReadonlySet<string> = new Set(['tasks', 'cooldown', 'stabilization', 'idle']);

/** Two ways to say the same: whoever says one of them does not want the default of the other. */
const RIVALS: Readonly<Record<string, string>> = {
  source: 'sources',
  sources: 'source',
  policy: 'policies',
  policies: 'policy',
};

const over = (general: Fields, own: Fields): Fields => {
  const kept = Object.entries(general).filter(([key]) => {
    const rival = RIVALS[key];
    return rival === undefined || !Object.hasOwn(own, rival);
  });
  const merged = Object.entries(own).map(([key, value]) => {
    const before = general[key];
    const both = MERGED.has(key) && isObject(before) && isObject(value);
    return [key, both ? { ...before, ...value } : value];
  });
  return { ...Object.fromEntries(kept), ...Object.fromEntries(merged) };
};

export interface Expanded {
  /** The same configuration with whole services and without defaults. */
  readonly raw: unknown;
  /** The problem at the place where what it is about was written. */
  readonly placed: (problem: ConfigProblem) => ConfigProblem;
}

const isThere = (value: unknown, steps: Steps): boolean => {
  let place = value;
  for (const step of steps) {
    if (typeof place !== 'object' || place === null || !Object.hasOwn(place, step)) return false;
    place = (place as Record<PropertyKey, unknown>)[step];
  }
  return true;
};

/** What has defaults of its own is a cluster of the list, by its name. */
const clusterOf = (clusters: readonly unknown[], name: unknown): number =>
  clusters.findIndex((each) => isObject(each) && each['cluster'] === name);

/** A value that is no configuration at all is left for the schema to refuse. */
export const expand = (raw: unknown): Expanded => {
  const asItIs: Expanded = { raw, placed: (problem) => problem };
  if (!isObject(raw) || !Array.isArray(raw['services'])) return asItIs;
  const { defaults: general, ...rest } = raw;
  const services: readonly unknown[] = raw['services'];
  const clusters: readonly unknown[] = Array.isArray(raw['clusters']) ? raw['clusters'] : [];
  const ofCluster = (nth: number): unknown => (clusters[nth] as Fields | undefined)?.['defaults'];
  if (general === undefined && clusters.every((_, nth) => ofCluster(nth) === undefined)) return asItIs;

  const placesOf = (service: unknown): readonly { readonly steps: Steps; readonly value: unknown }[] => {
    const nth = clusterOf(clusters, (service as Fields | null)?.['cluster']);
    return [
      { steps: ['clusters', nth, 'defaults'], value: ofCluster(nth) },
      { steps: ['defaults'], value: general },
    ];
  };
  const whole = services.map((service) =>
    isObject(service)
      ? placesOf(service)
          .map(({ value }) => value)
          .filter(isObject)
          .reduce((own: Fields, wider) => over(wider, own), service)
      : service,
  );
  const bare = clusters.map((each) => {
    if (!isObject(each)) return each;
    const { defaults: _, ...other } = each;
    return other;
  });
  return {
    raw: {
      ...rest,
      services: whole,
      ...(raw['clusters'] === undefined
        ? {}
        : { clusters: Array.isArray(raw['clusters']) ? bare : raw['clusters'] }),
    },
    placed: (problem) => {
      const [top, nth, ...inner] = stepsOf(problem.path);
      const [option] = inner;
      if (top !== 'services' || typeof nth !== 'number' || option === undefined) return problem;
      const service = services[nth];
      if (
        isThere(service, inner) ||
        (isObject(service) && Object.hasOwn(service, option) && !MERGED.has(String(option)))
      )
        return problem;
      const place = placesOf(service).find(
        ({ value }) => isThere(value, inner) || (isThere(value, [option]) && !MERGED.has(String(option))),
      );
      return place === undefined ? problem : { ...problem, path: pathOf([...place.steps, ...inner]) };
    },
  };
};
