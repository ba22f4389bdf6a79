/**
 * `npm run schema`: writes `pulsescale.schema.json`, which editors use to complete and check a configuration. A test
 * compares the file with what is declared, so it cannot go stale.
 *
 * What no JSON Schema says is left to `parseConfig`: min above max, a service listed twice.
 */
import { writeFileSync } from 'node:fs';
import * as z from 'zod';
import { sourceSchema } from '../lambdas/collect/sources/registry.ts';
import { configSchema } from '../lambdas/contract/config.ts';

const FILE = new URL('../pulsescale.schema.json', import.meta.url);

/** The bytes of `pulsescale.schema.json`. */
export const publishedSchema = (): string => {
  const declared = configSchema(sourceSchema.meta({ id: 'source' })).meta({
    title: 'Pulsescale configuration',
    description: 'Which ECS services are scaled, on which backlog, and how.',
  });
  return `${JSON.stringify(z.toJSONSchema(declared, { target: 'draft-2020-12', io: 'input' }), null, 2)}\n`;
};

if (import.meta.main) writeFileSync(FILE, publishedSchema());
