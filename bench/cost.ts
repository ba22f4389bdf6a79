/**
 * `npm run bench:cost`: what Pulsescale itself costs a month, for 1, 10, 50 and 200 services at 2, 5 and 10 s, beside the other scalers.
 *
 * Counts the calls, invocations and bytes of whole executions on the local runner (about a minute), reads the sizes and log settings from the
 * synthesised template, multiplies by the prices in `cost/prices.ts`, and writes `bench/cost/counted.json` and `bench/results/cost.{json,md}`. The same
 * tree gives the same dollars; only the largest state is some per cent larger or smaller, since what a service remembers has times in it. `--counted`
 * takes the counts of last time.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { countLane } from './cost/count.ts';
import { markdownOf } from './cost/markdown.ts';
import type { CountedLane } from './cost/month.ts';
import { countedFigures, FIGURES, type Figures, laneSizes, lanesToCount } from './cost/ours.ts';
import { reportOf } from './cost/report.ts';
import { deployedFor } from './cost/stack.ts';

const { values } = parseArgs({
  options: { counted: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
if (values.help) {
  process.stdout.write('npm run bench:cost -- [--counted]\n');
  process.exit(0);
}

const progress = (text: string): void => {
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${text}` : `${text}\n`);
};

const countAll = async (): Promise<Figures> => {
  progress('reading the template …');
  const sizes = [...new Set(Object.values(laneSizes).flat())];
  const deployed = Object.fromEntries(sizes.map((services) => [services, deployedFor(services)]));
  const lanes: CountedLane[] = [];
  for (const lane of lanesToCount) {
    const { services, interval, load } = lane;
    progress(`${lanes.length + 1} of ${lanesToCount.length}: ${services} services, ${interval} s, ${load} …`);
    lanes.push({ ...lane, ...(await countLane(lane)) });
  }
  return { deployed, lanes };
};

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

const figures = values.counted ? countedFigures() : await countAll();
if (!values.counted) writeFileSync(FIGURES, json(figures));
progress('');
const report = reportOf(figures);
const results = new URL('results/', import.meta.url);
mkdirSync(results, { recursive: true });
writeFileSync(new URL('cost.json', results), json(report));
const markdown = markdownOf(report, figures);
writeFileSync(new URL('cost.md', results), markdown);
process.stdout.write(markdown);
