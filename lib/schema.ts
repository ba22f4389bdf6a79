/**
 * `npm run schema`: writes what is made from declarations, `pulsescale.schema.json`, which editors use to complete and check a
 * configuration, and the pages about the sources. Tests compare the files with what is declared, so they cannot go stale.
 *
 * What no JSON Schema says is left to `parseConfig`: min above max, a service listed twice.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { sourceSchema } from '../lambdas/collect/sources/registry.ts';
import { configSchema } from '../lambdas/contract/config.ts';
import { sourcePages, withSourceTable } from './source-docs.ts';

const README = new URL('../README.md', import.meta.url);
const SOURCES = new URL('../docs/sources.md', import.meta.url);
const FILE = new URL('../pulsescale.schema.json', import.meta.url);

/** The bytes of `pulsescale.schema.json`. */
export const publishedSchema = (): string => {
  const declared = configSchema(sourceSchema.meta({ id: 'source' })).meta({
    title: 'Pulsescale configuration',
    description: 'Which ECS services are scaled, on which backlog, and how.',
  });
  return `${JSON.stringify(z.toJSONSchema(declared, { target: 'draft-2020-12', io: 'input' }), null, 2)}\n`;
};

if (import.meta.main) {
  writeFileSync(FILE, publishedSchema());
  mkdirSync(new URL('.', SOURCES), { recursive: true });
  writeFileSync(SOURCES, sourcePages());
  writeFileSync(README, withSourceTable(readFileSync(README, 'utf8')));
}
