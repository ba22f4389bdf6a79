/**
 * `npm run faults`: tries every fault of the table on the real state machine and the real handlers, and prints a line for each as it ends:
 * what failed, how long after its end the loop ticked again, what the loop said of it. Exit code 1 when one was not survived.
 */
import { Command, InvalidArgumentError } from 'commander';
import { rows } from './rows/registry.ts';
import { AT_ONCE, type Played, playAll } from './table.ts';

interface Options {
  readonly only?: string;
  readonly atOnce: number;
}

const positive = (text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('expected 1 or more');
  return number;
};

const WIDTH = Math.max(...rows.map(({ fault }) => fault.length));

const lineOf = ({ fault, seen, recoveredAfter, violations }: Played): string => {
  const verdict = violations.length === 0 ? 'survived' : 'FAILED  ';
  const again =
    recoveredAfter === undefined ? 'never again' : `again after ${String(recoveredAfter).padStart(3)} s`;
  const wrong = violations.map((violation) => `\n    ${violation}`).join('');
  return `${verdict}  ${fault.padEnd(WIDTH)}  ${again}  ${seen}${wrong}`;
};

/** @param sorted at least one */
const middle = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)] ?? 0;

const summaryOf = (played: readonly Played[], seconds: number): string => {
  const survived = played.filter(({ violations }) => violations.length === 0).length;
  const after = played
    .flatMap(({ recoveredAfter: each }) => (each === undefined ? [] : [each]))
    .toSorted((a, b) => a - b);
  return [
    `${played.length} faults, ${survived} survived, in ${Math.round(seconds)} s`,
    `the loop ticked again ${middle(after)} s after a fault's end at the median, ${after.at(-1) ?? 0} s at most`,
  ].join('\n');
};

const run = async ({ only = '', atOnce }: Options): Promise<void> => {
  const chosen = rows.filter(({ fault }) => fault.toLowerCase().includes(only.toLowerCase()));
  if (chosen.length === 0) throw new Error(`no fault has "${only}" in its name`);
  const began = performance.now();
  const all: Played[] = [];
  await playAll(chosen, atOnce, (played) => {
    all.push(played);
    process.stdout.write(`${lineOf(played)}\n`);
  });
  process.stdout.write(`\n${summaryOf(all, (performance.now() - began) / 1000)}\n`);
  if (all.some(({ violations }) => violations.length > 0)) process.exitCode = 1;
};

await new Command('faults')
  .description('Tries every fault of the table on the real state machine and the real handlers.')
  .option('--only <text>', 'only faults with this in their name')
  .option('--at-once <n>', 'how many are played at a time', positive, AT_ONCE)
  .action(run)
  .parseAsync()
  .catch((thrown: Error) => {
    process.stderr.write(`${thrown.message}\n`);
    process.exitCode = 1;
  });
