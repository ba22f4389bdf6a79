/**
 * What lateness costs: one point for each run, money to the right, late messages upwards, both on logarithmic axes. Left and low is
 * good. *None late* has no logarithm, so it has a row of its own under the axis.
 */
import { logMarks, percent } from './axis.ts';
import { labels } from './labels.ts';
import { type Key, legend, path, picture, words } from './picture.ts';
import { element, line, short, text } from './svg.ts';

/** What kind of run a point is: told apart by shape and colour. */
export type Kind = 'mine' | 'default' | 'tuned' | 'bound' | 'best';

export interface Dot {
  readonly cost: number;
  /** The share of the messages that waited too long. */
  readonly late: number;
  readonly kind: Kind;
  /** What is said when one points at it. */
  readonly said: string;
  /** What stands beside it where there is room. */
  readonly label?: string;
}

export interface Field {
  /** Unset: the only one. */
  readonly name?: string;
  readonly dots: readonly Dot[];
  /** A line through these, from the cheapest to the most punctual. */
  readonly front?: readonly Pick<Dot, 'cost' | 'late'>[];
}

export interface Scatter {
  readonly title: string;
  readonly told: string;
  readonly cost: string;
  readonly late: string;
  readonly kinds: Readonly<Partial<Record<Kind, string>>>;
  /** A share that is still good enough: drawn as a line. */
  readonly allowed?: number;
  readonly fields: readonly Field[];
  readonly columns?: number;
}

const WIDTH = 960;
const HEAD = 62;
const AREA = { top: 24, bottom: 40, left: 62, right: 14, none: 22 } as const;
/** Before others, and what is drawn later lies above. */
const ORDER: readonly Kind[] = ['bound', 'default', 'tuned', 'best', 'mine'];

const SHAPES: Readonly<Record<Kind, (x: number, y: number) => string>> = {
  mine: (x, y) => `M${short(x - 5)} ${short(y)}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z`,
  best: (x, y) => `M${short(x)} ${short(y - 7)}l2 5h5l-4 3.5l1.5 5l-4.5 -3l-4.5 3l1.5 -5l-4 -3.5h5z`,
  default: (x, y) => `M${short(x - 4)} ${short(y)}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z`,
  tuned: (x, y) => `M${short(x)} ${short(y - 5)}l5 5l-5 5l-5 -5z`,
  bound: (x, y) => `M${short(x - 4)} ${short(y - 4)}l8 8m0 -8l-8 8`,
};

/** Logarithmic from `least` to `most`, from 0 to 1. */
const along = (value: number, least: number, most: number): number =>
  (Math.log(value) - Math.log(least)) / (Math.log(most) - Math.log(least));

type Range = readonly [least: number, most: number];

interface Axes {
  readonly cost: Range;
  readonly late: Range;
}

const axesOf = (fields: readonly Field[], allowed = 0): Axes => {
  const dots = fields.flatMap(({ dots: own }) => own);
  const above0 = (values: readonly number[]): readonly number[] => values.filter((value) => value > 0);
  const costs = above0(dots.map(({ cost }) => cost));
  const lates = above0([...dots.map(({ late }) => late), allowed]);
  const [cheap, dear] = costs.length === 0 ? [1, 10] : [Math.min(...costs), Math.max(...costs)];
  const [few, many] = lates.length === 0 ? [0.001, 0.1] : [Math.min(...lates), Math.max(...lates)];
  const decade = (share: number, round: (exponent: number) => number): number =>
    10 ** round(Math.log10(share));
  return {
    cost: [cheap * 0.93, Math.max(dear * 1.07, cheap * 1.5)],
    late: [Math.min(0.001, decade(few, Math.floor)), Math.max(0.01, decade(many, Math.ceil))],
  };
};

const drawField = (
  { name, dots, front = [] }: Field,
  { cost: costRange, late: lateRange }: Axes,
  { cost: xTitle, late: yTitle, allowed }: Scatter,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): string => {
  const [left, right] = [box.x + AREA.left, box.x + box.width - AREA.right];
  const [high, low] = [box.y + AREA.top, box.y + box.height - AREA.bottom - AREA.none];
  const none = low + AREA.none - 6;
  const x = (cost: number): number => left + (right - left) * along(cost, ...costRange);
  const y = (late: number): number =>
    late <= 0 ? none : low - (low - high) * Math.max(0, along(late, ...lateRange));

  const placed = [...dots]
    .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
    .map((dot) => ({ ...dot, x: x(dot.cost), y: y(dot.late) }));
  return [
    ...(name === undefined ? [] : [words(left, box.y + 15, 'start', name, 'name')]),
    ...logMarks(...costRange, box.width / 90).flatMap((cost) => [
      path('grid', `M${short(x(cost))} ${high}V${none + 6}`),
      words(x(cost), none + 20, 'middle', cost.toLocaleString('en', { maximumSignificantDigits: 3 })),
    ]),
    ...logMarks(...lateRange, 6).flatMap((late) => [
      path('grid', `M${left} ${short(y(late))}H${right}`),
      words(left - 6, y(late) + 4, 'end', percent(late)),
    ]),
    words(left - 6, none + 4, 'end', 'none'),
    path('axis', `M${left} ${high}V${none + 6}H${right}`),
    ...(allowed === undefined || allowed <= 0
      ? []
      : [
          path('front', `M${left} ${short(y(allowed))}H${right}`),
          words(right, y(allowed) - 4, 'end', `allowed: ${percent(allowed)}`),
        ]),
    words((left + right) / 2, none + 34, 'middle', xTitle),
    element(
      'text',
      {
        'text-anchor': 'middle',
        transform: `translate(${short(box.x + 13)} ${short((high + low) / 2)}) rotate(-90)`,
      },
      text(yTitle),
    ),
    ...(front.length < 2
      ? []
      : [path('front', line(front.map((dot) => [x(dot.cost), y(dot.late)] as const)))]),
    ...placed.map((dot) =>
      element(
        'path',
        { class: `point ${dot.kind}`, d: SHAPES[dot.kind](dot.x, dot.y) },
        element('title', {}, text(dot.said)),
      ),
    ),
    ...labels(
      [...placed].reverse().map((dot) => ({
        ...{ x: dot.x, y: dot.y, label: dot.label },
        ...(dot.kind === 'mine' ? { kind: 'name ours' } : {}),
      })),
      { left, right: right + 10, top: high - 10, bottom: none + 8 },
    ),
  ].join('');
};

export const scatterPlot = (scatter: Scatter): string => {
  const { title, told, kinds, fields, columns = 1, allowed } = scatter;
  const axes = axesOf(fields, allowed);
  const width = WIDTH / columns;
  const each = columns === 1 ? 460 : 320;
  const height = HEAD + Math.ceil(fields.length / columns) * each + 4;
  const keys = ORDER.flatMap((kind): readonly Key[] => {
    const said = kinds[kind];
    const sample = (x: number, y: number) => path(`point ${kind}`, SHAPES[kind](x + 9, y));
    const isDrawn = fields.some(({ dots }) => dots.some((dot) => dot.kind === kind));
    return said === undefined || !isDrawn ? [] : [{ said, sample }];
  });
  return picture({ width: WIDTH, height, title, told }, [
    words(14, 24, 'start', title, 'title'),
    ...legend([...keys].reverse(), 14, 44, WIDTH),
    ...fields.map((field, nth) => {
      const [column, row] = [nth % columns, Math.floor(nth / columns)];
      return drawField(field, axes, scatter, {
        x: column * width,
        y: HEAD + row * each,
        width,
        height: each,
      });
    }),
  ]);
};
