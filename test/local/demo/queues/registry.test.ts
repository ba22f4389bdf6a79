/** A kind of queue whose line in the registry, or whose test, was forgotten is found here. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { packageRoot } from '../../../../lib/assets.ts';
import { kinds } from '../../../../local/demo/queues/registry.ts';

const types = readdirSync(join(packageRoot, 'local', 'demo', 'queues'))
  .filter((file) => file.endsWith('.ts') && file !== 'registry.ts')
  .map((file) => file.replace(/\.ts$/, ''));

test.each(types)('%s is registered and has a test', (type) => {
  expect(kinds[type]).toMatchObject({ type });
  expect(existsSync(join(import.meta.dirname, `${type}.test.ts`))).toBe(true);
});
