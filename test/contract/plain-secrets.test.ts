import { expect, test } from '@jest/globals';
import { anySource } from '../../lambdas/contract/config.ts';
import { parseConfig } from '../../lambdas/contract/parse.ts';
import { problemsOf } from './problems-of.ts';
import { service } from './sources.ts';

const problems = (source: object) =>
  problemsOf(() => parseConfig({ services: [{ ...service, source }] }, anySource));

test.each([
  ['a password', { type: 'redis', password: 'hunter2' }, 'services[0].source.password', 'passwordSecret'],
  ['a token', { type: 'http', token: 'hunter2' }, 'services[0].source.token', 'tokenSecret'],
  [
    'the password of another',
    { type: 'redis', sentinelPassword: 'hunter2' },
    'services[0].source.sentinelPassword',
    'sentinelPasswordSecret',
  ],
  [
    'a URL with one',
    { type: 'http', url: 'https://me:hunter2@example.com/' },
    'services[0].source.url',
    'passwordSecret',
  ],
  [
    'one in a list',
    { type: 'x', sasl: [{ password: 'hunter2' }] },
    'services[0].source.sasl[0].password',
    'ARN',
  ],
])('%s written out is refused, never repeated, and the remedy is named', (_, source, path, remedy) => {
  const [problem = ''] = problems(source);
  expect(problem).toContain(path);
  expect(problem).toContain(remedy);
  expect(problem).not.toContain('hunter2');
});

test.each([
  ['a reference', { type: 'redis', password: '%(CACHE_PASSWORD)' }],
  ['a URL with a reference', { type: 'http', url: 'https://me:%(PASSWORD)@example.com/' }],
  ['an ARN', { type: 'redis', passwordSecret: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:cache' }],
  ['a URL with a port and a path', { type: 'http', url: 'https://example.com:8443/a@b' }],
  ['an empty one', { type: 'redis', password: '' }],
])('%s is taken', (_, source) => {
  expect(parseConfig({ services: [{ ...service, source }] }, anySource).services).toHaveLength(1);
});
