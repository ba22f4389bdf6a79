/**
 * The files of the page: a fixed list, read once, so that no path from a request ever reaches the file system. uPlot is
 * served under the path at which the page's import also finds it on disk, so editors and linters can follow the import.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { packageRoot } from '../../lib/assets.ts';

export interface PageFile {
  readonly type: string;
  readonly content: Buffer;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Every file that the page may ask for, by its path in the URL. */
export function pageFiles(root: string = packageRoot): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  const add = (path: string, file: string) => {
    const type = types[extname(file)];
    if (type !== undefined) files.set(path, { type, content: readFileSync(file) });
  };
  const folder = join(root, 'local', 'views', 'page');
  for (const name of readdirSync(folder)) add(`/${name}`, join(folder, name));
  add('/', join(folder, 'index.html'));
  const { resolve } = createRequire(join(root, 'package.json'));
  for (const name of ['uPlot.esm.js', 'uPlot.min.css']) {
    add(`/node_modules/uplot/dist/${name}`, resolve(`uplot/dist/${name}`));
  }
  return files;
}
