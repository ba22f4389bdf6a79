import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sourceSchema } from '../../lambdas/collect/sources/registry.ts';
import { ConfigError } from '../../lambdas/contract/errors.ts';
import { loadConfigFile } from '../../lib/config-file.ts';
import { problemsOf } from '../contract/problems-of.ts';

const directory = mkdtempSync(join(tmpdir(), 'pulsescale-'));
afterAll(() => rmSync(directory, { recursive: true }));

const load = (name: string, text: string, env: Readonly<Record<string, string>> = {}) => {
  const file = join(directory, name);
  writeFileSync(file, text);
  return loadConfigFile(file, sourceSchema, env);
};

/** The problems, told by the file's bare name. */
const problems = (name: string, text: string, env: Readonly<Record<string, string>> = {}) =>
  problemsOf(() => load(name, text, env)).map((problem) => problem.replaceAll(`${directory}/`, ''));

const YAML = `
loop: { interval: 2s }
services:
  - cluster: shop
    service: orders-worker
    tasks: { min: 0, max: 50 }
    source: { type: sqs, queueUrl: "https://sqs.us-east-1.amazonaws.com/123456789012/orders" }
    policy:
      type: target
      backlogPerTask: 10
`;
const PAYLOAD = {
  cluster_name: 'shop',
  service_name: 'orders',
  min_tasks: 0,
  queue_config: { queue_url: 'https://sqs.us-east-1.amazonaws.com/123456789012/orders' },
};

describe('a good file', () => {
  test('in YAML', () => {
    const config = load('orders.yaml', YAML);
    expect(config.loop.interval).toBe(2);
    expect(config.services[0]).toMatchObject({ cluster: 'shop', tasks: { min: 0, max: 50 } });
  });

  test('in JSON, tabs, byte order mark and all', () => {
    const config = load('orders.yaml', YAML);
    expect(load('orders.json', `\uFEFF${JSON.stringify(config, null, '\t')}`)).toEqual(config);
  });

  test('with a part that is used twice', () => {
    const copied = `${YAML.replace('- cluster', '- &first\n    cluster')}  - <<: *first\n    service: mail\n`;
    expect(load('copied.yaml', copied).services.map(({ service }) => service)).toEqual([
      'orders-worker',
      'mail',
    ]);
  });

  test('keeps %(NAME) for whoever runs it', () => {
    expect(
      load('named.yaml', YAML.replace('shop', '"%(CLUSTER)"'), { CLUSTER: 'yard' }).services[0]?.cluster,
    ).toBe('%(CLUSTER)');
  });

  test.each([
    ['wrapped', { config: PAYLOAD }],
    ['bare', PAYLOAD],
  ])(
    'with a payload of fast-autoscaler, %s; what it leaves open comes from the environment',
    (_, payload) => {
      const { services } = load('payload.json', JSON.stringify(payload), { MAX_TASKS: '40' });
      expect(services[0]?.tasks).toEqual({ min: 0, max: 40 });
    },
  );
});

describe('every problem has its line and column', () => {
  test('in YAML', () => {
    const text = YAML.replace('2s', '90s')
      .replace('max: 50', 'mx: 50')
      .replace('backlogPerTask: 10', 'count: all');
    expect(problems('orders.yaml', text).map((problem) => problem.split(/: |,/)[0])).toEqual([
      'orders.yaml:2:9 loop.interval',
      'orders.yaml:6:5 services[0].tasks.max',
      'orders.yaml:6:22 services[0].tasks.mx',
      'orders.yaml:8:5 services[0].policy.backlogPerTask',
      'orders.yaml:10:7 services[0].policy.count',
    ]);
  });

  test('in JSON', () => {
    expect(problems('orders.json', '{\n  "services": [\n    7\n  ]\n}')).toEqual([
      'orders.json:3:5 services[0]: expected an object, got 7',
    ]);
  });

  test('in a payload, and a variable goes by its name', () => {
    const text =
      '{"config": {\n  "cluster_name": "shop", "service_name": "orders",\n  "min_tasks": "ten"\n}}';
    expect(problems('payload.json', text, { MAX_TASKS: 'many', SQS_QUEUE_URL: 'https://q/1/2' })).toEqual([
      'payload.json:3:3 config.min_tasks: expected a whole number, got "ten"',
      'MAX_TASKS: expected a whole number, got "many"',
    ]);
  });

  test('what is wrong as a whole is where the file begins', () => {
    expect(problems('text.yaml', 'hello')).toEqual(['text.yaml:1:1: expected an object, got "hello"']);
  });
});

test('a reference to a variable needs no quotes, wherever a value may stand', () => {
  const text =
    'services:\n  - cluster: %(CLUSTER)\n    service: orders\n    tasks: { max: 5 }\n    source: { type: sqs, queueUrl: %(QUEUE) }\n';
  expect(load('references.yaml', text).services[0]).toMatchObject({
    cluster: '%(CLUSTER)',
    source: { queueUrl: '%(QUEUE)' },
  });
});

describe('a file that cannot be read', () => {
  test.each([
    [
      'broken.yaml',
      'services: [1,\n',
      'broken.yaml:2:1: Flow sequence in block collection must be sufficiently indented',
    ],
    [
      'tabs.yaml',
      'services:\n\t- a',
      'tabs.yaml:2:1: Tabs are not allowed as indentation; indent with spaces',
    ],
    [
      'plain.yaml',
      'cluster: %C',
      'plain.yaml:1:10: Plain value cannot start with directive indicator character %; put the value in quotes',
    ],
    [
      'colon.yaml',
      'a: b: c',
      'colon.yaml:1:4: Nested mappings are not allowed in compact mappings; put a value that holds ": " in quotes',
    ],
    [
      'twice.yaml',
      'loop: {}\nloop: {}',
      'twice.yaml:2:1: the key "loop" stands here a second time; keep one of the two',
    ],
    [
      'twice.json',
      '{"loop": {},\n "loop": {}}',
      'twice.json:2:2: the key "loop" stands here a second time; keep one of the two',
    ],
    ['tag.yaml', 'loop: !Ref x', 'tag.yaml:1:7: Unresolved tag: !Ref'],
    ['alias.yaml', 'loop: *x', 'alias.yaml: Unresolved alias'],
    ['empty.yaml', '', 'empty.yaml: this file is empty; it needs at least `services`'],
    [
      'comment.yaml',
      '# soon',
      'comment.yaml: this file has nothing but comments; it needs at least `services`',
    ],
    ['end.json', '{"loop": {}\n', "end.json:2:1: this is not JSON: Expected ',' or '}' after property value"],
    ['token.json', '{"loop":\n  {"a": }}', "token.json:2:9: this is not JSON: Unexpected token '}'"],
    [
      'comma.json',
      '{"loop": {},}',
      'comma.json:1:13: this is not JSON: Expected double-quoted property name',
    ],
  ])('%s', (name, text, problem) => {
    const found = problems(name, text);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(problem);
  });

  test('a secret beside a syntax error is not repeated', () => {
    expect(problems('secret.json', '{"password": "hunter2" }}').join()).not.toContain('hunter2');
    expect(problems('secret.yaml', 'password: "hunter2" x').join()).not.toContain('hunter2');
  });

  test('because there is none', () => {
    expect(problemsOf(() => loadConfigFile('/nowhere/orders.yaml', sourceSchema, {}))).toEqual([
      '/nowhere/orders.yaml: there is no such file; give the path of a YAML or JSON file, or of a folder of them',
    ]);
  });
});

test('whatever a file holds, it is loaded or refused with a ConfigError', () => {
  const mangled = fc
    .tuple(fc.nat(YAML.length), fc.nat(6), fc.string())
    .map(([from, length, put]) => YAML.slice(0, from) + put + YAML.slice(from + length));
  fc.assert(
    fc.property(fc.oneof(fc.string(), mangled), fc.constantFrom('any.yaml', 'any.json'), (text, name) => {
      try {
        load(name, text);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(ConfigError);
      }
    }),
  );
});
