/** `docs/expressions.md` names all there is, and its example works. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { sourceSchema } from '../../lambdas/collect/sources/registry.ts';
import { FUNCTIONS, OPERATORS } from '../../lambdas/contract/arithmetic.ts';
import { COUNT_NAMES, READING_NAMES } from '../../lambdas/contract/name-rules.ts';
import { parseConfig } from '../../lambdas/contract/parse.ts';

const page = readFileSync(new URL('../../docs/expressions.md', import.meta.url), 'utf8');
const words = new Set([...page.matchAll(/`([^`\n]+)`/g)].map(([, word]) => word));

test.each([...READING_NAMES, ...COUNT_NAMES, ...Object.keys(OPERATORS)])('%s', (word) =>
  expect(words).toContain(word),
);

test.each(Object.keys(FUNCTIONS))('the function %s', (name) =>
  expect([...words].some((word) => word === name || word?.startsWith(`${name}(`))).toBe(true),
);

test('the example', () => {
  const [, example = ''] = /```yaml\n(.+?)```/s.exec(page) ?? [];
  const service = { cluster: 'shop', service: 'orders', tasks: { max: 50 }, ...parse(example) };
  expect(parseConfig({ services: [service] }, sourceSchema).services[0]?.policies).toHaveLength(2);
});
