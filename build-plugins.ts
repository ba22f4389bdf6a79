/**
 * What the rooms' bundles leave out or keep beside them, as plugins of esbuild. Less code is a shorter cold start, and decide
 * has a promise to keep: 150 kB. With all its rules it would be 233 kB; these, and three rules that most lanes never need beside it, make it 149 kB.
 *
 * | left out | why it was there | kB |
 * |---|---|---|
 * | what the deployed configuration is read and explained with | decide falls back on it where a sample lacks its service: a file of its own | 29 |
 * | methods of zod's schemas that no file of the room names | they hang on every schema, and drag in what they make: 25 formats of text, promises, … | 19 |
 * | how zod's schemas are written as JSON Schema | it hangs on every schema too | 18 |
 * | descriptions and other words about schemas | only messages about a wrong configuration repeat them | 8 |
 * | functions inside zod that nobody calls | one `core.util.x` makes esbuild keep all of them | 7 |
 * | zod's functions made for each object schema | the first tick takes 5 ms in place of 9 without them; 100 services take the same 4 ms of a tick | 3.5 |
 * | files of the contract from which nothing is used | they make schemas as they are loaded | 2 |
 * | zod's memory of what it has seen | for schemas that hold themselves, of which decide has none | 3 |
 *
 * Gotcha: the text of zod is edited here. Where a new version looks otherwise an edit finds nothing, the bundle grows and
 * `test/build.test.ts` says so. A method that is called by a computed name would be missing when it is called.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Plugin, transform } from 'esbuild';

const root = import.meta.dirname;
export const rooms = ['lease', 'collect', 'decide', 'apply'] as const;
export type Room = (typeof rooms)[number];

/**
 * zod's schemas can write themselves as JSON Schema. No room does that, yet the code hangs on every schema and so would be
 * an eighth of decide, loaded at every cold start. It is replaced by functions that say so.
 */
export const withoutJsonSchema: Plugin = {
  name: 'without-json-schema',
  setup: ({ onLoad }) => {
    onLoad({ filter: /zod[\\/]v4[\\/]core[\\/](to-json-schema|json-schema-processors)\.js$/ }, ({ path }) => {
      const exported = [...readFileSync(path, 'utf8').matchAll(/^export (?:const|function) (\w+)/gm)].map(
        ([, name]) => name,
      );
      const fail = `const left = () => { throw new Error('JSON Schema is left out of this bundle') };\n`;
      // Factories are called for every schema that is made; what they make must not be called.
      const stubs = exported.map(
        (name) => `export const ${name} = ${name?.startsWith('create') ? '() => left' : 'left'};`,
      );
      return { contents: `${fail}${stubs.join('\n')}\nexport { left as process };` };
    });
  },
};

/** The code that may be in a room: its own, and all that belongs to none, but no other room's. */
const textsOf = (room: string): readonly string[] => {
  const folder = join(root, 'lambdas');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const roomOf = (file: string) => rooms.find((each) => file.startsWith(each));
  return files
    .filter((file) => (roomOf(file) ?? room) === room)
    .map((file) => readFileSync(join(folder, file), 'utf8'));
};

/** A method or an accessor of zod's tables of methods, as its files are laid out. */
const METHOD = /^ {4}(?:async )?(?:(?:get|set) )?(\w+)\([^\n]*\) \{\n(?: {8}[^\n]*\n)*? {4}\},?\n/gm;

/** A schema that holds itself: it is what zod's memory of values that it has seen is for, and no other schema asks it. */
const RECURSION = /\blazy\(|^\s*get \w+\(\)/m;

export const leanZod = (room: Room): Plugin => ({
  name: 'lean-zod',
  setup: ({ onLoad, onResolve }) => {
    const texts = textsOf(room);
    // Every method of a schema that the room can call stands after a dot somewhere.
    const inRoom = texts.flatMap((text) => [...text.matchAll(/\.\s*(\w+)/g)].map(([, name]) => name));
    onResolve({ filter: /^zod($|\/)/ }, ({ importer, path }) =>
      importer.startsWith(join(root, 'lambdas'))
        ? undefined
        : { errors: [{ text: `${importer} uses ${path}: build-plugins.ts must know the methods it calls` }] },
    );
    onLoad({ filter: /zod[\\/]v4[\\/]classic[\\/]schemas\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const inZod = [...text.matchAll(/\b(?:this|inst)\??\.(\w+)/g)].map(([, name]) => name);
      const used = new Set([...inRoom, ...inZod]);
      const lean = text
        .replace(METHOD, (method, name: string) => (used.has(name) ? method : ''))
        // Through a module that passes it on, esbuild can't tell which of its functions are called.
        .replace('import { util } from "../core/index.js"', 'import * as util from "../core/util.js"')
        .replaceAll('core.util.', 'util.')
        .replace('core.$ZodObjectJIT.init(', room === 'decide' ? 'core.$ZodObject.init(' : '$&');
      const isRecursive = texts.some((each) => RECURSION.test(each));
      return {
        contents: isRecursive ? lean : lean.replace('core.config({ memoizer: core.memoizer() })', '{}'),
      };
    });
  },
});

const CALL = '.meta({';
const TEXT_OR_PARENTHESIS = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|[()]/g;

/** The index after the call that begins at `from`. */
const endOfCall = (code: string, from: number): number => {
  let depth = 0;
  for (const { 0: found, index } of code.slice(from).matchAll(TEXT_OR_PARENTHESIS)) {
    if (found === '(') depth += 1;
    if (found === ')') depth -= 1;
    if (found === ')' && depth === 0) return from + index + 1;
  }
  throw new Error(`a call of meta() has no end: ${code.slice(from, from + 80)}`);
};

/** The same code without its calls of `.meta({ … })`, which make a copy of a schema and change nothing about it. */
const withoutMeta = (code: string): string => {
  const from = code.indexOf(CALL);
  return from < 0 ? code : code.slice(0, from) + withoutMeta(code.slice(endOfCall(code, from)));
};

/** For rooms that never explain a configuration. */
export const withoutDescriptions: Plugin = {
  name: 'without-descriptions',
  setup: ({ onLoad }) => {
    onLoad({ filter: /lambdas[\\/]contract[\\/].*\.ts$/ }, async ({ path }) => {
      // What esbuild prints has no comments, in which quotes need no partner.
      const { code } = await transform(readFileSync(path, 'utf8'), { loader: 'ts' });
      return { contents: withoutMeta(code), loader: 'js' };
    });
  },
};

/** A file of the contract from which a room takes nothing that it uses is left out, though it makes schemas as it is loaded. */
export const withoutUnusedContract: Plugin = {
  name: 'without-unused-contract',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, resolveDir }) => {
      const file = join(resolveDir, path);
      return file.startsWith(join(root, 'lambdas', 'contract'))
        ? { path: file, sideEffects: false }
        : undefined;
    });
  },
};

/**
 * Modules that a room imports when it needs them, as files beside its own: `import('croner')` becomes
 * `import('./croner.js')`.
 *
 * @param files by their names, what they are bundled from
 */
export const withFilesApart = (files: Readonly<Record<string, string>>): Plugin => ({
  name: 'with-files-apart',
  setup: ({ onResolve }) => {
    for (const [file, entry] of Object.entries(files)) {
      const last = entry.split('/').at(-1)?.replace('.', '\\.');
      onResolve({ filter: new RegExp(`(^|/)${last}$`) }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: `./${file}`, external: true } : undefined,
      );
    }
  },
});
