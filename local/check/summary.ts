/** What a configuration in our own shape means: every service, budget and host group with all that it was given and has by default. */
import { stringify } from 'yaml';
import {
  type Config,
  capacitiesOf,
  keyOf,
  policiesOf,
  type Service,
  sourcesOf,
} from '../../lambdas/contract/config.ts';
import { groupsOf } from '../../lambdas/contract/group-rules.ts';
import type { Group } from '../../lambdas/contract/groups.ts';
import { sleepLines } from './sleep.ts';

/** `{ out: 0, in: 120 }` */
const inline = (value: unknown): string =>
  stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true }).trim();

/** An option with all that it was given and has by default, as it could be written; of a list each item has a line. */
const optionLines = (name: string, value: unknown): readonly string[] =>
  Array.isArray(value)
    ? [`    ${name}:`, ...value.map((item) => `      - ${inline(item)}`)]
    : [`    ${name}: ${inline(value)}`];

const headline = (service: Service): string => {
  const { tasks, pause, dryRun, disableScaleIn } = service;
  const [policies, sources] = [policiesOf(service), sourcesOf(service)].map((all) =>
    all.map(({ type }) => type).join(' + '),
  );
  const switched = [
    ...(disableScaleIn ? ['scale-in off'] : []),
    ...(pause === undefined ? [] : ['paused']),
    ...(dryRun ? ['a dry run'] : []),
  ];
  const what = [`${tasks.min} to ${tasks.max} tasks`, `${policies} on ${sources}`, ...switched];
  return `  ${keyOf(service)}: ${what.join(', ')}`;
};

/** What the first line of a service says, and sources, which may name secrets. */
const TOLD = new Set(['cluster', 'service', 'tasks', 'source', 'sources', 'disableScaleIn']);

const serviceLines = (service: Service): readonly string[] => {
  const isAlone = sourcesOf(service).length < 2 && policiesOf(service).length < 2;
  const options = Object.entries(service).filter(
    ([name, value]) => value !== undefined && !TOLD.has(name) && !(name === 'combine' && isAlone),
  );
  return [headline(service), ...options.flatMap(([name, value]) => optionLines(name, value))];
};

const rankOf = ({ rank }: Group, key: string): number => rank[key] ?? 0;

/** `shop/pay before shop/mails, shop/thumbs`: with equal ranks the need decides. */
const inOrder = (group: Group): string => {
  const ranks = [...new Set(group.services.map((key) => rankOf(group, key)))].toSorted((a, b) => b - a);
  return ranks
    .map((rank) => group.services.filter((key) => rankOf(group, key) === rank).join(', '))
    .join(' before ');
};

const groupLine = (group: Group): string =>
  `  a budget of ${group.maxTotalTasks} tasks for ${group.services.length} services: ${inOrder(group)}`;

const capacityLines = (config: Config): readonly string[] =>
  capacitiesOf(config).flatMap(({ cluster, autoScalingGroup, min, max, ...options }) => {
    const bound = (own: number | undefined, word: string) => own ?? `the group's own ${word}`;
    return [
      `  ${cluster}: hosts of ${autoScalingGroup}, ${bound(min, 'minimum')} to ${bound(max, 'maximum')}`,
      ...Object.entries(options)
        .filter(([, value]) => value !== undefined)
        .flatMap(([name, value]) => optionLines(name, value)),
    ];
  });

/** One line each, without a line break. */
export const summaryOf = (config: Config): readonly string[] => [
  ...config.services.flatMap(serviceLines),
  ...groupsOf(config).map(groupLine),
  ...capacityLines(config),
  ...sleepLines(config),
];
