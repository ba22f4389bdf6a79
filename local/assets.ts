/** Files that are needed at run time, found from the package's own folder whether this runs from source or from `dist`. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const isOurs = (folder: string): boolean => {
  const file = join(folder, 'package.json');
  return (
    existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === 'pulsescale'
  );
};

/** The folder with our own package.json: `from`, or the nearest one above it that is called pulsescale. */
export const packageRoot = (from: string = import.meta.dirname): string => {
  if (isOurs(from)) return from;
  if (dirname(from) === from)
    throw new Error('no package.json named pulsescale lies above its code: install the package again');
  return packageRoot(dirname(from));
};

export const loopDefinition = (): URL => pathToFileURL(join(packageRoot(), 'statemachine', 'loop.asl.json'));

export const demoConfig = (): string => join(packageRoot(), 'local', 'demo', 'demo.yaml');
