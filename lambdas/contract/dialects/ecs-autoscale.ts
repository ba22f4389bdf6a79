/**
 * A cluster file of ecs-autoscale: the services of an ECS cluster with their events, and the EC2 hosts below them. The cluster is called as
 * the file is.
 *
 * What is disabled is left out, and told. A key that it does not know is passed over there in silence; here that is told as well.
 */
import { ConfigError, type ConfigProblem } from '../errors.ts';
import type { Dialect, Translated, Written } from './dialect.ts';
import type { Reading } from './ecs-autoscale-login.ts';
import { withoutReferences } from './ecs-autoscale-references.ts';
import { serviceIn, tellUnknown } from './ecs-autoscale-services.ts';
import { type Environment, type Settings, settingsIn } from './settings.ts';
import { type Fields, isObject, withoutUndefined } from './values.ts';

const KNOWN: readonly string[] = [
  'autoscale_group',
  'enabled',
  'cpu_buffer',
  'mem_buffer',
  'min',
  'max',
  'services',
];

const capacityIn = (read: Settings, { differences }: Reading): Fields | undefined => {
  const autoScalingGroup = read.text({ key: 'autoscale_group' });
  const capacity = {
    autoScalingGroup,
    min: read.whole({ key: 'min' }),
    max: read.whole({ key: 'max' }),
    cpuBuffer: read.whole({ key: 'cpu_buffer' }),
    memoryBuffer: read.whole({ key: 'mem_buffer' }),
  };
  if (autoScalingGroup === undefined) {
    differences.push({ path: 'autoscale_group', why: 'Not given: the services are scaled, and no hosts.' });
    return undefined;
  }
  if ((capacity.min === undefined) !== (capacity.max === undefined))
    differences.push({
      path: capacity.min === undefined ? 'max' : 'min',
      why: 'Counted only where both min and max were given; here each counts by itself.',
    });
  differences.push({
    path: 'autoscale_group',
    why: 'One host was asked for at a time; here it is as many as the missing tasks need, in the tick in which these are decided. A host with a protected task is never drained, nor anything while an instance refresh runs, and a group that a capacity provider scales is left alone.',
  });
  return withoutUndefined(capacity);
};

const ALWAYS = [
  'Ran at a schedule of minutes; this loop looks every 5 s (loop.interval). An event that holds takes its action at every look, where tasks that still start count as there; give a service cooldown: { in: 5m } to take tasks away as slowly as before.',
  'A metric that could not be read ended the look at the whole cluster; here only the services that use it are held, and events below may still scale out.',
] as const;

const translated = ({ name, documents }: Written, env: Environment): Translated => {
  const problems: ConfigProblem[] = [];
  const replaced = withoutReferences(documents[0], env, problems);
  const reading: Reading = { env, problems, differences: [...replaced.differences] };
  const file = replaced.document as Fields;
  const read = settingsIn(file, [], {}, problems);
  if (read.flag({ key: 'enabled' }) === false) {
    reading.differences.push({
      path: 'enabled',
      why: 'Not enabled: the whole cluster is left out, hosts and services.',
    });
    return { config: { services: [] }, differences: reading.differences };
  }
  reading.differences.unshift(...ALWAYS.map((why) => ({ path: '', why })));
  tellUnknown(file, KNOWN, [], reading);
  const capacity = capacityIn(read, reading);
  const services = Object.entries(file['services'] as Fields).flatMap(([service, given]) =>
    serviceIn(name, service, given, reading),
  );
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    config: { ...(capacity === undefined ? {} : { clusters: [{ cluster: name, capacity }] }), services },
    differences: reading.differences,
  };
};

const isService = (value: unknown): boolean =>
  isObject(value) && (Object.hasOwn(value, 'metric_sources') || Object.hasOwn(value, 'events'));

export const ecsAutoscale: Dialect = {
  name: 'ecs-autoscale',
  recognises: ({ documents: [document, ...others] }) => {
    // Our own services are a list.
    if (others.length > 0 || !isObject(document) || !isObject(document['services'])) return false;
    return Object.hasOwn(document, 'autoscale_group') || Object.values(document['services']).some(isService);
  },
  translate: translated,
};
