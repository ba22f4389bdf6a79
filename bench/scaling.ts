/**
 * `npm run bench`: is it really better? Ours and its peers on the same loads, message by message in virtual time.
 *
 *     npm run bench                                   the busiest hour of every trace, some minutes on two cores
 *     npm run bench -- --full                         all of it with 5 seeds
 *     npm run bench -- --tune                         the peers' parameters anew
 *     npm run bench -- --trace mine.csv --policy mine.yaml
 *     npm run bench -- --help
 *
 * Writes bench/results/NAME.{json,md}. The tuned parameters of the peers are taken from bench/results/tuned.json, which --tune writes; what it
 * does not have is swept on a small grid. The same command on the same traces writes the same bytes, however many threads it has.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { messageOf } from '../lambdas/contract/errors.ts';
import { askedFor } from './scaling/options.ts';
import { drawings } from './scaling/plots/drawings.ts';
import { createPool } from './scaling/pool.ts';
import { createProgress } from './scaling/progress.ts';
import { report } from './scaling/report.ts';
import { toJson } from './scaling/results.ts';
import { runPlan } from './scaling/suite.ts';
import { mainTables } from './scaling/tables.ts';
import { merged, readStored, writeStored } from './scaling/tuned.ts';
import { verdictLines } from './scaling/verdict.ts';

const FOLDER = new URL('./results/', import.meta.url);
const STORED = new URL('tuned.json', FOLDER);

const run = async (args: readonly string[]): Promise<void> => {
  const { plan, threads } = askedFor(args);
  const stored = readStored(STORED);
  const pool = createPool(threads);
  const progress = createProgress(
    process.stderr,
    () => performance.now() / 1000,
    (trace) => stored[trace] !== undefined,
  );
  try {
    const results = await runPlan(plan, stored, { pool, progress });
    if (results.loads.length === 0)
      throw new Error(
        'none of these traces is here; TRACES names their folder, bench/README.md says how to get them',
      );
    mkdirSync(FOLDER, { recursive: true });
    if (plan.sweep?.only) {
      writeStored(STORED, merged(stored, results.tuned));
      process.stdout.write('bench/results/tuned.json has the parameters of the peers\n');
      return;
    }
    const file = (suffix: string): URL => new URL(`${plan.name}.${suffix}`, FOLDER);
    writeFileSync(file('json'), toJson(results));
    writeFileSync(file('md'), report(results));
    for (const { suffix, text } of drawings(results, plan, (said) => process.stderr.write(`${said}\n`)))
      writeFileSync(file(suffix), text);
    if (results.absent.length > 0)
      process.stderr.write(
        `not here: ${results.absent.join(', ')}; TRACES names their folder, bench/README.md says how to get them\n`,
      );
    const said = plan.name === 'own' ? mainTables(results) : verdictLines(results).join('\n');
    process.stdout.write(`${said}\n\n`);
    process.stdout.write(`bench/results/${plan.name}.md has the tables, ${plan.name}.json the rows\n`);
  } finally {
    await pool.close();
  }
};

try {
  await run(process.argv.slice(2));
} catch (thrown) {
  const isHelp = thrown instanceof CommanderError && thrown.exitCode === 0;
  if (!isHelp) {
    process.stderr.write(`${messageOf(thrown)}\n`);
    process.exitCode = 1;
  }
}
