/** All lanes of a bucket, one line each. */
import { column, columnsOf, cut, plain } from '../views/line.ts';
import type { Condition } from './condition.ts';
import { lasting } from './times.ts';

/** A lane whose object is no lease. */
export interface Unreadable {
  readonly lane: string;
  readonly unreadable: string;
}

const counted = (count: number, what: string): readonly string[] => (count === 0 ? [] : [`${count} ${what}`]);

const remarkOf = ({ pauses, services, untold }: Condition): string =>
  [
    ...counted(pauses.filter(({ scope }) => scope !== 'lane').length, 'paused'),
    ...counted(services.filter(({ unknownSince }) => unknownSince !== undefined).length, 'unknown'),
    ...counted(untold.length, 'untold'),
  ].join(', ');

const cells = (each: Condition | Unreadable): readonly string[] => {
  if ('unreadable' in each) return [each.lane, 'unreadable', '-', '-', '-', each.unreadable];
  const { lane, state, term, lastTick, now, services } = each;
  const tick = lastTick === undefined ? '-' : `${lasting(now.getTime() - Date.parse(lastTick))} ago`;
  return [lane, state, String(term), tick, String(services.length), remarkOf(each)];
};

const HEADINGS = ['lane', 'state', 'term', 'last tick', 'services', ''];

/** @param columns of the terminal */
export const overview = (lanes: readonly (Condition | Unreadable)[], columns: number): readonly string[] => {
  const rows = [HEADINGS, ...lanes.map((each) => cells(each).map(plain))];
  const widths = HEADINGS.map((_, nth) => Math.max(...rows.map((row) => columnsOf(row[nth] ?? ''))));
  return rows.map((row) =>
    cut(
      row
        .map((text, nth) => column(text, widths[nth] ?? 0))
        .join('  ')
        .trimEnd(),
      columns,
    ),
  );
};
