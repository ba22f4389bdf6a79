/** The bundles as Lambda gets them: their size, what is in them, and that Node loads them either way. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { packageRoot, rooms } from '../lib/assets.ts';
import { AT, sample, seen, service } from './samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'pulsescale-build-'));
const bundle = (room: string): string => join(folder, 'lambdas', room, 'index.js');

const node = (...args: readonly string[]) =>
  spawnSync(process.execPath, args, { cwd: packageRoot, encoding: 'utf8' });

beforeAll(() => {
  const { status, stderr, stdout } = node('build.ts', '--into', folder);
  expect({ status, stderr, stdout }).toEqual({ status: 0, stderr: '', stdout: '' });
});

describe('a bundle', () => {
  test.each(rooms)('%s exports its handler to import and to require', (room) => {
    const say = 'process.stdout.write(typeof handler)';
    const imported = node(
      '--input-type=module',
      '-e',
      `import { handler } from ${JSON.stringify(bundle(room))}; ${say}`,
    );
    expect(imported).toMatchObject({ stdout: 'function', stderr: '' });
    const required = node('-e', `const { handler } = require(${JSON.stringify(bundle(room))}); ${say}`);
    expect(required).toMatchObject({ stdout: 'function', stderr: '' });
  });

  test('of decide has at most 150 kB and no AWS SDK', () => {
    expect(statSync(bundle('decide')).size).toBeLessThanOrEqual(150_000);
    expect(readFileSync(bundle('decide'), 'utf8')).not.toMatch(/@aws-sdk\/client-|smithy/);
  });

  test.each(['lease', 'apply'])('of %s stays below 1 MB', (room) => {
    expect(statSync(bundle(room)).size).toBeLessThan(1_000_000);
  });

  test('of collect holds the clients of every source, and stays below 4 MB', () => {
    expect(statSync(bundle('collect')).size).toBeLessThan(4_000_000);
  });
});

describe('what is left out of a bundle', () => {
  const explains = (room: string) => /the nearest known one is/.test(readFileSync(bundle(room), 'utf8'));
  const describes = (room: string) => /The most tasks, ever/.test(readFileSync(bundle(room), 'utf8'));

  test.each(rooms)('%s has the descriptions of a configuration when it explains one, else none', (room) => {
    expect(describes(room)).toBe(explains(room));
  });
  test('decide and apply explain none', () => {
    expect(rooms.filter(explains)).toEqual(['lease', 'collect']);
  });

  test('nothing of decide that it loads late is in its own file', () => {
    const text = readFileSync(bundle('decide'), 'utf8');
    expect(text).not.toMatch(/CronPattern|MAX_SCALE_DOWN_FACTOR/);
    expect(text).toMatch(
      /import\("\.\/croner\.js"\).*import\("\.\/deployed-service\.js"\)|import\("\.\/deployed-service\.js"\).*import\("\.\/croner\.js"\)/s,
    );
  });
});

describe("decide's folder, copied away from here as Lambda gets it", () => {
  const alone = mkdtempSync(join(tmpdir(), 'pulsescale-decide-'));
  /** What the handler answers, or says when it refuses. */
  const ask = (event: unknown, env: NodeJS.ProcessEnv = {}) => {
    const script = `require('./index.js').handler(JSON.parse(process.argv[1])).then(
      (answer) => process.stdout.write(JSON.stringify(answer)), (error) => process.stdout.write(error.message))`;
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script, JSON.stringify(event)], {
      ...{ cwd: alone, encoding: 'utf8', env: { ...process.env, LOG_LEVEL: 'SILENT', ...env } },
    });
    expect(stderr).toBe('');
    return stdout;
  };
  const asked = (given: object = {}) => ({ at: AT, samples: [sample({ readings: [seen(20)], ...given })] });

  beforeAll(() => cpSync(join(folder, 'lambdas', 'decide'), alone, { recursive: true }));

  test('decides', () => {
    expect(JSON.parse(ask(asked()))).toMatchObject({ decisions: [{ from: 1, to: 2 }] });
  });

  test('decides for a service that the sample does not describe', () => {
    const service = { cluster: 'shop', service: 'orders-worker' };
    const env = {
      ...{ ECS_CLUSTER: 'shop', SERVICE_NAME: 'orders-worker', SCALE_UP_THRESHOLD: '10' },
      ...{ SQS_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/1/q', MIN_TASKS: '0' },
    };
    const answer = JSON.parse(ask(asked({ service }), env));
    expect(answer).toMatchObject({ decisions: [{ from: 1, to: 2, reasons: [{ by: 'threshold' }] }] });
  });

  const schedule = [{ start: '0 8 * * *', end: '0 18 * * *', timezone: 'Europe/Berlin', min: 7 }];
  const scheduled = () => JSON.parse(ask(asked({ service: service({ schedule }) })));
  test('decides by a schedule', () => {
    expect(scheduled()).toMatchObject({ decisions: [{ to: 7, reasons: [{}, { by: 'schedule', said: 7 }] }] });
  });

  test('logs what a dry run would do when it is new, not at every tick', () => {
    const dry = asked({ service: service({ dryRun: true }) });
    const level = { LOG_LEVEL: 'INFO' };
    const [line = '', answer = ''] = ask(dry, level).split(/\n(?=.*$)/);
    expect(JSON.parse(line)).toMatchObject({ level: 'INFO', message: 'dry run' });
    expect(line).toContain('dry run: would go from 1 to 2');
    const { memory } = JSON.parse(answer);
    const again = ask({ ...dry, memory, samples: dry.samples.map(({ memory: _, ...rest }) => rest) }, level);
    expect(JSON.parse(again)).toMatchObject({ decisions: [{ to: 1 }] });
  });

  test('refuses what is no event in the words of the source', async () => {
    const { handler } = await import('../lambdas/decide/handler.ts');
    const event = { at: 'noon', term: -1.5, samples: [{ readings: [{ known: 1 }], counts: [] }] };
    const refusal = await handler(event).catch((error: Error) => error.message);
    expect(refusal).toContain('Invalid ISO datetime');
    expect(ask(event)).toBe(refusal);
  });

  test('scales nothing in where the file with the schedules is lost', () => {
    rmSync(join(alone, 'croner.js'));
    const [decision] = scheduled().decisions;
    expect(decision).toMatchObject({ to: 2, reasons: [{ by: 'target' }] });
    const idle = asked({ service: service({ schedule }), readings: [seen(0)] });
    expect(JSON.parse(ask(idle))).toMatchObject({
      decisions: [
        {
          to: 1,
          reasons: [{}, { by: 'schedule', why: expect.stringMatching(/nothing is scaled in.*croner/) }],
        },
      ],
    });
    expect(JSON.parse(ask(asked()))).toMatchObject({ decisions: [{ to: 2 }] });
  });
});

describe('the published command', () => {
  test('is executable and starts with its interpreter', () => {
    const cli = join(folder, 'local', 'cli.js');
    expect(readFileSync(cli, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(statSync(cli).mode & 0o111).toBe(0o111);
  });
});

describe("the helper for a user's own workers", () => {
  const app = mkdtempSync(join(tmpdir(), 'pulsescale-user-'));
  const named = join(app, 'node_modules', 'pulsescale');
  const say = 'process.stdout.write([typeof taskProtection, new TaskProtectionError().name].join())';
  const inApp = (...args: readonly string[]) =>
    spawnSync(process.execPath, args, { cwd: app, encoding: 'utf8' });

  beforeAll(() => {
    // As npm installs it: the package by its name, with what `exports` and `files` of it say.
    for (const part of ['package.json', 'pulsescale.schema.json', 'statemachine'])
      cpSync(join(packageRoot, part), join(named, part), { recursive: true });
    for (const part of ['worker', 'lib'])
      cpSync(join(folder, part), join(named, 'dist', part), { recursive: true });
    const installed = readdirSync(join(packageRoot, 'node_modules')).filter((name) => name !== 'pulsescale');
    for (const name of installed)
      symlinkSync(join(packageRoot, 'node_modules', name), join(app, 'node_modules', name));
  });

  test('is there for import and for require, and carries nothing else', () => {
    const wish = '{ taskProtection, TaskProtectionError }';
    const imported = inApp('--input-type=module', '-e', `import ${wish} from 'pulsescale/worker'; ${say}`);
    expect(imported).toMatchObject({ stdout: 'function,TaskProtectionError', stderr: '' });
    const required = inApp('-e', `const ${wish} = require('pulsescale/worker'); ${say}`);
    expect(required).toMatchObject({ stdout: 'function,TaskProtectionError', stderr: '' });
    for (const file of ['index.js', 'index.cjs']) {
      expect(readFileSync(join(folder, 'worker', file), 'utf8')).not.toMatch(
        /\b(import|require)\(|^import /m,
      );
      expect(statSync(join(folder, 'worker', file)).size).toBeLessThan(12_000);
    }
  });

  test('beside the construct, the schema and nothing more', () => {
    const use = "import { PulseScaler } from 'pulsescale'; process.stdout.write(PulseScaler.name)";
    expect(inApp('--input-type=module', '-e', use)).toMatchObject({ stdout: 'PulseScaler', stderr: '' });
    const found = (name: string) => inApp('-p', `require.resolve('${name}')`);
    expect(found('pulsescale').stdout.trim()).toBe(join(named, 'dist', 'lib', 'index.js'));
    expect(found('pulsescale/pulsescale.schema.json').status).toBe(0);
    expect(found('pulsescale/package.json').status).toBe(0);
    expect(found('pulsescale/dist/lib/app.js').stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
});
