/**
 * Bundles what runs outside this tree, into `dist/`:
 *
 * - `dist/lambdas/<room>/index.js`, one file per room of the loop, with everything in it that a tick needs; beside decide's lie two
 *   files that most lanes never load. The folder is a Lambda asset;
 * - `dist/worker`, which users load in their own tasks: with `import` and with `require`, on any Node that has fetch;
 * - `dist/lib` and `dist/local`, the published package, whose dependencies npm installs. Files that are read at run time
 *   (the state machine, the page) are not copied: they are looked up from the package's own folder.
 *
 * The rooms are CommonJS: collect loads in 52 ms in place of 70 ms as a module (decide 27 and 30), `require` and `import()`
 * both take it, and libraries that call `require` need no shim. A `package.json` beside each bundle says so, because this
 * package's own says `"type": "module"`. Clients that a room imports lazily stay lazy inside the single file.
 *
 * Runs at `npm install` and before every synth, so it takes well under a second and says nothing when all is well.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import {
  leanZod,
  type Room,
  rooms,
  withFilesApart,
  withoutDescriptions,
  withoutJsonSchema,
  withoutUnusedContract,
} from './build-plugins.ts';

const root = import.meta.dirname;
const { values: asked } = parseArgs({
  options: {
    /** The rooms alone, which is what synth needs. */
    rooms: { type: 'boolean', default: false },
    into: { type: 'string', default: 'dist' },
  },
});
const dist = resolve(root, asked.into);
/** The last one is a worker thread of the local runner, started from its file. */
const entries = asked.rooms ? [] : ['lib/index.ts', 'lib/app.ts', 'local/cli.ts', 'local/lambda-host.ts'];

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  legalComments: 'none',
  logLevel: 'warning',
} satisfies BuildOptions;

/** Loaded when they are needed and not before: cron arithmetic for a schedule, the deployed configuration for a sample without one, the rules of budgets and of hosts. */
const apart: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  decide: {
    'croner.js': 'croner',
    'deployed-service.js': 'lambdas/store/deployed-service.ts',
    'groups.js': 'lambdas/decide/groups.ts',
    'capacity.js': 'lambdas/decide/capacity.ts',
  },
};

/** What these rooms are given has been checked by those before them, so they explain nothing. */
const tersely: readonly string[] = ['decide', 'apply'];

const bundleRoom = async (room: Room): Promise<void> => {
  const folder = join(dist, 'lambdas', room);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
  const beside = apart[room] ?? {};
  const bundle = (entry: string, name: string, plugins: readonly Plugin[] = []) =>
    build({
      ...shared,
      entryPoints: [entry],
      outfile: join(folder, name),
      format: 'cjs',
      target: 'node24',
      minify: true,
      // The ES module form of a library is the one from which unused code falls out.
      mainFields: ['module', 'main'],
      plugins: [withoutJsonSchema, leanZod(room), withFilesApart(beside), withoutUnusedContract, ...plugins],
    });
  await Promise.all([
    bundle(`lambdas/${room}/handler.ts`, 'index.js', tersely.includes(room) ? [withoutDescriptions] : []),
    ...Object.entries(beside).map(([name, entry]) => bundle(entry, name)),
  ]);
};

const bundleForNpm = async (entry: string): Promise<void> => {
  const outfile = join(dist, entry.replace(/\.ts$/, '.js'));
  await build({
    ...shared,
    entryPoints: [entry],
    outfile,
    format: 'esm',
    target: 'node22',
    packages: 'external',
  });
  if (!entry.endsWith('cli.ts')) return;
  const text = readFileSync(outfile, 'utf8');
  if (!text.startsWith('#!')) writeFileSync(outfile, `#!/usr/bin/env node\n${text}`);
  chmodSync(outfile, 0o755);
};

const HELPER = 'worker/index.ts';

const bundleHelper = async (): Promise<void> => {
  const whole = { ...shared, entryPoints: [HELPER], target: 'node18' };
  const named = (ending: string) => join(dist, HELPER.replace(/ts$/, ending));
  await Promise.all([
    build({ ...whole, outfile: named('js'), format: 'esm' }),
    build({ ...whole, outfile: named('cjs'), format: 'cjs' }),
  ]);
};

const there = (path: string): boolean => existsSync(join(root, path));
const handlers = rooms.map((room) => ({ room, source: `lambdas/${room}/handler.ts` }));

const built = await Promise.allSettled([
  ...handlers.filter(({ source }) => there(source)).map(({ room }) => bundleRoom(room)),
  ...entries.filter(there).map(bundleForNpm),
  ...(asked.rooms ? [] : [bundleHelper()]),
]);
// esbuild has already said what is wrong, with file and line.
if (built.some(({ status }) => status === 'rejected')) process.exitCode = 1;

const missing = [...handlers.map(({ source }) => source), ...entries].filter((path) => !there(path));
if (missing.length > 0) {
  process.stderr.write(`build.ts: not built, because these files are missing: ${missing.join(', ')}\n`);
  process.exitCode = 1;
}
