/** What a cold start pays for: the size of each bundle and the time to load it, in fresh processes. */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { bundleOf, rooms } from '../lib/assets.ts';
import { quantile } from './table.ts';

const RUNS = 9;

/** Median milliseconds that `require` takes in a fresh process. */
const loadTime = (file: string): number => {
  const script = `const began = performance.now(); require(${JSON.stringify(file)}); process.stdout.write(String(performance.now() - began)); process.exit(0);`;
  const times = Array.from({ length: RUNS }, () =>
    Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })),
  );
  return quantile(times, 0.5);
};

/** Median milliseconds of a process that does nothing. */
const emptyProcess = (): number => {
  const times = Array.from({ length: RUNS }, () => {
    const began = performance.now();
    execFileSync(process.execPath, ['-e', '0']);
    return performance.now() - began;
  });
  return quantile(times, 0.5);
};

/** Rows of bundle, size, time to load, and that time as a share of starting Node itself. */
export const bundleRows = (): readonly (readonly string[])[] => {
  const node = emptyProcess();
  return rooms.map((room) => {
    const file = `${bundleOf(room)}/index.js`;
    const time = loadTime(file);
    return [
      room,
      `${(statSync(file).size / 1000).toFixed(1)} kB`,
      `${time.toFixed(0)} ms`,
      `${(time / node).toFixed(2)} × the start of Node itself`,
    ];
  });
};
