/** A folder of files as one configuration: what is read, how it goes together and where its problems are. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { sourceSchema } from '../../lambdas/collect/sources/registry.ts';
import { loadConfigFile, readConfigFile } from '../../lib/config-file.ts';
import { problemsOf } from '../contract/problems-of.ts';

const top = mkdtempSync(join(tmpdir(), 'pulsescale-folder-'));
afterAll(() => rmSync(top, { recursive: true }));

type Files = Readonly<Record<string, string>>;

const folderWith = (files: Files): string => {
  const folder = mkdtempSync(join(top, 'f-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
};

const load = (files: Files) => loadConfigFile(folderWith(files), sourceSchema, {});

/** The problems, each file by its bare name. */
const problems = (files: Files): readonly string[] => {
  const folder = folderWith(files);
  return problemsOf(() => loadConfigFile(folder, sourceSchema, {})).map((each) =>
    each.replaceAll(`${folder}/`, ''),
  );
};

const queue = (name: string) => `https://sqs.us-east-1.amazonaws.com/123456789012/${name}`;
const one = (name: string, tasks = '{ max: 9 }') =>
  `  - cluster: shop\n    service: ${name}\n    tasks: ${tasks}\n    source: { type: sqs, queueUrl: "${queue(name)}" }\n`;
const services = (...names: readonly string[]) => `services:\n${names.map((name) => one(name)).join('')}`;
const PAYLOAD = JSON.stringify({
  cluster_name: 'shop',
  service_name: 'moved',
  queue_config: { queue_url: queue('moved') },
});

describe('what is read', () => {
  test('every .yaml, .yml and .json by name, and nothing else', () => {
    const folder = folderWith({
      'b.yml': services('b'),
      'a.yaml': services('a1', 'a2'),
      'c.json': JSON.stringify({ groups: [{ services: ['shop/*'], maxTotalTasks: 9 }] }),
      '.hidden.yaml': 'nonsense',
      'package.json': '{"name": "x"}',
      'notes.txt': 'nonsense',
    });
    mkdirSync(join(folder, 'more.yaml'));
    symlinkSync(join(folder, 'b.yml'), join(folder, '0-link'));
    const config = loadConfigFile(folder, sourceSchema, {});
    expect(config.services.map(({ service }) => service)).toEqual(['a1', 'a2', 'b']);
    expect(config.groups).toHaveLength(1);
  });

  test('each file in its own dialect', () => {
    const folder = folderWith({ 'a.yaml': services('a'), 'b.json': PAYLOAD });
    const { files, raw } = readConfigFile(folder, {});
    expect(files.map(({ dialect }) => dialect)).toEqual([undefined, 'fast-autoscaler']);
    expect(files[1]?.differences.length).toBeGreaterThan(0);
    expect(raw).toMatchObject({ services: [{ service: 'a' }, { service: 'moved' }] });
  });

  test('defaults of one file in all others', () => {
    const config = load({
      'all.yaml': 'defaults: { tasks: { max: 7 } }\nloop: { interval: 2s }',
      'z.yaml': `services:\n  - { cluster: shop, service: z, source: { type: sqs, queueUrl: "${queue('z')}" } }`,
    });
    expect(config).toMatchObject({ loop: { interval: 2 }, services: [{ tasks: { min: 0, max: 7 } }] });
  });

  test('every document of a file', () => {
    const config = load({ 'all.yaml': `${services('a')}---\n${services('b')}---\n# nothing\n` });
    expect(config.services.map(({ service }) => service)).toEqual(['a', 'b']);
  });
});

describe('every problem has its own file, line and column', () => {
  test('with the numbers of that file, in several documents as well', () => {
    expect(
      problems({
        'a.yaml': services('a', 'b'),
        'c.yaml': `services:\n${one('c')}${one('d', '{ mx: 4, max: 3 }')}---\nservices:\n${one('e', '{ max: ten }')}`,
      }).map((each) => each.split(': ')[0]),
    ).toEqual(['c.yaml:8:14 services[1].tasks.mx', 'c.yaml:14:14 services[0].tasks.max']);
  });

  test('in defaults once, where they stand', () => {
    expect(
      problems({
        'a.yaml': 'defaults:\n  cooldown: { in: soon }\n',
        'b.yaml': 'clusters:\n  - cluster: shop\n    defaults: { taks: {} }\n',
        'c.yaml': services('a', 'b'),
      }).map((each) => each.split(': ')[0]),
    ).toEqual(['a.yaml:2:15 defaults.cooldown.in', 'b.yaml:3:17 clusters[0].defaults.taks']);
  });

  test('in a dialect where it was written, and a translation that is refused says so', () => {
    expect(
      problems({ 'a.yaml': services('a'), 'b.json': PAYLOAD.replace('"moved"', '"moved", "mn": 1') }),
    ).toEqual([expect.stringContaining('b.json:1:48 mn: unknown key "mn"')]);
    const odd = PAYLOAD.replace(queue('moved'), 'nowhere');
    expect(problems({ 'a.yaml': services('a'), 'b.json': odd })[0]).toMatch(
      /^b\.json \(as fast-autoscaler\) services\[0\]\.source\.queueUrl: /,
    );
  });

  test('of all files at once', () => {
    expect(
      problems({ 'a.json': '{', 'b.yaml': 'loop: *x', 'c.yaml': services('c'), 'd.yaml': '' }).map(
        (each) => each.split(': ')[0],
      ),
    ).toEqual(['a.json:1:2', 'b.yaml', 'd.yaml']);
  });

  test.each([
    ['an unknown key', { 'b.yaml': 'srvices: []' }, /^b\.yaml:1:1 srvices: unknown key "srvices"/],
    ['a file that is a list', { 'b.yaml': '- a' }, /^b\.yaml:1:1: expected an object, got a list of 1$/],
    [
      'services by name',
      { 'b.yaml': 'services: { a: 1 }' },
      /^b\.yaml:1:1 services: expected a list, got an object$/,
    ],
    [
      'no service at all',
      { 'a.yaml': 'loop: {}', 'b.yaml': 'groups: []' },
      /^services: expected at least one service/,
    ],
  ])('%s', (_, files: Files, expected) => {
    expect(problems({ 'a.yaml': services('a'), ...files })).toEqual([expect.stringMatching(expected)]);
  });
});

describe('what stands twice names both places', () => {
  test.each([
    [
      'a service',
      services('a'),
      'b.yaml:2:5 services[0]: "shop/a" is already at a.yaml:4:5 services[0]; keep',
    ],
    [
      'a cluster',
      'clusters: [{ cluster: shop }]',
      'b.yaml:1:12 clusters[0]: "shop" is already at a.yaml:2:12 clusters[0]; keep',
    ],
    [
      'the loop',
      'loop: { name: b }',
      'b.yaml:1:1 loop: is at a.yaml:1:1 loop already; a configuration has one',
    ],
    [
      'defaults',
      'defaults: {}',
      'b.yaml:1:1 defaults: is at a.yaml:8:1 defaults already; a configuration has one',
    ],
    [
      'a member of two groups',
      'groups: [{ services: [shop/a], maxTotalTasks: 4 }]',
      'b.yaml:1:12 groups[0].services: "shop/a" is in a.yaml:9:10 groups[0] already',
    ],
  ])('%s', (_, text, expected) => {
    const first = `loop: { interval: 2s }\nclusters: [{ cluster: shop }]\n${services('a')}defaults: {}\ngroups: [{ services: [shop/a], maxTotalTasks: 9 }]\n`;
    const found = problems({ 'a.yaml': first, 'b.yaml': text });
    expect(found).toEqual([expect.stringContaining(expected)]);
  });

  test('translations agree on the loop, add to it or are refused', () => {
    const payload = (service: string, bucket: string) =>
      JSON.stringify({ ...JSON.parse(PAYLOAD), service_name: service, s3_config_bucket: bucket });
    const files = {
      'a.yaml': 'loop: { interval: 2s }',
      'b.json': payload('b', 'old'),
      'c.json': payload('c', 'old'),
    };
    expect(load(files).loop).toMatchObject({ interval: 2, previousState: 'old' });
    expect(problems({ ...files, 'd.json': payload('d', 'other') })).toEqual([
      'd.json (as fast-autoscaler) loop.previousState: is at b.json (as fast-autoscaler) loop.previousState already; a configuration has one, keep one of the two',
    ]);
  });
});

describe('what cannot be read', () => {
  test('an empty folder', () => {
    const folder = folderWith({ 'notes.txt': 'x', '.env': 'A=1' });
    expect(problemsOf(() => loadConfigFile(folder, sourceSchema, {}))).toEqual([
      `${folder}: there is no .yaml, .yml or .json file in this folder`,
    ]);
  });

  test('a link that leads nowhere', () => {
    const folder = folderWith({ 'a.yaml': services('a') });
    symlinkSync(join(folder, 'gone'), join(folder, 'b.yaml'));
    expect(problemsOf(() => loadConfigFile(folder, sourceSchema, {}))).toEqual([
      expect.stringMatching(/\/b\.yaml: there is no such file/),
    ]);
  });

  test.each(['/dev/zero', '/dev/null'])('the device %s, in a file’s place or in a folder', (device) => {
    expect(problemsOf(() => loadConfigFile(device, sourceSchema, {}))).toEqual([
      `${device}: this is a device and no file; give the path of a YAML or JSON file`,
    ]);
    const folder = folderWith({});
    symlinkSync(device, join(folder, 'a.yaml'));
    expect(problemsOf(() => loadConfigFile(folder, sourceSchema, {}))).toEqual([
      expect.stringContaining('a.yaml: this is a device'),
    ]);
  });

  test('a file above 1 MiB, but one of 1 MiB', () => {
    const least = services('a');
    const padded = `${least}#${'x'.repeat(2 ** 20 - least.length - 1)}`;
    expect(load({ 'a.yaml': padded }).services).toHaveLength(1);
    expect(problems({ 'a.yaml': `${padded}x` })).toEqual([
      'a.yaml: this file is above 1 MiB, and no configuration is that large',
    ]);
  });

  test('a pipe can be', () => {
    const pipe = join(top, 'pipe.yaml');
    const writer = spawnSync(
      'sh',
      ['-c', `mkfifo '${pipe}'; cat > '${pipe}' <<'END' &\n${services('a')}END\n`],
      {
        stdio: 'ignore',
      },
    );
    expect(writer.status).toBe(0);
    expect(loadConfigFile(pipe, sourceSchema, {}).services).toHaveLength(1);
  });

  test('variables of nobody, and not one of them is repeated', () => {
    const folder = folderWith({ 'some.env': 'DB_PASSWORD=hunter2\nexport OTHER=1\n' });
    const [problem, ...others] = problemsOf(() => loadConfigFile(join(folder, 'some.env'), sourceSchema, {}));
    expect(others).toEqual([]);
    expect(problem).toMatch(
      /some\.env: these are variables, and none that tells a configuration of .*fast-autoscaler/,
    );
    expect(problem).not.toContain('hunter2');
  });
});

test('a file of variables is read by its name, its problems have their lines, and its passwords stay references', () => {
  const folder = folderWith({
    'good.env':
      '# redis\nQUEUE_TYPE=redis\nECS_CLUSTER=shop\nSERVICE_NAME=moved\nREDIS_HOST=cache\nREDIS_QUEUE_KEY=k\nREDIS_PASSWORD="hunter2"\n',
    'bad.env': `ECS_CLUSTER=shop\n\nexport SERVICE_NAME=moved\nMIN_TASKS=ten\nSQS_QUEUE_URL=${queue('q')}\n`,
  });
  const { raw, variables } = readConfigFile(join(folder, 'good.env'), { MIN_TASKS: '3' });
  expect(JSON.stringify(raw)).toContain('%(REDIS_PASSWORD)');
  expect(JSON.stringify(raw)).not.toContain('hunter2');
  expect(variables['REDIS_PASSWORD']).toBe('hunter2');
  expect(raw).toMatchObject({ services: [{ tasks: { min: 10 } }] });
  expect(problemsOf(() => readConfigFile(join(folder, 'bad.env'), {}))).toEqual([
    `${folder}/bad.env:4:1 MIN_TASKS: expected a whole number, got "ten"`,
  ]);
});
