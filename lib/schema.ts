/**
 * `npm run schema`: writes what is made from declarations, `pulsescale.schema.json`, which editors use to complete and check a
 * configuration, and the pages about the sources. Tests compare the files with what is declared, so they cannot go stale.
 *
 * What no JSON Schema says is left to `parseConfig`: min above max, a service listed twice. And a file may be one of several in a folder, with
 * defaults in another: so it asks of a service its names only, and of a file nothing in particular.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { sourceSchema } from '../lambdas/collect/sources/registry.ts';
import { configSchema } from '../lambdas/contract/config.ts';
import { sourcePages, withSourceTable } from './source-docs.ts';

const README = new URL('../README.md', import.meta.url);
const SOURCES = new URL('../docs/sources.md', import.meta.url);
const FILE = new URL('../pulsescale.schema.json', import.meta.url);

type Json = z.core.JSONSchema.JSONSchema;

/** Inside a property; its schema is an object wherever this is asked. */
const inside = (schema: Json, key: string): Json => schema.properties?.[key] as Json;

const LEFT_OPEN =
  'What it does not say comes from the defaults of its cluster or from those for all, which may stand in another file of the same folder; with them it needs tasks.max and source or sources.';

/** What defaults can give is not required of anybody; whether it is there in the end, `parseConfig` says. */
const relaxed = (whole: Json): Json => {
  const { required: _, ...open } = whole;
  const list = inside(whole, 'services');
  const service = list.items as Json;
  const { required: __, ...tasks } = inside(service, 'tasks');
  const own = {
    ...service,
    description: `${service.description} ${LEFT_OPEN}`,
    properties: { ...service.properties, tasks },
    required: ['cluster', 'service'],
    allOf: [{ not: { required: ['source', 'sources'] } }, { not: { required: ['policy', 'policies'] } }],
  };
  return {
    ...open,
    minProperties: 1,
    properties: { ...whole.properties, services: { ...list, items: own } },
  } as Json;
};

/** The bytes of `pulsescale.schema.json`. */
export const publishedSchema = (): string => {
  const declared = configSchema(sourceSchema.meta({ id: 'source' })).meta({
    title: 'Pulsescale configuration',
    description:
      'Which ECS services are scaled, on which backlog, and how: one file, or one of a folder that is one configuration together.',
  });
  const schema = relaxed(z.toJSONSchema(declared, { target: 'draft-2020-12', io: 'input' }));
  return `${JSON.stringify(schema, null, 2)}\n`;
};

if (import.meta.main) {
  writeFileSync(FILE, publishedSchema());
  mkdirSync(new URL('.', SOURCES), { recursive: true });
  writeFileSync(SOURCES, sourcePages());
  writeFileSync(README, withSourceTable(readFileSync(README, 'utf8')));
}
