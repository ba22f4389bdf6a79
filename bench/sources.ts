/**
 * `npm run bench:sources`: what does a reading cost? For each source the time of a warm and of a cold reading, beside the bare
 * client asking the same in the same run, and what fifty services on one server cost in one tick beside one service: over
 * loopback, where the bare client's own fifty calls say what can be had, and with a network between.
 *
 * A warm reading goes through all that collect does: options, time limit, shared connection, checks. A cold one opens its
 * connection first; the client library is loaded already. Absolute times on a shared machine are noise; the ratios are not.
 */
import { parseArgs } from 'node:util';
import { closeConnections } from '../lambdas/collect/connections.ts';
import { type ServerProcess, startServer } from '../local/demo/server-process.ts';
import type { OpenCase, SourceCase } from './sources/case.ts';
import { measure, measureBare, measureTicks, type Rounds, type Times } from './sources/measure.ts';
import { loopback, type Network, network } from './sources/network.ts';
import { cases } from './sources/registry.ts';
import { table } from './table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(
    `npm run bench:sources -- [--quick] [SOURCE …]   SOURCE: ${cases.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(0);
}
const SERVICES = 50;
const rounds = values.quick ? { warm: 50, cold: 5, ticks: 10 } : { warm: 500, cold: 20, ticks: 100 };
const roundsOf = ({ secondsPerTick = 5 }: SourceCase): Rounds => ({
  ...rounds,
  services: SERVICES,
  secondsPerTick,
});

const chosen = cases.filter(
  ({ name }) => positionals.length === 0 || positionals.some((wanted) => name.startsWith(wanted)),
);
if (chosen.length === 0) {
  process.stderr.write(
    `no such source: ${positionals.join(', ')}; there are ${cases.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(1);
}

const servers = new Map<string, Promise<ServerProcess>>();
const serverFor = (name: string): Promise<ServerProcess> => {
  const server = servers.get(name) ?? startServer({ name, settings: 'test/servers' }, process.stderr);
  servers.set(name, server);
  return server;
};

/** What AWS's own interfaces and a broker in the next zone are away, or less. */
const ROUND_TRIP_MS = 5;

const withCase = async <T>(
  { server, open }: SourceCase,
  way: Network,
  work: (opened: OpenCase) => Promise<T>,
): Promise<T> => {
  const address = server === undefined ? {} : (await serverFor(server)).address;
  const opened = await open(address, SERVICES, way);
  try {
    return await work(opened);
  } finally {
    await closeConnections();
    await opened.close();
    way.close();
  }
};

const ms = ({ p50, p99 }: Times): string => `${p50.toFixed(2)} / ${p99.toFixed(2)}`;
const times = (a: Times, b: Times): string => `${(a.p50 / b.p50).toFixed(2)} x`;

const rows: string[][] = [];
for (const each of chosen) {
  process.stderr.write(`${each.name} …\n`);
  const [{ bare, warm, bareCold, cold }, near, floor] = await withCase(each, loopback, async (opened) => [
    await measure(opened, roundsOf(each)),
    await measureTicks(opened, roundsOf(each)),
    await measureBare(opened, roundsOf(each)),
  ]);
  const far = each.nearOnly
    ? undefined
    : await withCase(each, network(ROUND_TRIP_MS), (opened) => measureTicks(opened, roundsOf(each)));
  rows.push([
    each.name,
    ms(bare),
    ms(warm),
    times(warm, bare),
    ms(bareCold),
    ms(cold),
    times(cold, bareCold),
    times(near.many, near.one),
    times(floor.many, floor.one),
    far === undefined ? '' : times(far.many, far.one),
  ]);
}
await Promise.all([...servers.values()].map(async (server) => (await server).close()));

const head = [
  'source',
  'bare',
  'warm',
  'warm : bare',
  'bare, cold',
  'cold',
  'cold : bare',
  `${SERVICES} services : 1`,
  `${SERVICES} bare calls : 1`,
  `with ${ROUND_TRIP_MS} ms of network`,
];
process.stdout.write(
  `p50 / p99 in milliseconds; ${rounds.warm} warm readings, ${rounds.cold} cold ones, ${rounds.ticks} ticks\n\n${table(head, rows)}\n`,
);
process.exit(0);
