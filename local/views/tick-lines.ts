/**
 * What the terminal says of one tick. Up to three services have a line each; more of them share one line, which says
 * only what changed and the totals, because a hundred lines every five seconds are read by nobody.
 */
import type { Decision, Reading } from '../../lambdas/contract/records.ts';
import type { WorldEvent } from '../events.ts';
import { column, cutMiddle, plain, type Span, type Style } from './line.ts';

/** A service that the runner scales, as its header and its lines name it. */
export interface Names {
  /** The longest name that has its full width in a line. */
  readonly width: number;
  readonly of: (service: { readonly cluster: string; readonly service: string }) => string;
}

/** More services than this share one line. */
export const linesPerTick = 3;

const longestName = 22;

const styles: Record<Decision['direction'], Style> = {
  out: ['bold', 'green'],
  in: ['bold', 'cyan'],
  hold: 'dim',
};

const unseen: Style = ['bold', 'yellow'];

/** Names without the cluster where there is only one cluster: the line is short and says as much. */
export function namesOf(services: readonly { readonly cluster: string; readonly service: string }[]): Names {
  const oneCluster = new Set(services.map((each) => each.cluster)).size <= 1;
  const of: Names['of'] = (each) => plain(oneCluster ? each.service : `${each.cluster}/${each.service}`);
  return { of, width: Math.min(longestName, Math.max(7, ...services.map((each) => of(each).length))) };
}

/**
 * The time of day of an ISO 8601 instant on this computer's clock, to the nearest second: a timer may fire a millisecond
 * early, and the tick of :45 should not be shown at :44.
 */
export function clock(at: string): string {
  const time = new Date(Math.round(Date.parse(at) / 1000) * 1000);
  return Number.isNaN(time.getTime()) ? '--:--:--' : time.toTimeString().slice(0, 8);
}

/** The headings of the columns of the lines below. */
export function headings(names: Names, services: number): readonly Span[] {
  if (services > linesPerTick) return [];
  const service = services > 1 ? `${column('service', names.width)}  ` : '';
  return [{ text: `${column('time', 8)}  ${service}waiting  in flight       tasks  decision`, style: 'dim' }];
}

/** The lines of one tick; `worlds` is what each service last looked like, keyed `cluster/service`. */
export function tickLines(
  decisions: readonly Decision[],
  worlds: ReadonlyMap<string, WorldEvent>,
  names: Names,
  services: number,
): readonly (readonly Span[])[] {
  if (services > linesPerTick) return [totals(decisions, worlds, names)];
  return decisions.map((decision) => {
    const world = worlds.get(`${decision.cluster}/${decision.service}`);
    return [
      { text: `${clock(decision.at)}  `, style: 'dim' },
      { text: services > 1 ? `${column(cutMiddle(names.of(decision), names.width), names.width)}  ` : '' },
      { text: `${column(count(waiting(decision.reading)), 7, 'right')}  ` },
      { text: `${column(count(inFlight(decision.reading)), 9, 'right')}  ` },
      { text: `${column(tasks(decision, world), 10, 'right')}  ` },
      ...verdict(decision),
    ];
  });
}

/**
 * The reason that had the last word, after the highest count that it was set against: `target 60, tasks: at most 50`. A
 * hold says only the last word. A reason that confirms the count before it changed nothing and is left out.
 */
export function shortReason({ direction, reading, reasons, to }: Decision): string {
  if (!reading.known) return plain(reading.why);
  const last = reasons.findLastIndex(({ said }, i) => said === to && said !== reasons[i - 1]?.said);
  const decisive = reasons[last] ?? reasons.at(-1);
  if (decisive === undefined) return '';
  const [against] = reasons.slice(0, Math.max(0, last)).sort((a, b) => b.said - a.said);
  const before = against === undefined || direction === 'hold' ? '' : `${against.by} ${against.said}, `;
  return plain(`${before}${decisive.by}: ${decisive.why}`);
}

function verdict(decision: Decision): readonly Span[] {
  const unknown = !decision.reading.known;
  const sign = { out: '+', in: '-', hold: unknown ? '?' : ' ' }[decision.direction];
  const style = unknown && decision.direction === 'hold' ? unseen : styles[decision.direction];
  const change =
    decision.direction === 'hold'
      ? `hold ${decision.to}`
      : `${decision.direction} ${decision.from} -> ${decision.to}`;
  return [
    { text: `${sign} ${change.padEnd(13)}`, style },
    { text: `  ${shortReason(decision)}`, style: [unknown ? 'yellow' : 'dim'] },
  ];
}

function totals(
  decisions: readonly Decision[],
  worlds: ReadonlyMap<string, WorldEvent>,
  names: Names,
): readonly Span[] {
  const seen = decisions.map((each) => worlds.get(`${each.cluster}/${each.service}`));
  const starting = sum(seen.map((world) => world?.pending)) ?? 0;
  const unknown = decisions.filter((each) => !each.reading.known).length;
  const changed = (direction: Decision['direction'], sign: string): readonly Span[] =>
    decisions
      .filter((each) => each.direction === direction)
      .map((each) => ({
        text: `  ${sign}${cutMiddle(names.of(each), names.width)} ${each.from} -> ${each.to}`,
        style: styles[direction],
      }));
  const wished = decisions.flatMap((each): Span | readonly [] => {
    const last = each.reasons.at(-1);
    return last?.by === 'dryRun'
      ? { text: `  ${names.of(each)}: ${plain(last.why)}`, style: styles.hold }
      : [];
  });
  const changes = [...changed('out', '+'), ...changed('in', '-'), ...wished];
  const nothing: Span = { text: `  all ${decisions.length} hold`, style: 'dim' };
  return [
    { text: `${clock(decisions[0]?.at ?? '')}  `, style: 'dim' },
    { text: `${count(sum(decisions.map(({ reading }) => waiting(reading))))} waiting, ` },
    { text: `${count(sum(decisions.map(({ reading }) => inFlight(reading))))} in flight, ` },
    {
      text: `${count(sum(seen.map((world) => world?.running)))}/${sum(decisions.map((each) => each.from))} tasks`,
    },
    { text: starting > 0 ? ` +${starting}` : '' },
    { text: unknown > 0 ? `  ?${unknown} unseen` : '', style: unseen },
    ...(changes.length > 0 ? changes : [nothing]),
  ];
}

/** The sum of what is known; unknown when nothing is. */
function sum(amounts: readonly (number | undefined)[]): number | undefined {
  const known = amounts.filter((amount) => amount !== undefined);
  return known.length === 0 ? undefined : known.reduce((a, b) => a + b, 0);
}

function waiting(reading: Reading): number | undefined {
  return reading.known ? (reading.visible ?? reading.value) : undefined;
}

function inFlight(reading: Reading): number | undefined {
  return reading.known ? reading.inFlight : undefined;
}

/** Running of desired, then how many are starting: `1/50 +49`. */
function tasks({ from }: Decision, world: WorldEvent | undefined): string {
  const starting = world !== undefined && world.pending > 0 ? ` +${world.pending}` : '';
  return `${count(world?.running)}/${from}${starting}`;
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** `?` for what could not be seen: never a 0. From a million on it is rounded to keep its column. */
function count(amount: number | undefined): string {
  if (amount === undefined) return '?';
  return Math.abs(amount) < 1e6 ? String(Math.round(amount * 10) / 10) : compact.format(amount);
}
