/**
 * Where the files are that synth needs: beside this package's `package.json`, found upwards from this file, because the
 * same code runs as `lib/*.ts` in a clone and as `dist/lib/*.js` from npm.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const rootAbove = (folder: string): string => {
  // Only the package's own folder holds the state machine; `dist/lambdas/*` have a package.json too.
  if (existsSync(join(folder, 'statemachine', 'loop.asl.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('statemachine/loop.asl.json is missing: install pulsescale again');
  return rootAbove(parent);
};

/** The folder of this package. */
export const packageRoot: string = rootAbove(import.meta.dirname);

/** The unmodified state machine, with `${…}` placeholders for what deployment knows. */
export const definitionFile: string = join(packageRoot, 'statemachine', 'loop.asl.json');

/** The states of the loop that are functions. */
export const rooms = ['lease', 'collect', 'decide', 'apply'] as const;
export type Room = (typeof rooms)[number];

/**
 * The folder with a room's bundle.
 *
 * @throws Error when it has not been built
 */
export const bundleOf = (room: Room, root: string = packageRoot): string => {
  const folder = join(root, 'dist', 'lambdas', room);
  if (existsSync(join(folder, 'index.js'))) return folder;
  throw new Error(
    `the function "${room}" has not been built: ${folder}/index.js is missing. Run: npm run build`,
  );
};
