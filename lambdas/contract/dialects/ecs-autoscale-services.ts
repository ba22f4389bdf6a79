/** A service in a cluster file of ecs-autoscale: its bounds, its metrics and its events, of which the first that holds changes the count. */
import { ConfigError } from '../errors.ts';
import { pathOf, type Steps } from '../path.ts';
import type { Reading } from './ecs-autoscale-login.ts';
import { metricsIn } from './ecs-autoscale-metrics.ts';
import { metricIn } from './ecs-autoscale-words.ts';
import { type Settings, settingsIn } from './settings.ts';
import { type Fields, isObject, withoutUndefined } from './values.ts';

const ANY = { least: -Number.MAX_SAFE_INTEGER };

const KNOWN: readonly string[] = ['enabled', 'min', 'max', 'metric_sources', 'events'];

export const tellUnknown = (
  given: Fields,
  known: readonly string[],
  steps: Steps,
  { differences }: Reading,
): void => {
  for (const key of Object.keys(given).filter((each) => !known.includes(each)))
    differences.push({
      path: pathOf([...steps, key]),
      why: 'ecs-autoscale does not know it and passes it over; it is left out here.',
    });
};

const eventsIn = (
  value: unknown,
  steps: Steps,
  words: ReadonlyMap<string, string>,
  { problems }: Reading,
): readonly Fields[] =>
  (Array.isArray(value) ? value : []).map((each: unknown, nth) => {
    const place = [...steps, nth];
    const read = settingsIn(isObject(each) ? each : {}, place, {}, problems);
    const written = read.required({ key: 'metric' }, 'arithmetic over the aliases of metric_sources');
    const action = read.whole({ key: 'action' }, ANY);
    if (!read.isGiven({ key: 'action' }))
      read.report({ key: 'action' }, 'required, the tasks to add, or below 0 to remove');
    const [min, max] = [read.amount({ key: 'min' }, ANY), read.amount({ key: 'max' }, ANY)];
    try {
      return withoutUndefined({ metric: metricIn(written ?? '0', words), action, min, max });
    } catch (thrown) {
      if (!(thrown instanceof ConfigError)) throw thrown;
      for (const { message } of thrown.problems) read.report({ key: 'metric' }, message);
      return {};
    }
  });

const countsIn = (read: Settings, steps: Steps, { problems }: Reading): Fields => {
  const [min, max] = ['min', 'max'].map((key) => {
    if (!read.isGiven({ key }))
      problems.push({
        path: pathOf([...steps, key]),
        message: `required, the ${key === 'min' ? 'fewest' : 'most'} tasks`,
      });
    return read.whole({ key });
  });
  return { min, max };
};

/** Nothing, where it is disabled or has no rule. */
export const serviceIn = (
  cluster: string,
  service: string,
  given: unknown,
  reading: Reading,
): readonly Fields[] => {
  const steps = ['services', service];
  const own = isObject(given) ? given : {};
  const read = settingsIn(own, steps, {}, reading.problems);
  if (read.flag({ key: 'enabled' }) === false) {
    reading.differences.push({ path: pathOf([...steps, 'enabled']), why: 'Not enabled: it is left out.' });
    return [];
  }
  tellUnknown(own, KNOWN, steps, reading);
  const { sources, words } = metricsIn(own['metric_sources'], [...steps, 'metric_sources'], reading);
  const events = eventsIn(own['events'], [...steps, 'events'], words, reading);
  const tasks = countsIn(read, steps, reading);
  if (sources.length === 0 || events.length === 0) {
    const what = sources.length === 0 ? 'metric_sources' : 'events';
    reading.differences.push({
      path: pathOf(steps),
      why: `Has no ${what}, so that only its bounds were kept there; it is left out.`,
    });
    return [];
  }
  const [source] = sources;
  return [
    {
      cluster,
      service,
      tasks,
      ...(sources.length === 1 ? { source } : { sources }),
      policy: { type: 'rules', events },
      // It has none.
      cooldown: { out: 0, in: 0 },
    },
  ];
};
