/**
 * The view for people who look at the terminal: a header, then one short line a tick. It prints lines only (no cursor
 * movements), so that it scrolls, pipes and logs like any other output.
 */
import type { Decision } from '../../lambdas/contract/records.ts';
import type { HostsEvent, LoopEvent, Runner, RunnerEvent, WorldEvent } from '../events.ts';
import { hostsChange, hostsLine, looksAlike } from './host-lines.ts';
import { column, cutSpans, paint, plain, type Span, type Style } from './line.ts';
import { clock, headings, namesOf, tickLines } from './tick-lines.ts';

const servicesInHeader = 8;

type Look = readonly [sign: string, style: Style];
const trouble: Look = ['!!', ['bold', 'red']];
const news: Look = ['--', 'blue'];
const looks: Record<LoopEvent['event'], Look> = {
  started: news,
  'lease-taken': news,
  'stand-by': ['!!', ['bold', 'yellow']],
  'hand-over': ['<>', ['bold', 'blue']],
  asleep: ['zz', 'blue'],
  woken: ['--', ['bold', 'green']],
  burst: ['>>', ['bold', 'magenta']],
  'queue-stopped': ['!!', ['bold', 'yellow']],
  'queue-started': ['--', ['bold', 'green']],
  'source-unknown': ['!!', ['bold', 'yellow']],
  'source-known': ['--', ['bold', 'green']],
  paused: ['||', ['bold', 'yellow']],
  resumed: ['--', ['bold', 'green']],
  killed: ['!!', ['bold', 'red']],
  redelivered: ['<<', ['bold', 'yellow']],
  'tick-failed': trouble,
  'execution-failed': trouble,
  stopped: news,
};

/**
 * Shows the runner on `out` (stderr): the header at once, then the lines as events come. `page` is the URL of the page,
 * when there is one. Gives the function that ends the view and writes what is still held back.
 *
 * The decisions of one tick come one by one and are held back until the tick is complete or anything else happens; the
 * world's event, once a second, is the latest that can be.
 */
export function terminal(runner: Runner, out: NodeJS.WriteStream, page?: string): () => void {
  const names = namesOf(runner.services);
  const services = runner.services.length;
  const worlds = new Map<string, WorldEvent>();
  const hosts = new Map<string, { readonly now: HostsEvent; readonly shown?: HostsEvent | undefined }>();
  let tick: Decision[] = [];

  const print = (spans: readonly Span[]) => {
    const columns = out.isTTY ? (out.columns ?? 80) : Number.POSITIVE_INFINITY;
    out.write(`${paint(cutSpans(spans, columns), out)}\n`);
  };
  const flush = () => {
    if (tick.length > 0) {
      tickLines(tick, worlds, names, services).forEach(print);
      for (const [cluster, { now, shown }] of hosts) {
        if (!looksAlike(shown, now))
          print([...happening(tick[0]?.at ?? '', ['[]', 'cyan'], 'hosts', ''), ...hostsLine(now)]);
        hosts.set(cluster, { now, shown: now });
      }
    }
    tick = [];
  };
  const show = (event: RunnerEvent) => {
    if (event.kind !== 'decision' || (tick[0] && tick[0].at !== event.at)) flush();
    if (event.kind === 'world') worlds.set(`${event.cluster}/${event.service}`, event);
    if (event.kind === 'hosts') hosts.set(event.cluster, { ...hosts.get(event.cluster), now: event });
    if (event.kind === 'decision') tick.push(event);
    if (tick.length >= services) flush();
    eventLine(event).forEach(print);
  };

  headerLines(runner, page).forEach(print);
  print(headings(names, services));
  const unsubscribe = runner.subscribe(show);
  return () => {
    unsubscribe();
    flush();
  };
}

function headerLines(runner: Runner, page: string | undefined): readonly (readonly Span[])[] {
  const names = namesOf(runner.services);
  const shown = runner.services.slice(0, servicesInHeader);
  const more = runner.services.length - shown.length;
  const longest = Math.max(...shown.map((each) => names.of(each).length));
  const rows: (readonly [label: string, value: string])[] = [];
  if (page !== undefined) rows.push(['page', page]);
  for (const [name, url] of Object.entries(runner.addresses)) rows.push([plain(name), plain(url)]);
  for (const [i, each] of shown.entries()) {
    const name = column(names.of(each), longest);
    rows.push([i === 0 ? 'scales' : '', `${name}  ${each.min} to ${each.max} tasks`]);
  }
  if (more > 0) rows.push(['', `and ${more} more`]);
  rows.push(['stop', 'Ctrl-C']);
  const width = Math.max(...rows.map(([label]) => label.length));
  return [
    [
      { text: 'Pulsescale', style: 'bold' },
      { text: `  a tick every ${runner.interval} s, lane ${plain(runner.lane)}` },
    ],
    [],
    ...rows.map(([label, value]): readonly Span[] => [
      { text: `  ${label.padEnd(width)}  `, style: 'dim' },
      { text: value, ...(value === page && { style: ['bold', 'cyan'] }) },
    ]),
    [],
  ];
}

/** The line of everything that is not a tick: at most one, none for what a tick's line already says. */
function eventLine(event: RunnerEvent): readonly (readonly Span[])[] {
  if (event.kind === 'event') {
    return [happening(event.at, looks[event.event], event.event, event.message)];
  }
  if (event.kind === 'notice') {
    return [happening(event.at, ['**', ['bold', 'green']], 'notice', event.subject)];
  }
  if (event.kind === 'capacity') {
    const style: Style = event.direction === 'hold' ? 'dim' : ['bold', 'cyan'];
    return [happening(event.at, ['[]', style], 'hosts', hostsChange(event))];
  }
  if (event.kind === 'capacity-outcome' && !event.applied) {
    const what = `${hostsChange({ ...event, reasons: [] })}: ${event.error ?? 'no error was given'}`;
    return [happening(event.at, trouble, 'not applied', what)];
  }
  if (event.kind === 'outcome' && !event.applied) {
    const what = `${event.cluster}/${event.service} stays at ${event.from}, not ${event.to}`;
    return [happening(event.at, trouble, 'not applied', `${what}: ${event.error ?? 'no error was given'}`)];
  }
  return [];
}

function happening(at: string, [sign, style]: Look, label: string, message: string): readonly Span[] {
  return [
    { text: `${clock(at)}  `, style: 'dim' },
    { text: `${sign} ${label.padEnd(14)}  `, style },
    { text: plain(message), style },
  ];
}
