/**
 * What lateness costs: one dot for each run, money to the right, late messages upwards, both on logarithmic axes. Left and low is
 * good. One field, or several with the same axes.
 *
 * Who starts next to nothing is cheap and late by all; so that the rest is not squashed, the axis begins at {@link LEAST_COST}, and what is
 * below stands at its edge.
 */
import { type Kind, ORDER, SHAPES } from './dots.ts';
import { type Axes, drawField, type Field } from './field.ts';
import { type Key, legend, path, picture, words } from './picture.ts';

export interface Scatter {
  readonly title: string;
  readonly told: string;
  /** What the axes are. */
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
const LEAST_COST = 0.8;
/** So many dots are too many for big ones. */
const MANY = 120;

const decade = (share: number, round: (exponent: number) => number): number => 10 ** round(Math.log10(share));

const axesOf = ({ cost: xTitle, late: yTitle, fields, allowed = 0 }: Scatter): Axes => {
  const dots = fields.flatMap(({ dots: own }) => own);
  const above0 = (values: readonly number[]): readonly number[] => values.filter((value) => value > 0);
  const costs = above0(dots.map(({ cost }) => cost));
  const lates = above0([...dots.map(({ late }) => late), allowed]);
  const [cheap, dear] = costs.length === 0 ? [1, 10] : [Math.min(...costs), Math.max(...costs)];
  const [few, many] = lates.length === 0 ? [0.001, 0.1] : [Math.min(...lates), Math.max(...lates)];
  const least = Math.max(LEAST_COST, cheap * 0.93);
  const most = Math.max(...fields.map(({ dots: own }) => own.length));
  const punctual = Math.max(...fields.map(({ dots: own }) => own.filter(({ late }) => late <= 0).length));
  return {
    ...{ xTitle, yTitle, allowed },
    cost: [least, Math.max(dear * 1.07, least * 1.5)],
    late: [
      Math.max(0.0001, Math.min(0.001, decade(few, Math.floor))),
      Math.max(0.01, decade(many, Math.ceil)),
    ],
    radius: most > MANY ? 2.6 : 4,
    none: most > MANY ? 130 : punctual > 12 ? 64 : 34,
  };
};

export const scatterPlot = (scatter: Scatter): string => {
  const { title, told, kinds, fields, columns = 1 } = scatter;
  const axes = axesOf(scatter);
  const width = WIDTH / columns;
  const each = (columns === 1 ? 420 : 300) + axes.none;
  const height = HEAD + Math.ceil(fields.length / columns) * each + 4;
  const keys = ORDER.flatMap((kind): readonly Key[] => {
    const said = kinds[kind];
    const sample = (x: number, y: number) => path(`point ${kind}`, SHAPES[kind](x + 9, y, 4));
    const isDrawn = fields.some(({ dots }) => dots.some((dot) => dot.kind === kind));
    return said === undefined || !isDrawn ? [] : [{ said, sample }];
  });
  return picture({ width: WIDTH, height, title, told }, [
    words(14, 24, 'start', title, 'title'),
    ...legend([...keys].reverse(), 14, 44, WIDTH),
    ...fields.map((field, nth) => {
      const [column, row] = [nth % columns, Math.floor(nth / columns)];
      return drawField(field, axes, { x: column * width, y: HEAD + row * each, width, height: each });
    }),
  ]);
};
