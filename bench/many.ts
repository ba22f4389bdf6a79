/**
 * `npm run bench:many`: fifty services on six kinds of queue, on their real servers, in three clusters and one lane of the real loop; a third of
 * them fails, each in a way of its own. Do the ticks stay within the interval, and are the others undisturbed?
 *
 * The same lane without the failing ones runs before it on the same servers, so that the times of this machine cancel out.
 */
import { parseArgs } from 'node:util';
import { type ServerProcess, startServer } from '../local/demo/server-process.ts';
import { configOf, fleetOf, type Member } from './many/fleet.ts';
import { kinds, passwordOf } from './many/kinds.ts';
import { playLane } from './many/lane.ts';
import { type LaneReport, outcomeOf, verdictOn } from './many/report.ts';
import { openStage } from './many/stage.ts';
import { makeTrouble } from './many/trouble.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    interval: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '45' },
    only: { type: 'boolean', default: false },
    brief: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(
    [
      'npm run bench:many -- [--interval 5] [--seconds 45] [--only] [--brief] [--json] [SOURCE …]',
      `SOURCE   ${kinds.map(({ type }) => type).join(', ')}`,
      '--only   the last lane alone, in which everything is that fails',
      '--brief  a lane is over as soon as every healthy service has scaled out and in again',
      '--json   what became of each service of the last lane\n',
    ].join('\n'),
  );
  process.exit(0);
}
const interval = Number(values.interval);
const seconds = Number(values.seconds);
const say = (text: string): void => void process.stderr.write(`${text}\n`);

const named = kinds.filter(({ type }) => positionals.length === 0 || positionals.includes(type));
const started = await Promise.all(
  named.flatMap(({ type, server }) =>
    server === undefined
      ? []
      : [
          startServer({ name: server, settings: 'test/servers' }, process.stderr).then(
            (up) => [type, up] as const,
          ),
        ],
  ),
);
const servers: ReadonlyMap<string, ServerProcess> = new Map(started);
const addressOf = (type: string) => servers.get(type)?.address ?? {};
const secrets = {
  BENCH_ANY: 'wrong',
  ...Object.fromEntries(started.map(([type, { address }]) => [passwordOf(type), address.password ?? ''])),
};

const trouble = await makeTrouble();
const { healthy, failing } = fleetOf(positionals, addressOf, trouble);
// A failing one after every second healthy one: each has neighbours that it could disturb.
const mixed = healthy.flatMap((member, nth): Member[] => {
  const next = nth % 2 === 1 ? failing[(nth - 1) / 2] : undefined;
  return next === undefined ? [member] : [member, next];
});
const members = [...mixed, ...failing.filter((each) => !mixed.includes(each))];
say(`${healthy.length} healthy services and ${failing.length} failing ones: opening the queues …`);
const stage = await openStage(members, configOf({ name: 'all', interval }, members), secrets, addressOf);

const lanes: LaneReport[] = [];
const all = ['all', members] as const;
const before = [
  ['healthy', healthy],
  ['failing-at-once', members.filter(({ failure }) => failure?.hangs === undefined)],
] as const;
for (const [name, own] of values.only ? [all] : [...before, all]) {
  say(`the lane "${name}" for ${seconds} s …`);
  const played = await playLane(stage, configOf({ name, interval }, own), own, {
    seconds,
    brief: values.brief,
  });
  lanes.push({ name, members: own, played });
}
const { text, problems } = verdictOn(lanes, interval);
const [last] = lanes.slice(-1);
process.stdout.write(values.json && last !== undefined ? `${JSON.stringify(outcomeOf(last))}\n` : text);

const limit = setTimeout(() => process.exit(problems.length === 0 ? 0 : 1), 10_000);
trouble.close();
await stage.close();
await Promise.all([...servers.values()].map((server) => server.close()));
clearTimeout(limit);
process.exit(problems.length === 0 ? 0 : 1);
