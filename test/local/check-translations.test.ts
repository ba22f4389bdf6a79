/** `pulsescale check` on the configuration of another scaler: the same in our own words, every difference, and `--write`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { sourceSchema } from '../../lambdas/collect/sources/registry.ts';
import { parseConfig } from '../../lambdas/contract/parse.ts';
import { packageRoot } from '../../lib/assets.ts';
import { loadConfigFile, parseRead, readConfigFile } from '../../lib/config-file.ts';
import { concise } from '../../local/check/concise.ts';
import { textFor, yamlOf } from '../../local/check/markup.ts';
import { besides, save } from '../../local/check/save.ts';
import { settingOf } from '../../local/commands/setting.ts';
import { problemsOf } from '../contract/problems-of.ts';

const top = mkdtempSync(join(tmpdir(), 'pulsescale-check-'));
afterAll(() => rmSync(top, { recursive: true }));

const check = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const { PATH = '' } = process.env;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(packageRoot, 'local', 'cli.ts'), 'check', ...args],
    { encoding: 'utf8', cwd: top, env: { PATH, ...env } },
  );
  const bare = (text: string) => text.replaceAll(`${top}/`, '');
  return { status, stdout: bare(stdout), stderr: bare(stderr) };
};

const queue = (name: string) => `https://sqs.us-east-1.amazonaws.com/123456789012/${name}`;
const OWN = `services:\n  - cluster: shop\n    service: own\n    tasks: { max: 9 }\n    source: { type: sqs, queueUrl: "${queue('own')}" }\n`;
const VARIABLES = {
  ECS_CLUSTER: 'shop',
  SERVICE_NAME: 'moved',
  SQS_QUEUE_URL: queue('moved'),
  MIN_TASKS: '0',
  TASKS_PER_MESSAGE: '0.1',
};
const PAYLOAD = JSON.stringify(
  { cluster_name: 'shop', service_name: 'moved', min_tasks: 0, queue_config: { queue_url: queue('moved') } },
  null,
  2,
);

const folderWith = (name: string, files: Readonly<Record<string, string>>): string => {
  const folder = join(top, name);
  mkdirSync(folder);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
};

describe('what was written', () => {
  const written = ['test/fixtures/dialects', 'test/contract/dialects']
    .flatMap((folder) => readdirSync(join(packageRoot, folder), { recursive: true, withFileTypes: true }))
    .filter((each) => each.isFile() && /\.(ya?ml|json|env)$/.test(each.name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => !file.includes('/expected/'))
    .map((file) => file.replace(`${packageRoot}/`, ''));

  test('are all the fixtures of dialects', () => expect(written.length).toBeGreaterThanOrEqual(15));

  test.each(written)('%s means the same in our own words', (file) => {
    const read = readConfigFile(file, { MOST_WORKERS: '6', BROKER_PORT: '15672' });
    const config = parseRead(read, sourceSchema);
    const own = concise(read.raw);
    for (const text of [yamlOf(own), textFor('x.json', own)])
      expect(parseConfig(parse(text), sourceSchema)).toEqual(config);
    expect(read.files.map(({ dialect }) => dialect)).toEqual([expect.any(String)]);
    for (const { place, why } of read.files.flatMap(({ differences }) => differences))
      expect([place, why]).toEqual([expect.stringMatching(/./), expect.stringMatching(/[.)]$/)]);
  });

  test('in our own words means the same, without a single default', () => {
    const option = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
    const service = fc.record({
      tasks: fc.record({ min: fc.nat(2), max: fc.integer({ min: 2, max: 9 }) }),
      policy: option(
        fc.constantFrom(
          { type: 'queueDelay', target: 30 },
          { type: 'threshold', combined: false },
          { type: 'target', backlogPerTask: 4 },
        ),
      ),
      cooldown: option(fc.record({ out: fc.constantFrom(0, '9s'), in: fc.constantFrom('120s', 0, 7) })),
      combine: option(fc.constantFrom('max', 'sum')),
      dryRun: option(fc.boolean()),
      disableScaleIn: option(fc.boolean()),
    });
    fc.assert(
      fc.property(
        fc.array(service, { minLength: 1, maxLength: 2 }),
        option(fc.constantFrom('5s', 3)),
        (all, interval) => {
          const raw: unknown = JSON.parse(
            JSON.stringify({
              loop: { interval },
              services: all.map((each, nth) => ({
                ...each,
                cluster: 'shop',
                service: `s${nth}`,
                source: { type: 'sqs', queueUrl: queue('x'), timeLimit: '2s' },
              })),
            }),
          );
          const own = concise(raw);
          const before = parseConfig(raw, sourceSchema);
          expect(parseConfig(parse(yamlOf(own)), sourceSchema)).toEqual(before);
          expect('loop' in own).toBe(before.loop.interval !== 5);
          expect(JSON.stringify(own)).not.toMatch(
            /"(timeLimit|combined|headroom)"|"(combine)":"max"|"disableScaleIn":false/,
          );
        },
      ),
      { numRuns: 15 },
    );
  });
});

test('a folder: each file has its verdict, then the whole is told, and saved beside it', () => {
  const folder = folderWith('mixed', { 'a.yaml': OWN, 'b.json': PAYLOAD });
  const { status, stdout, stderr } = check([folder, '--write']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: 'pulsescale.yaml is written\n' });
  const [first, second, right, blank, ...rest] = stdout.split('\n');
  expect([first, blank]).toEqual(['mixed/a.yaml: our own shape, one service', '']);
  expect(second).toMatch(/^mixed\/b\.json: fast-autoscaler, one service, \d+ differences$/);
  expect(right).toBe(
    'mixed is right: lane default, a tick every 5 s. It is read as fast-autoscaler; in our own words:',
  );
  const yaml = rest.slice(0, rest.indexOf('')).join('\n');
  expect(yaml.split('\n')).toEqual([
    'services:',
    '  - cluster: shop',
    '    service: own',
    '    tasks: { max: 9 }',
    `    source: { type: sqs, queueUrl: ${queue('own')} }`,
    '  - cluster: shop',
    '    service: moved',
    '    tasks: { max: 300 }',
    `    source: { type: sqs, queueUrl: ${queue('moved')} }`,
    '    policy: { type: threshold }',
    '    cooldown: { out: 120, priorityOverride: true }',
  ]);
  const told = rest.slice(rest.indexOf('') + 1).filter(Boolean);
  expect(told[0]).toBe(`${told.length - 1} differences:`);
  expect(told).toContainEqual(expect.stringMatching(/^mixed\/b\.json:4:3 min_tasks: /));
  const saved = join(top, 'pulsescale.yaml');
  expect(readFileSync(saved, 'utf8')).toBe(`${yaml}\n`);
  expect(loadConfigFile(saved, sourceSchema, {})).toEqual(loadConfigFile(folder, sourceSchema, {}));
});

test('a folder with problems: the verdicts, every problem with its place, nothing saved, exit code 1', () => {
  const folder = folderWith('wrong', {
    'a.yaml': OWN.replace('max: 9', 'mx: 9'),
    'b.json': PAYLOAD,
    'c.yaml': OWN,
  });
  const { status, stdout, stderr } = check([folder, '--write', join(top, 'wrong.yaml')]);
  expect(status).toBe(1);
  expect(stdout.trim().split('\n')).toEqual([
    'wrong/a.yaml: our own shape, one service, 2 problems',
    expect.stringMatching(/^wrong\/b\.json: fast-autoscaler, one service, \d+ differences$/),
    'wrong/c.yaml: our own shape, one service, one problem',
  ]);
  expect(stderr).toMatch(
    /^wrong has 3 problems:\n {2}wrong\/a\.yaml:4:5 services\[0\]\.tasks\.max: required/,
  );
  expect(stderr).toContain(
    'wrong/c.yaml:2:5 services[0]: "shop/own" is already at wrong/a.yaml:2:5 services[0]',
  );
  expect(readdirSync(top)).not.toContain('wrong.yaml');
});

test('the environment, with --json: the configuration on stdout, what differs on stderr, saved as JSON', () => {
  const { status, stdout, stderr } = check(['--json', '--write', 'env.json'], VARIABLES);
  expect(status).toBe(0);
  const config = JSON.parse(stdout) as object;
  expect(config).toMatchObject({ services: [{ service: 'moved', tasks: { min: 0, max: 300 } }] });
  expect(stderr).toMatch(/^\d+ differences:\n/);
  expect(stderr).toMatch(/^TASKS_PER_MESSAGE: /m);
  const saved = readFileSync(join(top, 'env.json'), 'utf8');
  expect(parseConfig(JSON.parse(saved), sourceSchema)).toEqual(config);
});

test('a file that is there is kept without --force, and what was read in any case', () => {
  const folder = folderWith('kept', { 'a.yaml': OWN, 'there.yaml': '# mine' });
  const [file, there] = [join(folder, 'a.yaml'), join(folder, 'there.yaml')];
  const { raw } = readConfigFile(file, {});
  const saving = { config: concise(raw), files: [file] };
  expect(problemsOf(() => save({ ...saving, file: there, force: false }))).toEqual([
    `${there}: there is such a file; name another one, or overwrite it with --force`,
  ]);
  expect(readFileSync(there, 'utf8')).toBe('# mine');
  save({ ...saving, file: there, force: true });
  expect(loadConfigFile(there, sourceSchema, {})).toEqual(loadConfigFile(file, sourceSchema, {}));
  for (const itself of [file, join(folder, '..', 'kept', 'a.yaml')])
    expect(problemsOf(() => save({ ...saving, file: itself, force: true }))).toEqual([
      expect.stringContaining('this is what was read'),
    ]);
  expect(problemsOf(() => save({ ...saving, file: join(folder, 'no', 'x.yaml'), force: false }))).toEqual([
    expect.stringContaining('cannot be written: ENOENT'),
  ]);
  expect(readFileSync(file, 'utf8')).toBe(OWN);
  expect([undefined, 'a.yaml', 'conf/a.yaml', 'conf/folder/'].map(besides)).toEqual([
    'pulsescale.yaml',
    'pulsescale.yaml',
    'conf/pulsescale.yaml',
    'conf/pulsescale.yaml',
  ]);
});

test('nothing: what to do; variables of two scalers: which are used', () => {
  expect(check([])).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/there is no configuration: name a file or a folder/),
  });
  const both = check([], { ...VARIABLES, cluster: 'shop', service: 'web' });
  expect(both.status).toBe(0);
  const [, used] =
    /^the environment has variables of .*fast-autoscaler.*; those of (.*) are used\n/.exec(both.stderr) ?? [];
  expect(both.stdout).toContain(`It is read as ${used}; in our own words`);
});

test('run says in one line what it has read, and hands on what a file of variables holds', async () => {
  const log = new PassThrough();
  const file = join(
    folderWith('run', {
      'redis.env':
        'QUEUE_TYPE=redis\nECS_CLUSTER=shop\nSERVICE_NAME=moved\nREDIS_HOST=cache\nREDIS_QUEUE_KEY=k\nREDIS_PASSWORD=hunter2\n',
    }),
    'redis.env',
  );
  const { config, env } = await settingOf({ config: file }, { HOME: '/' }, log);
  const said = String(log.read());
  expect(said).toMatch(
    /^read as fast-autoscaler: \d+ differences, npx pulsescale check .*\/redis\.env tells them\n$/,
  );
  expect(env).toEqual({ HOME: '/', REDIS_PASSWORD: 'hunter2' });
  expect(JSON.stringify(config)).not.toContain('hunter2');
});
