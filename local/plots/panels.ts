/**
 * Task count against demand over time, one panel for each controller, all with the same axes so that they can be compared at a glance:
 * too little is where the grey area stands out above the line, money is the white below it.
 *
 * Whoever starts many times the demand would squash everybody else, so the axis ends at {@link MOST} times the highest demand; what goes beyond
 * is cut off and its top is written there.
 */
import { countMarks, timeMarks } from './axis.ts';
import { boxKey, legend, lineKey, path, picture, words } from './picture.ts';
import { areaPath, rugPath, seriesPath } from './series.ts';

/** Of one controller, second by second. */
export interface Panel {
  readonly name: string;
  /** Its figures in a few words. */
  readonly said: string;
  readonly isOurs?: boolean;
  readonly demand: ArrayLike<number>;
  readonly running: ArrayLike<number>;
  readonly desired?: ArrayLike<number>;
  /** Messages that arrived in that second and waited too long. */
  readonly late: ArrayLike<number>;
}

export interface Panels {
  readonly title: string;
  readonly told: string;
  readonly panels: readonly Panel[];
  readonly columns?: number;
  /** What counts as late, in seconds. */
  readonly target: number;
}

const MOST = 2.5;
const WIDTH = 960;
const HEAD = 62;
const ROW = { height: 154, top: 36, bottom: 26, left: 44, right: 12 } as const;

const most = (values: ArrayLike<number>): number => {
  let top = 0;
  for (let t = 0; t < values.length; t += 1) top = Math.max(top, values[t] ?? 0);
  return top;
};

const topOf = (panels: readonly Panel[]): number => {
  const supply = Math.max(
    1,
    ...panels.map(({ running, desired = [] }) => Math.max(most(running), most(desired))),
  );
  const demand = Math.max(1, ...panels.map(({ demand: needed }) => most(needed)));
  return Math.min(Math.max(supply, demand), Math.max(4, MOST * demand));
};

const drawPanel = (panel: Panel, at: readonly [x: number, y: number], wide: number, top: number): string => {
  const { name, said, isOurs = false, demand, running, desired, late } = panel;
  const [left, right] = [at[0] + ROW.left, at[0] + wide - ROW.right];
  const [high, low] = [at[1] + ROW.top, at[1] + ROW.height - ROW.bottom];
  const marks = countMarks(top, 4);
  const end = marks.at(-1)?.value ?? top;
  const y = (value: number): number => low - ((low - high) * Math.min(value, end)) / end;
  const scale = { left, width: right - left, y };
  const seconds = demand.length;
  const grid = marks.flatMap(({ value, said: count }) => [
    path('grid', `M${left} ${Math.round(y(value) * 10) / 10}H${right}`),
    words(left - 5, y(value) + 4, 'end', count),
  ]);
  const times = timeMarks(seconds, Math.max(2, Math.floor(wide / 80))).map(({ value, said: time }) => {
    const x = left + ((right - left) * value) / Math.max(1, seconds);
    return words(x, low + 20, right - x < 20 && value > 0 ? 'end' : 'middle', time);
  });
  const highest = Math.max(most(running), desired === undefined ? 0 : most(desired));
  const beyond =
    highest > end ? [words(right, high - 3, 'end', `▲ up to ${highest.toLocaleString('en')}`)] : [];
  return [
    words(left, at[1] + 14, 'start', name, isOurs ? 'name ours' : 'name'),
    words(left, at[1] + 26, 'start', said),
    ...beyond,
    ...grid,
    ...times,
    path('demand', areaPath(demand, scale)),
    ...(desired === undefined ? [] : [path('line desired', seriesPath(desired, scale))]),
    path('line running', seriesPath(running, scale)),
    path('late', rugPath(late, scale, low + 2, 5)),
  ].join('');
};

export const panelsPlot = ({ title, told, panels, columns = 2, target }: Panels): string => {
  const rows = Math.ceil(panels.length / columns);
  const height = HEAD + rows * (ROW.height + 14) + 6;
  const wide = WIDTH / columns;
  const top = topOf(panels);
  const keys = [
    boxKey('demand', 'tasks needed (60 s mean)'),
    lineKey('line running', 'tasks running'),
    ...(panels.some(({ desired }) => desired !== undefined)
      ? [lineKey('line desired', 'tasks desired')]
      : []),
    boxKey('late', `arrivals that waited longer than ${target} s`),
  ];
  return picture({ width: WIDTH, height, title, told }, [
    words(14, 24, 'start', title, 'title'),
    ...legend(keys, 14, 44, WIDTH),
    words(WIDTH - 12, 48, 'end', 'tasks over time'),
    ...panels.map((panel, nth) => {
      const at = [(nth % columns) * wide, HEAD + Math.floor(nth / columns) * (ROW.height + 14)] as const;
      return drawPanel(panel, at, wide, top);
    }),
  ]);
};
