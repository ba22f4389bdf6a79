/** The `metric_sources` of ecs-autoscale: HTTP requests and CloudWatch metrics, each with the aliases of its statistics. */

import { chunksOf } from '../chunks.ts';
import { pathOf, type Steps } from '../path.ts';
import { addressIn, type Reading } from './ecs-autoscale-login.ts';
import { wordFor } from './ecs-autoscale-words.ts';
import { settingsIn } from './settings.ts';
import { type Fields, isObject } from './values.ts';

export interface Metrics {
  readonly sources: readonly Fields[];
  /** What events may speak of: the word for each alias. */
  readonly words: ReadonlyMap<string, string>;
}

interface Statistic {
  readonly name: string;
  readonly word: string;
}

/** What one answer may tell under aliases: all of them travel with every decision. */
const FIELDS_PER_SOURCE = 10;

const listAt = (value: unknown, steps: Steps, { problems }: Reading): readonly unknown[] => {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  problems.push({ path: pathOf(steps), message: 'expected a list' });
  return [];
};

const statisticsAt = (
  value: unknown,
  steps: Steps,
  words: Map<string, string>,
  reading: Reading,
): readonly Statistic[] =>
  listAt(value, steps, reading).flatMap((each, nth) => {
    const place = [...steps, nth];
    const read = settingsIn(isObject(each) ? each : {}, place, {}, reading.problems);
    const name = read.required({ key: 'name' }, 'what the statistic is called where it comes from');
    const alias = read.required({ key: 'alias' }, 'the name by which events speak of it');
    if (name === undefined || alias === undefined) return [];
    const word = wordFor(alias);
    if ([...words.values()].includes(word)) {
      read.report({ key: 'alias' }, `"${alias}" names another statistic of this service already`);
      return [];
    }
    words.set(alias, word);
    if (word !== alias)
      reading.differences.push({
        path: read.pathTo({ key: 'alias' }),
        why: `Is called ${word}, because "${alias}" means something else in an expression, or is no word.`,
      });
    return [{ name, word }];
  });

/** `a.b` as it is; a key with a bracket or a quote in it stands in quotes. */
const fieldOf = (name: string): string =>
  name
    .split('.')
    .map((key) => (/^[^[\]"]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`))
    .join('')
    .replace(/^\./, '');

const asked = (
  each: Fields,
  steps: Steps,
  words: Map<string, string>,
  reading: Reading,
): readonly Fields[] => {
  const read = settingsIn(each, steps, {}, reading.problems);
  const address = addressIn(read, reading);
  const method = (read.text({ key: 'method' }) ?? 'GET').toUpperCase();
  const body = each['payload'] ?? undefined;
  if (method === 'GET' && body !== undefined)
    reading.differences.push({
      path: pathOf([...steps, 'payload']),
      why: 'Is left out: a GET sends no body here. Where the server needs it, use POST.',
    });
  const statistics = statisticsAt(each['statistics'], [...steps, 'statistics'], words, reading);
  // The same request is sent once a tick, however many sources read its answer.
  return chunksOf(statistics, FIELDS_PER_SOURCE).map((some) => ({
    type: 'http',
    ...address,
    method,
    ...(method === 'POST' && body !== undefined ? { body } : {}),
    fields: Object.fromEntries(some.map(({ name, word }) => [word, fieldOf(name)])),
  }));
};

const watched = (
  each: Fields,
  steps: Steps,
  words: Map<string, string>,
  reading: Reading,
): readonly Fields[] => {
  const read = settingsIn(each, steps, {}, reading.problems);
  const dimensions = listAt(each['dimensions'], [...steps, 'dimensions'], reading).map((one, nth) => {
    const dimension = settingsIn(
      isObject(one) ? one : {},
      [...steps, 'dimensions', nth],
      {},
      reading.problems,
    );
    return [
      dimension.required({ key: 'name' }, 'the name of the dimension'),
      dimension.required({ key: 'value' }, 'its value'),
    ];
  });
  const statistics = statisticsAt(each['statistics'], [...steps, 'statistics'], words, reading);
  const metric = {
    namespace: read.text({ key: 'namespace' }) ?? 'AWS/ECS',
    metricName: read.text({ key: 'metric_name' }) ?? 'MemoryUtilization',
    dimensions: Object.fromEntries(dimensions),
    period: read.whole({ key: 'period' }, { least: 1 }) ?? 300,
  };
  reading.differences.push({
    path: pathOf([...steps, 'period']),
    why: `The last ${metric.period} s up to now were one value there, whatever of them was in yet; here it is the last whole period whose data are in.`,
  });
  return statistics.map(({ name, word }) => ({
    type: 'cloudwatch',
    name: word,
    ...metric,
    statistic: name,
  }));
};

const KINDS = { third_party: asked, cloudwatch: watched } as const;

/** @param steps where `value`, the `metric_sources` of a service, stands */
export const metricsIn = (value: unknown, steps: Steps, reading: Reading): Metrics => {
  const words = new Map<string, string>();
  const given = isObject(value) ? value : {};
  const sources = Object.entries(given).flatMap(([kind, list]): readonly Fields[] => {
    const place = [...steps, kind];
    if (!(kind === 'third_party' || kind === 'cloudwatch')) {
      const message = 'there are third_party and cloudwatch only; write what it reads as one of them';
      reading.problems.push({ path: pathOf(place), message });
      return [];
    }
    return listAt(list, place, reading).flatMap((each, nth) =>
      KINDS[kind](isObject(each) ? each : {}, [...place, nth], words, reading),
    );
  });
  return { sources, words };
};
