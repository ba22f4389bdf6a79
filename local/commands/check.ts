/** `pulsescale check`: is this configuration right, and what does it mean? */
import { stringify } from 'yaml';
import { sourceSchema } from '../../lambdas/collect/sources/registry.ts';
import { keyOf, policiesOf, type Service, sourcesOf } from '../../lambdas/contract/config.ts';
import { warningsIn } from '../../lambdas/contract/warnings.ts';
import { loadConfigFile } from '../../lib/config-file.ts';

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

export const checkCommand = (file: string, { json }: { readonly json?: boolean }): void => {
  const config = loadConfigFile(file, sourceSchema, process.env);
  for (const warning of warningsIn(config)) process.stderr.write(`warning: ${warning}\n`);
  if (json) {
    process.stdout.write(`${JSON.stringify(config, null, 2)}\n`);
    return;
  }
  const { name, interval } = config.loop;
  const lines = config.services.flatMap(serviceLines);
  process.stdout.write(
    `${file} is right: lane ${name}, a tick every ${interval} s. Durations below are seconds.\n${lines.join('\n')}\n`,
  );
};
