/** The report of a run in Markdown. */
import { table } from '../table.ts';
import { peers } from './peers/registry.ts';
import type { Results } from './results.ts';
import { figureTables, loadTable } from './tables.ts';
import { verdictSection } from './verdict.ts';

const intro = ({ name, target, interval, absent }: Results): string => {
  const command = name === 'full' ? 'npm run bench -- --full' : 'npm run bench';
  const away =
    absent.length === 0
      ? ''
      : ` Not run, since their files are not there (bench/README.md says how to get them): ${absent.join(', ')}.`;
  const ticks = interval === undefined ? '' : ` All of ours tick every ${interval} s.`;
  return `Written by \`${command}\`. Everybody meets the same messages, the same work and the same start-up times, may have 1 to 200 tasks, begins with what the first second needs and is told to keep waits under ${target} s where it can be told. Cost is what is paid, from the pull of the image until a task is gone, ÷ what a clairvoyant with tasks that start at once would pay. Tuned: the cheapest parameters of a sweep on the training part that are as punctual as the peer can be.${ticks}${away}`;
};

const ruleTable = ({ rules, rows }: Results): string => {
  const present = [...new Set(rows.map(({ contestant }) => contestant))];
  return table(
    ['who', 'rule', 'read in'],
    present.map((who) => [who, rules[who] ?? '', peers.find(({ name }) => name === who)?.source ?? '']),
  );
};

const tunedTable = ({ tuned }: Results): string =>
  table(
    ['trace', 'start-up', 'peer', 'parameters'],
    Object.entries(tuned).flatMap(([trace, plants]) =>
      Object.entries(plants).flatMap(([plant, found]) =>
        Object.entries(found).map(([peer, parameters]) => [
          ...[trace, plant, peer],
          Object.entries(parameters)
            .map(([key, value]) => `${key} ${Number(value.toPrecision(4))}`)
            .join(', '),
        ]),
      ),
    ),
  );

export const report = (results: Results): string =>
  [
    `# The scaling bench, ${results.name}`,
    intro(results),
    verdictSection(results),
    figureTables(results),
    '## The loads',
    loadTable(results),
    '## Who ran',
    ruleTable(results),
    ...(Object.keys(results.tuned).length === 0 ? [] : ['## Tuned parameters', tunedTable(results)]),
  ]
    .join('\n\n')
    .concat('\n');
