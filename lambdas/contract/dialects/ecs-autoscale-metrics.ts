/** The `metric_sources` of ecs-autoscale: HTTP requests and CloudWatch metrics, each with the aliases of its statistics. */

import type { ConfigProblem } from '../errors.ts';
import { pathOf, type Steps } from '../path.ts';
import { substitute } from '../substitute.ts';
import type { Difference } from './dialect.ts';
import { wordFor } from './ecs-autoscale-words.ts';
import { type Environment, type Settings, settingsIn } from './settings.ts';
import { type Fields, isObject } from './values.ts';

/** What a translation goes through the file with. */
export interface Reading {
  readonly env: Environment;
  readonly problems: ConfigProblem[];
  readonly differences: Difference[];
}

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

const LOGIN = /^(https?:\/\/)([^/?#@\s]*)@(.*)$/i;

const decoded = (text: string): string => {
  try {
    return text.includes('%(') ? text : decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** The URL without its login, and that as the options which it is here. */
const addressIn = (read: Settings, reading: Reading): Fields => {
  const url = read.required({ key: 'url' }, 'the URL that answers with JSON');
  if (url === undefined) return {};
  const path = read.pathTo({ key: 'url' });
  const [, scheme = '', login = '', rest = ''] = LOGIN.exec(url) ?? [];
  if (scheme === '') {
    const hidden = withLogin(url, reading.env);
    if (hidden)
      reading.problems.push({
        path,
        message: `a variable in it holds a user and a password, which have options of their own here: take them out of it and write https://%(USER):%(PASSWORD)@… with variables for both`,
      });
    return { url };
  }
  const colon = login.indexOf(':');
  const [username, password] = (
    colon < 0 ? [login, undefined] : [login.slice(0, colon), login.slice(colon + 1)]
  ).map((part) => (part === undefined ? undefined : decoded(part)));
  if (password !== undefined && !/^%\([A-Za-z_]\w*\)$/.test(password)) {
    const message =
      'the password in this URL would be deployed as text; write https://%(USER):%(PASSWORD)@… and set these environment variables';
    reading.problems.push({ path, message });
  }
  reading.differences.push({
    path,
    why: 'User and password are taken out of the URL and become options of their own, so that no message shows them.',
  });
  return { url: `${scheme}${rest}`, username, password };
};

const withLogin = (url: string, env: Environment): boolean => {
  try {
    return LOGIN.test(substitute(url, env));
  } catch {
    return false;
  }
};

const chunks = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, nth) =>
    items.slice(nth * size, (nth + 1) * size),
  );

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
  return chunks(statistics, FIELDS_PER_SOURCE).map((some) => ({
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
