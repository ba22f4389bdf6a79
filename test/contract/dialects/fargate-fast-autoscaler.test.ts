import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { fargateFastAutoscaler } from '../../../lambdas/contract/dialects/fargate-fast-autoscaler.ts';
import { packageRoot } from '../../../lib/assets.ts';
import { problemsOf } from '../problems-of.ts';
import { understood, written, writtenIn } from './written.ts';

const file = (text: string) =>
  understood(fargateFastAutoscaler, written(`cluster: shop\nservice: web\n${text}`));
const serviceOf = (text: string) => file(text).parsed.services[0];

describe('the props of its construct', () => {
  test('become nginx, its steps and a minute between changes', () => {
    const { parsed } = understood(fargateFastAutoscaler, writtenIn('fargate-fast-autoscaler.yaml'));
    expect(parsed.services[0]).toMatchObject({
      cluster: 'shop',
      service: 'web',
      tasks: { min: 2, max: 20 },
      source: { type: 'nginx', aggregate: 'average', timeLimit: 5, region: 'us-east-1' },
      policy: {
        type: 'steps',
        steps: [
          { atLeast: 500, tasks: 20 },
          { atLeast: 300, tasks: 15 },
          { atLeast: 100, tasks: 10 },
          { atLeast: 50, tasks: 2 },
        ],
      },
      cooldown: { out: 60, in: 60 },
      disableScaleIn: false,
    });
  });

  test.each([
    ['initialTaskNumber: 3', true],
    ['disableScaleIn: true', true],
    ['disable_scalein: yes', true],
    ['disable_scalein: "no"', false],
    ['disableScaleIn: false', false],
  ])('%s: scale-in refused is %s', (text, refused) => expect(serviceOf(text)?.disableScaleIn).toBe(refused));

  test('thresholds, the port and the first count of tasks may be others', () => {
    const found = file('thresholds: { 10: 3, 200: 9 }\nport: 8080\ninitialTaskNumber: 1');
    expect(found.parsed.services[0]).toMatchObject({
      tasks: { min: 1, max: 9 },
      source: { port: 8080 },
      policy: {
        steps: [
          { atLeast: 200, tasks: 9 },
          { atLeast: 10, tasks: 3 },
        ],
      },
    });
    expect(found.said('thresholds')).toBe('');
    expect(file('thresholds: { 10: 9, 200: 3 }').said('thresholds')).toMatch(/the one with the most tasks/);
  });

  test('what has no equivalent is told', () => {
    const found = file('snsTopic: t\nvpc: v\nbackendContainer: c\ndisableScaleIn: true');
    for (const path of ['snsTopic', 'vpc', 'backendContainer', 'disableScaleIn'])
      expect(found.said(path)).not.toBe('');
    expect(found.said('disable_scalein')).toBe('');
  });

  test('what is wrong is told, all at once', () =>
    expect(
      problemsOf(() => file('initialTaskNumber: two\nthresholds: { many: 2 }\ntopic: a\nport: 70000')),
    ).toEqual([
      'thresholds: expected connections of a task and the count from there on, { 500: 20, 300: 15 }',
      'initialTaskNumber: expected a whole number, got "two"',
      'port: expected a whole number from 1 to 65535, got 70000',
      expect.stringMatching(/^topic: unknown key "topic"/),
    ]));
});

test('the page about moving in has one that works', () => {
  const page = readFileSync(join(packageRoot, 'docs', 'moving-in.md'), 'utf8');
  const [, text = ''] = /```yaml\n(.*?)```/s.exec(page) ?? [];
  expect(fargateFastAutoscaler.recognises(written(text))).toBe(true);
  expect(understood(fargateFastAutoscaler, written(text)).parsed.services[0]?.disableScaleIn).toBe(false);
});

describe('the environment of its function', () => {
  const env = { cluster: 'shop', service: 'web', region: 'eu-west-1' };
  const inEnvironment = (more: Record<string, string>) =>
    fargateFastAutoscaler.fromEnvironment?.({ ...env, ...more })?.config;

  test('without disable_scalein lets it scale in, as there', () => {
    expect(inEnvironment({})).toMatchObject({ services: [{ disableScaleIn: false }] });
    expect(inEnvironment({ disable_scalein: 'yes' })).toMatchObject({ services: [{ disableScaleIn: true }] });
    expect(inEnvironment({ disable_scalein: 'no' })).toMatchObject({ services: [{ disableScaleIn: false }] });
  });

  test('may stand in a file, and is nothing without cluster and service', () => {
    const { parsed } = understood(
      fargateFastAutoscaler,
      written('cluster=shop\nservice=web\ndisable_scalein=yes'),
    );
    expect(parsed.services[0]).toMatchObject({ cluster: 'shop', disableScaleIn: true });
    expect(
      fargateFastAutoscaler.fromEnvironment?.({ cluster: 'shop', disable_scalein: 'yes' }),
    ).toBeUndefined();
  });
});
