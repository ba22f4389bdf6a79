/** Adding a source is its file, its test and one line in the registry; here a forgotten one is found. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { sources } from '../../../lambdas/collect/sources/registry.ts';
import { readingSchema } from '../../../lambdas/contract/records.ts';

const FOLDER = fileURLToPath(new URL('../../../lambdas/collect/sources/', import.meta.url));
const TESTS = fileURLToPath(new URL('./', import.meta.url));

/** The sources in a folder, by their files; a source with several files has a folder of its own besides. */
const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && entry.name !== 'registry.ts')
    .map((entry) => basename(entry.name, '.ts'));

const forgottenIn = (folder: string): readonly string[] =>
  filesIn(folder).filter((name) => !Object.hasOwn(sources, name));

test('every source has its line', () => {
  expect(forgottenIn(FOLDER)).toEqual([]);
  expect(Object.keys(sources).sort()).toEqual([...filesIn(FOLDER)].sort());
});

test('one without is found', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pulsescale-sources-'));
  for (const name of ['sqs.ts', 'carrier-pigeon.ts', 'registry.ts']) writeFileSync(join(folder, name), '');
  expect(forgottenIn(folder)).toEqual(['carrier-pigeon']);
  rmSync(folder, { recursive: true });
});

test('every source has a test', () => {
  const tested = readdirSync(TESTS).filter((name) => name.endsWith('.test.ts'));
  const untested = Object.keys(sources).filter(
    (type) => !tested.some((name) => name === `${type}.test.ts` || name.startsWith(`${type}-`)),
  );
  expect(untested).toEqual([]);
});

const REPORTABLE = Object.keys(z.toJSONSchema(readingSchema.options[0], { io: 'input' }).properties ?? {});

describe.each(Object.values(sources).map((source) => [source.type, source] as const))(
  '%s',
  (type, source) => {
    const {
      properties = {},
      additionalProperties,
      description,
    } = z.toJSONSchema(source.options, { io: 'input' });

    test('is found under its own name, is strict and says what it is', () => {
      expect(properties.type).toMatchObject({ const: type });
      expect(additionalProperties).toBe(false);
      expect(description).toMatch(/\w+/);
    });

    test('has the options that every source has, and describes each', () => {
      expect(Object.keys(properties)).toContain('timeLimit');
      const silent = Object.entries(properties).filter(
        ([name, option]) => name !== 'type' && !(option as { description?: string }).description,
      );
      expect(silent.map(([name]) => name)).toEqual([]);
    });

    test('reports what a reading can hold', () => {
      expect(source.reports.length).toBeGreaterThan(0);
      expect(REPORTABLE).toEqual(expect.arrayContaining([...source.reports]));
    });
  },
);
