/** Files that are needed at run time, found from the package's own folder whether this runs from source or from `dist`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { definitionFile, packageRoot } from '../lib/assets.ts';

export const loopDefinition = (): URL => pathToFileURL(definitionFile);

export const demoConfig = (): string => join(packageRoot, 'local', 'demo', 'demo.yaml');

export const version = (): string =>
  (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }).version;
