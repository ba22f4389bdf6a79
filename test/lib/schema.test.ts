import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { sourceSchema } from '../../lambdas/collect/sources/registry.ts';
import { parseConfig } from '../../lambdas/contract/parse.ts';
import { publishedSchema } from '../../lib/schema.ts';

const published = readFileSync(new URL('../../pulsescale.schema.json', import.meta.url), 'utf8');

test('pulsescale.schema.json says what is declared; if not, run `npm run schema`', () => {
  expect(published).toBe(publishedSchema());
});

const valid = new Ajv2020({ validateFormats: false, allowUnionTypes: true }).compile(JSON.parse(published));
const source = { type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/orders' };
const policy = { type: 'target', backlogPerTask: 10 };
const service = { cluster: 'shop', service: 'orders', tasks: { max: 50 }, source, policy };
const { source: _source, policy: _policy, ...bare } = service;

describe('it agrees with parseConfig', () => {
  const parses = (document: unknown): boolean => {
    try {
      parseConfig(document, sourceSchema);
      return true;
    } catch {
      return false;
    }
  };

  test.each([
    ['the least', { services: [service] }, true],
    [
      'several sources and policies',
      { services: [{ ...bare, sources: [source], policies: [policy, { type: 'threshold' }] }] },
      true,
    ],
    [
      'durations',
      { loop: { interval: '5s' }, services: [{ ...service, cooldown: { out: 3, in: '2m' } }] },
      true,
    ],
    ['a schema for the editor', { $schema: './pulsescale.schema.json', services: [service] }, true],
    [
      'defaults',
      { defaults: { source, tasks: { max: 9 } }, services: [{ cluster: 'a', service: 'b' }] },
      true,
    ],
    [
      'defaults of a cluster',
      {
        clusters: [{ cluster: 'a', defaults: { source, tasks: { max: 9 } } }],
        services: [{ cluster: 'a', service: 'b' }],
      },
      true,
    ],
    ['an unknown default', { defaults: { taks: {} }, services: [service] }, false],
    ['a default without a unit', { defaults: { cooldown: { in: '5' } }, services: [service] }, false],
    ['a group without a budget', { groups: [{ services: ['shop/*'] }], services: [service] }, false],
    ['nothing', {}, false],
    ['no services', { services: [] }, false],
    ['no name', { services: [{ ...service, service: undefined }] }, false],
    ['an unknown key', { services: [{ ...service, taks: {} }] }, false],
    ['an unknown option', { services: [{ ...service, source: { ...source, queue: 1 } }] }, false],
    ['an unknown policy', { services: [{ ...service, policy: { type: 'targt' } }] }, false],
    ['source and sources', { services: [{ ...service, sources: [source] }] }, false],
    ['no policy', { services: [{ ...bare, source }] }, true],
    ['a fraction of a task', { services: [{ ...service, tasks: { max: 1.5 } }] }, false],
    ['a duration without a unit', { loop: { interval: '5' }, services: [service] }, false],
    ['a duration beyond its bounds', { loop: { interval: 61 }, services: [service] }, false],
  ])('%s', (_, document, right) => {
    expect(valid(document)).toBe(right);
    expect(parses(document)).toBe(right);
  });

  test.each([
    ['no source', { services: [{ ...bare, policy }] }],
    ['no bound', { services: [{ ...service, tasks: {} }] }],
    ['names only', { services: [{ cluster: 'shop', service: 'orders' }] }],
    ['defaults only', { defaults: { tasks: { max: 9 } } }],
  ])('but for what another file of the folder may give: %s', (_, document) => {
    expect(valid(document)).toBe(true);
    expect(parses(document)).toBe(false);
  });
});
