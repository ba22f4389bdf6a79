/**
 * Where the package lies. The views run from `local/views/` in the repository and from `dist/local/cli.js` once published,
 * so what is not code is found from the folder that holds both.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder of Pulsescale's own package.json, `from` itself or the nearest one above it. The name is compared because a
 * bundle may be copied below another package.
 *
 * @throws Error when no folder above `from` is Pulsescale's
 */
export function packageRoot(from: string = import.meta.dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'pulsescale')
      return folder;
    if (folder === dirname(folder)) {
      throw new Error(`There is no package.json named pulsescale in ${from} or above it: install it again.`);
    }
  }
}
