/** `npm run model`: explores every scenario and says how much that was; with `--mutation` it has to fail, and tells the story. */
import { Command, Option } from 'commander';
import { Broken, explore } from './explore.ts';
import { stepsComputed } from './invocation.ts';
import { WITHIN } from './liveness.ts';
import { MUTATIONS } from './mutations.ts';
import { SCENARIOS } from './scenarios.ts';
import type { Scenario } from './state.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const names = Object.entries(MUTATIONS).map(([name, { what }]) => `  ${name.padEnd(22)}${what}`);

const program = new Command('npm run model --')
  .description('Every interleaving of executions, faults and passing time over the real lease and save.')
  .addOption(
    new Option('--mutation <name>', 'take away what the loop relies on').choices(Object.keys(MUTATIONS)),
  )
  .addHelpText('after', `\nMutations:\n${names.join('\n')}`)
  .parse();

const { mutation } = program.opts<{ mutation?: string }>();
const mutated = mutation === undefined ? undefined : MUTATIONS[mutation];

const COLUMNS = [50, 9, 13, 28, 10] as const;
const row = (cells: readonly string[]): string =>
  cells
    .map((cell, index) => (index === 0 ? cell.padEnd(COLUMNS[0]) : cell.padStart(COLUMNS[index] ?? 10)))
    .join('');

const exploreAll = async (scenarios: readonly Scenario[]): Promise<void> => {
  const began = performance.now();
  let states = 0;
  let interleavings = 0;
  say(row(['scenario', 'states', 'transitions', 'interleavings', 'dead for']));
  for (const scenario of scenarios) {
    const explored = await explore(scenario);
    states += explored.states;
    interleavings += explored.interleavings;
    const numbers = [explored.states, explored.transitions, explored.interleavings];
    say(row([scenario.name, ...numbers.map((each) => each.toLocaleString('en')), `${explored.longest} s`]));
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const total = `${states.toLocaleString('en')} states, ${interleavings.toLocaleString('en')} interleavings`;
  say(`\n${total}, the real code run ${stepsComputed().toLocaleString('en')} times, ${seconds} s`);
  say(`no promise broken; a lane in which nothing fails any more is alive within ${WITHIN} s, always`);
};

try {
  if (mutated !== undefined) say(`${mutated.what}:\n`);
  await exploreAll(mutated === undefined ? SCENARIOS : [mutated.scenario]);
} catch (thrown) {
  if (!(thrown instanceof Broken)) throw thrown;
  thrown.story.forEach((line, index) => {
    say(`${String(index + 1).padStart(4)}  ${line}`);
  });
  say(`\nBROKEN: ${thrown.message}`);
  process.exitCode = 1;
}
