/**
 * `npm run chaos -- --minutes 10 --seed 1`: rounds of chaos, some at once, until the time is over. Ends with what they came to, and
 * with exit code 1 and whatever led there when anything that must hold did not.
 */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { eventsBefore } from './before.ts';
import { playRound, type Round } from './round.ts';
import { count, emptyTally, progressLine, summary } from './tally.ts';

interface Options {
  readonly minutes: number;
  readonly seed: number;
  readonly atOnce: number;
  readonly round?: number;
}

const whole = (text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('expected a whole number');
  return number;
};

const positive = (text: string): number => {
  const number = Number(text);
  if (!(number > 0)) throw new InvalidArgumentError('expected a number above 0');
  return number;
};

/** So that no round of a seed is one of the next seed's. */
const ROUNDS_PER_SEED = 10_000;

const EVENTS = 25;

const PROGRESS_MS = 10_000;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

const report = ({ recording, violations }: Round, seed: number, nth: number): void => {
  for (const { time, what } of violations) {
    say(`round ${nth}: ${what}`);
    for (const each of eventsBefore(recording, time, EVENTS)) say(`    ${each}`);
  }
  if (violations.length === 0) return;
  // A round played again is the same only as far as sockets and workers are.
  const file = join(tmpdir(), `pulsescale-chaos-${seed}-${nth}.json`);
  writeFileSync(file, JSON.stringify(recording));
  say(`everything that was recorded is in ${file}; again: npm run chaos -- --seed ${seed} --round ${nth}`);
};

const run = async ({ minutes, seed, atOnce, round }: Options): Promise<void> => {
  const began = performance.now();
  const passed = (): number => (performance.now() - began) / 1000;
  const tally = emptyTally();
  const failed = new Set<number>();
  let rounds = round ?? 0;

  const playNext = async (): Promise<void> => {
    const nth = rounds;
    rounds += 1;
    const played = await playRound(seed * ROUNDS_PER_SEED + nth);
    count(tally, played);
    if (played.violations.length > 0) failed.add(nth);
    report(played, seed, nth);
  };
  const end = (): void => {
    const text = summary(tally, seed, passed());
    const again = failed.size === 0 ? '' : `\nrounds with violations: ${[...failed].join(', ')}`;
    process.stdout.write(`${text}${again}\n`, () => process.exit(failed.size === 0 ? 0 : 1));
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  const progress = setInterval(() => say(progressLine(tally, passed())), PROGRESS_MS);

  const playOn = async (): Promise<void> => {
    do await playNext();
    while (passed() < minutes * 60);
  };
  if (round !== undefined) await playNext();
  else await Promise.all(Array.from({ length: atOnce }, playOn));
  clearInterval(progress);
  end();
};

await new Command('chaos')
  .description(
    'Plays storms of faults on the real loop in skipped time, and looks whether everything held that must.',
  )
  .option('--minutes <number>', 'for how long; rounds that have begun are played to their end', positive, 10)
  .option('--seed <number>', 'of everything that is left to chance', whole, 1)
  .option('--at-once <number>', 'how many rounds are played at the same time', whole, 3)
  .option('--round <number>', 'only this round of the seed', whole)
  .action((options: Options) => run(options))
  .parseAsync();
