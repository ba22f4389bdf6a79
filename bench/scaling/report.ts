/** The report of a run in Markdown. */
import { table } from '../table.ts';
import { peers } from './peers/registry.ts';
import type { Results } from './results.ts';
import { figureTables, loadTable } from './tables.ts';
import { verdictSection } from './verdict.ts';

const tunedBy = ({ tuned, sweptHere }: Results): string => {
  if (Object.keys(tuned).length === 0) return '';
  const how =
    'Tuned: of a sweep on the training part the cheapest parameters that are as punctual as the peer can be';
  if (sweptHere.length === 0) return ` ${how} (\`npm run bench -- --tune\`, stored in tuned.json).`;
  return ` ${how}; on ${sweptHere.join(', ')} on a small grid, in this run, since nothing was stored.`;
};

const intro = (results: Results): string => {
  const { name, target, interval, absent } = results;
  const command = name === 'full' ? 'npm run bench -- --full' : 'npm run bench';
  const away =
    absent.length === 0
      ? ''
      : ` Not run, since their files are not there (bench/README.md says how to get them): ${absent.join(', ')}.`;
  const ticks = interval === undefined ? '' : ` All of ours tick every ${interval} s.`;
  return `Written by \`${command}\`. Everybody meets the same messages, the same work and the same start-up times, may have 1 to 200 tasks, begins with what the first second needs and is told to keep waits under ${target} s where it can be told. Cost is what is paid, from the pull of the image until a task is gone, ÷ what a clairvoyant with tasks that start at once would pay.${tunedBy(results)}${ticks}${away}`;
};

const ruleTable = ({ rules, rows }: Results): string => {
  const present = [...new Set(rows.map(({ contestant }) => contestant))];
  return table(
    ['who', 'rule', 'read in'],
    present.map((who) => [who, rules[who] ?? '', peers.find(({ name }) => name === who)?.source ?? '']),
  );
};

const tunedTable = ({ tuned, sweptHere }: Results): string =>
  table(
    ['trace', 'start-up', 'peer', 'parameters'],
    sweptHere.flatMap((trace) =>
      Object.entries(tuned[trace] ?? {}).flatMap(([plant, found]) =>
        Object.entries(found).map(([peer, parameters]) => [
          ...[trace, plant, peer],
          Object.entries(parameters)
            .map(([key, value]) => `${key} ${Number(value.toPrecision(4))}`)
            .join(', '),
        ]),
      ),
    ),
  );

/** Tables are as wide as 24 traces: aligned they would be twice as large, and nobody reads them unrendered. */
const unaligned = (text: string): string => text.replaceAll(/ {2,}\|/g, ' |').replaceAll(/-{4,}/g, '---');

export const report = (results: Results): string =>
  unaligned(
    [
      `# The scaling bench, ${results.name}`,
      intro(results),
      ...(results.name === 'own' ? [] : [verdictSection(results)]),
      figureTables(results),
      '## The loads',
      loadTable(results),
      '## Who ran',
      ruleTable(results),
      ...(results.sweptHere.length === 0 ? [] : ['## Parameters that were swept here', tunedTable(results)]),
    ].join('\n\n'),
  ).concat('\n');
