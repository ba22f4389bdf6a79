/**
 * Several parts made one configuration: services, groups and clusters one after the other, everything else at most once. A problem is
 * told in the words of the part that it stands in, `orders.yaml:7:5 services[0]…`, whatever its number became.
 */
import { isDeepStrictEqual } from 'node:util';
import { type Fields, isObject } from '../lambdas/contract/dialects/values.ts';
import type { ConfigProblem } from '../lambdas/contract/errors.ts';
import { pathOf, stepsOf } from '../lambdas/contract/path.ts';
import { shown } from '../lambdas/contract/wording.ts';
import type { Part } from './config-part.ts';

export interface Merged {
  readonly raw: unknown;
  /** What no part may say, or what is said twice. */
  readonly problems: readonly ConfigProblem[];
  /** The problem with its place in its part. */
  readonly located: (problem: ConfigProblem) => ConfigProblem;
}

const LISTS = ['clusters', 'groups', 'services'] as const;
const ITEM = /\b(?:clusters|groups|services)\[\d+\]/g;

const fieldsOf = ({ raw }: Part): Fields => (isObject(raw) ? raw : {});

/** An item of a list, and which it is in its own part. */
interface Item {
  readonly part: Part;
  readonly nth: number;
  readonly value: unknown;
}

const itemsOf = (parts: readonly Part[], list: string): readonly Item[] =>
  parts.flatMap((part) => {
    const items = fieldsOf(part)[list];
    return Array.isArray(items) ? items.map((value: unknown, nth) => ({ part, nth, value })) : [];
  });

const unlike = (parts: readonly Part[]): readonly ConfigProblem[] =>
  parts.flatMap((part) => {
    if (!isObject(part.raw))
      return [{ path: part.placeOf(''), message: `expected an object, got ${shown(part.raw)}` }];
    return LISTS.filter((list) => ![undefined, null].includes(fieldsOf(part)[list] as null))
      .filter((list) => !Array.isArray(fieldsOf(part)[list]))
      .map((list) => ({
        path: part.placeOf(list),
        message: `expected a list, got ${shown(fieldsOf(part)[list])}`,
      }));
  });

/** Something that stands in a configuration once. */
interface Single {
  readonly part: Part;
  readonly steps: readonly string[];
  readonly value: unknown;
}

/** `loop` is taken apart where a dialect says it: a translation says no more of it than it was told. */
const singlesOf = (part: Part): readonly Single[] =>
  Object.entries(fieldsOf(part)).flatMap(([key, value]): readonly Single[] => {
    if (LISTS.some((list) => list === key) || key === '$schema') return [];
    if (key !== 'loop' || !isObject(value)) return [{ part, steps: [key], value }];
    return Object.entries(value).map(([name, each]) => ({ part, steps: [key, name], value: each }));
  });

/** Two that write `loop` themselves clash even where they name different keys of it: one configuration has one loop. */
const clash = (one: Single, other: Single): boolean =>
  one.part !== other.part &&
  one.steps[0] === other.steps[0] &&
  ((!one.part.isTranslated && !other.part.isTranslated) ||
    (isDeepStrictEqual(one.steps, other.steps) && !isDeepStrictEqual(one.value, other.value)));

const repeated = (singles: readonly Single[]): readonly ConfigProblem[] => {
  const told = new Set<string>();
  return singles.flatMap((single, nth) => {
    const earlier = singles.slice(0, nth).find((each) => clash(each, single));
    if (earlier === undefined) return [];
    const whole = !earlier.part.isTranslated && !single.part.isTranslated;
    const placeOf = ({ part, steps }: Single) => part.placeOf(pathOf(whole ? steps.slice(0, 1) : steps));
    const path = placeOf(single);
    if (told.has(path)) return [];
    told.add(path);
    return [
      { path, message: `is at ${placeOf(earlier)} already; a configuration has one, keep one of the two` },
    ];
  });
};

const alone = ({ raw, placeOf }: Part): Merged => ({
  raw,
  problems: [],
  located: ({ path, message }) => ({ path: placeOf(path), message }),
});

/** One part stays as it is, whatever it is. */
export const merge = (parts: readonly Part[]): Merged => {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return alone(only);

  const lists = LISTS.map((list) => [list, itemsOf(parts, list)] as const);
  const singles = parts.flatMap(singlesOf);
  const firsts = singles.toReversed();
  const loop = firsts.filter(({ steps }) => steps.length === 2).map(({ steps, value }) => [steps[1], value]);
  const raw = {
    ...Object.fromEntries(
      firsts.filter(({ steps }) => steps.length === 1).map(({ steps, value }) => [steps[0], value]),
    ),
    ...(loop.length === 0 ? {} : { loop: Object.fromEntries(loop) }),
    ...Object.fromEntries(
      lists
        .filter(([list, items]) => list === 'services' || items.length > 0)
        .map(([list, items]) => [list, items.map(({ value }) => value)]),
    ),
  };
  const placeOf = (path: string): string => {
    const [top, nth, ...inner] = stepsOf(path);
    const items = lists.find(([list]) => list === top)?.[1];
    const item = typeof nth === 'number' ? items?.[nth] : undefined;
    if (top !== undefined && item !== undefined) return item.part.placeOf(pathOf([top, item.nth, ...inner]));
    const single = singles.find(
      ({ steps }) => steps[0] === top && (steps.length === 1 || nth === undefined || steps[1] === nth),
    );
    return single?.part.placeOf(path) ?? path;
  };
  return {
    raw,
    problems: [...unlike(parts), ...repeated(singles)],
    located: ({ path, message }) => ({ path: placeOf(path), message: message.replace(ITEM, placeOf) }),
  };
};
