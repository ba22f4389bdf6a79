import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { sourceSchema, sources } from '../../lambdas/collect/sources/registry.ts';
import { parseConfig } from '../../lambdas/contract/parse.ts';
import { sourcePages, sourceTable, withSourceTable } from '../../lib/source-docs.ts';
import { service } from '../contract/sources.ts';

const fileAt = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('README.md has the table as declared; if not, run `npm run schema`', () => {
  const readme = fileAt('README.md');
  expect(readme).toBe(withSourceTable(readme));
});

test('docs/sources.md says what is declared; if not, run `npm run schema`', () => {
  expect(fileAt('docs/sources.md')).toBe(sourcePages());
});

test('a README without the marks is not spoilt but refused', () => {
  expect(() => withSourceTable('# Something else')).toThrow(/README\.md has no <!-- sources/);
});

describe.each(Object.values(sources).map((source) => [source.type, source] as const))(
  '%s',
  (type, source) => {
    test('is in the table with everything that it reports', () => {
      const row = sourceTable()
        .split('\n')
        .find((line) => line.startsWith(`| [\`${type}\`]`));
      for (const reported of source.reports) expect(row).toContain(`\`${reported}\``);
    });

    test('has examples, and they load', () => {
      expect(source.examples?.length).toBeGreaterThan(0);
      for (const example of source.examples ?? []) {
        const policy = { type: 'target', backlogPerTask: 10, count: 'visible' };
        const raw = { services: [{ ...service, policy, source: example }] };
        expect(parseConfig(raw, sourceSchema).services).toHaveLength(1);
      }
    });
  },
);
