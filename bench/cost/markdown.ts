/** The tables of `bench:cost` for people. */
import { table } from '../table.ts';
import { CHANGES, type Figures, laneSizes, ratesFor } from './ours.ts';
import type { Price } from './prices.ts';
import { INTERVALS, type Report, type Row, SERVICES } from './report.ts';

const usd = (dollars: number): string => dollars.toFixed(dollars < 1 ? 3 : 2);
/** Small prices as they are written everywhere: of a million. */
const each = (dollars: number): string =>
  dollars > 0 && dollars < 0.001 ? `${Number((dollars * 1e6).toPrecision(6))} a million` : String(dollars);

const oursTable = ({ ours }: Report): string => {
  const cell = (services: number, interval: number, slowness: number): Row => {
    const found = ours.find(
      (each) => each.services === services && each.interval === interval && each.slowness === slowness,
    );
    if (found === undefined) throw new Error(`no row for ${services} services at ${interval} s`);
    return found;
  };
  return table(
    ['services', 'interval', 'a month', 'per service', 'half / twice the waiting', 'with free tiers'],
    SERVICES.flatMap((services) =>
      INTERVALS.map((interval) => {
        const { dollars, perService, withFreeTiers } = cell(services, interval, 1);
        const [low, high] = [cell(services, interval, 0.5), cell(services, interval, 2)];
        return [
          String(services),
          `${interval} s`,
          usd(dollars),
          usd(perService),
          `${usd(low.dollars)} / ${usd(high.dollars)}`,
          usd(withFreeTiers),
        ];
      }),
    ),
  );
};

const peersTable = ({ ours, peers, alarms }: Report): string =>
  table(
    [
      '',
      ...SERVICES.map((services) => `${services} ${services === 1 ? 'service' : 'services'}`),
      'what it is',
    ],
    [
      [
        'Pulsescale, 5 s',
        ...SERVICES.map((services) =>
          usd(
            ours.find((each) => each.services === services && each.interval === 5 && each.slowness === 1)
              ?.dollars ?? Number.NaN,
          ),
        ),
        `${CHANGES} changes an hour and service; its alarms are ${usd(alarms[0]?.dollars ?? Number.NaN)} a lane besides`,
      ],
      ...peers.map(({ peer, dollars, why }) => [
        peer,
        ...SERVICES.map((services) => (dollars === null ? 'n/a' : usd(dollars[services] ?? Number.NaN))),
        why,
      ]),
    ],
  );

const alarmsTable = ({ alarms }: Report): string =>
  table(
    ['services', 'alarms', 'a month', 'with free tiers'],
    alarms.map(({ services, alarms: count, dollars, withFreeTiers }) => [
      String(services),
      String(count),
      usd(dollars),
      usd(withFreeTiers),
    ]),
  );

const countsTable = (counted: Figures): string => {
  const rows = [...new Set(Object.values(laneSizes).flat())].map((services) => {
    const { perTick, perExecution, largestState } = ratesFor(counted, services);
    const of = (counts: Readonly<Record<string, number>>, name: string): string =>
      String(Math.round((counts[name] ?? 0) * 100) / 100);
    return [
      String(services),
      of(perTick, 'invoke:collect'),
      of(perTick, 'invoke:decide'),
      of(perTick, 'ecs:DescribeServices'),
      of(perTick, 'sqs:GetQueueAttributes'),
      of(perTick, 'log:bytes'),
      of(perExecution, 'invoke:lease'),
      `${of(perExecution, 's3:GetObject')} + ${of(perExecution, 's3:PutObject')}`,
      of(perExecution, 'log:bytes'),
      String(Math.ceil(largestState / 1000)),
    ];
  });
  return table(
    [
      ...[
        'services',
        'collect a tick',
        'decide a tick',
        'DescribeServices',
        'GetQueueAttributes',
        'log B a tick',
      ],
      ...['lease an execution', 'S3 GET + PUT', 'log B an execution', 'largest state, kB'],
    ],
    rows,
  );
};

const changeTable = (counted: Figures): string => {
  const { perScaleOut, perScaleIn, perRevival } = ratesFor(counted, 1);
  const columns = [perScaleOut, perScaleIn, perRevival];
  const names = [...new Set(columns.flatMap((each) => Object.keys(each)))];
  return table(
    ['', 'a scale-out more', 'a scale-in more', 'a start by the schedule'],
    names.map((name) => [name, ...columns.map((each) => String(Math.round((each[name] ?? 0) * 100) / 100))]),
  );
};

const deployedLine = (counted: Figures): string =>
  Object.entries(counted.deployed)
    .map(([services, { memory, architecture, platformLog, workflowLog, reviver, retentionDays }]) => {
      const sizes = Object.entries(memory).map(([room, mb]) => `${room} ${mb}`);
      return `${services}: ${sizes.join(', ')} MB ${architecture}; Lambda's own log ${platformLog}, Step Functions' ${workflowLog}, kept ${retentionDays} days; ${reviver}`;
    })
    .join('\n');

const byWaiting = (costs: Report['asleep']): string =>
  costs.map(({ slowness, dollars }) => `${usd(dollars)} (waiting × ${slowness})`).join(', ');

const restLine = ({ resting, asleep }: Report): string =>
  `A lane that is paused: ${byWaiting(resting)}. One that is asleep, looked at once a minute and with an alarm on its queue: ${byWaiting(asleep)}.`;

/** For people. */
export const markdownOf = (report: Report, counted: Figures): string =>
  [
    '# What the scaler itself costs',
    'Made by `npm run bench:cost`. US dollars a month of 30 days in us-east-1, no free tier unless it says so. A service has one SQS queue whose numbers are others at every tick. Counted with the unmodified handlers and state machine on the local runner; assumed is how long AWS lets them wait (`bench/cost/durations.ts`).',
    `## Pulsescale, ${CHANGES} changes an hour and service, half of them in`,
    oursTable(report),
    `One service at 5 s, by how often its count changes: ${report.changes.map(({ changes, dollars }) => `${changes} an hour ${usd(dollars)}`).join(', ')}. ${restLine(report)}`,
    '## Alarms, besides',
    alarmsTable(report),
    `Without them (\`alarms: false\`) nothing. The metrics of the log's lines are billed by the hour and only in hours with such a line: ${usd(report.trouble)} for a lane in which everything is wrong for a whole month.`,
    '## Where it goes, at 5 s',
    ...report.parts.map(({ services, parts }) =>
      table(
        [`${services} ${services === 1 ? 'service' : 'services'}`, 'a month'],
        Object.entries(parts).map(([what, dollars]) => [what, usd(dollars)]),
      ),
    ),
    '## Beside the others',
    peersTable(report),
    '## Counted, of a lane with so many services',
    countsTable(counted),
    changeTable(counted),
    `As deployed, by services in a lane:\n\n\`\`\`\n${deployedLine(counted)}\n\`\`\``,
    '## Prices',
    table(
      ['unit', 'dollars', 'free a month', 'read'],
      Object.values<Price>(report.prices).map(({ unit, tiers, free, source }) => [
        unit,
        tiers
          .map(({ dollars, upTo }) => `${each(dollars)}${upTo === undefined ? '' : ` to ${upTo}`}`)
          .join(', '),
        String(free),
        source,
      ]),
    ),
    '',
  ].join('\n\n');
