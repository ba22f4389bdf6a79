/**
 * One field of a scatter plot. *None late* has no logarithm, so it has a band of its own under the axis, where dots are stacked that would
 * lie on each other: how high they are stacked says how many there are, and nothing else.
 */
import { logMarks, percent } from './axis.ts';
import { type Kind, ORDER, SHAPES } from './dots.ts';
import { labels } from './labels.ts';
import { path, words } from './picture.ts';
import { element, line, short, text } from './svg.ts';
import { swarm } from './swarm.ts';

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
  /** These are joined, from the cheapest to the most punctual. */
  readonly front?: readonly Pick<Dot, 'cost' | 'late'>[];
}

type Range = readonly [least: number, most: number];

export interface Axes {
  readonly cost: Range;
  readonly late: Range;
  readonly xTitle: string;
  readonly yTitle: string;
  /** A share that is still good enough; 0: no line. */
  readonly allowed: number;
  readonly radius: number;
  /** How high the band of *none late* is. */
  readonly none: number;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const AREA = { top: 24, bottom: 40, left: 62, right: 16 } as const;

/** Logarithmic, from 0 to 1, not beyond. */
const along = (value: number, [least, most]: Range): number =>
  Math.min(1, Math.max(0, Math.log(value / least) / Math.log(most / least)));

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly high: number;
  /** Where the logarithmic axis ends, and where the band below it does. */
  readonly low: number;
  readonly foot: number;
  readonly x: (cost: number) => number;
  readonly y: (late: number) => number;
}

const frameOf = ({ cost, late, none }: Axes, box: Box): Frame => {
  const [left, right] = [box.x + AREA.left, box.x + box.width - AREA.right];
  const [high, foot] = [box.y + AREA.top, box.y + box.height - AREA.bottom];
  const low = foot - none;
  return {
    ...{ left, right, high, low, foot },
    x: (value) => left + (right - left) * along(value, cost),
    y: (share) => low - (low - high) * along(share, late),
  };
};

const axis = (axes: Axes, { left, right, high, low, foot, x, y }: Frame, box: Box): readonly string[] => [
  ...logMarks(...axes.cost, box.width / 90).flatMap((cost) => [
    path('grid', `M${short(x(cost))} ${high}V${foot}`),
    words(x(cost), foot + 15, 'middle', cost.toLocaleString('en', { maximumSignificantDigits: 3 })),
  ]),
  ...logMarks(...axes.late, 6).flatMap((late) => [
    path('grid', `M${left} ${short(y(late))}H${right}`),
    words(left - 6, y(late) + 4, 'end', percent(late)),
  ]),
  words(left - 6, (low + foot) / 2 + 4, 'end', 'none'),
  path('axis', `M${left} ${high}V${foot}H${right}`),
  ...(axes.allowed <= 0
    ? []
    : [
        path('front', `M${left} ${short(y(axes.allowed))}H${right}`),
        words(right, y(axes.allowed) - 4, 'end', `allowed: ${percent(axes.allowed)}`),
      ]),
  words((left + right) / 2, foot + 32, 'middle', axes.xTitle),
  element(
    'text',
    {
      'text-anchor': 'middle',
      transform: `translate(${short(box.x + 13)} ${short((high + low) / 2)}) rotate(-90)`,
    },
    text(axes.yTitle),
  ),
];

/** What lies above comes last, and of the punctual ones at the bottom. */
const placedIn = (dots: readonly Dot[], { radius, none }: Axes, { foot, x, y }: Frame) => {
  const apart = 2.2 * radius;
  const sorted = [...dots].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const punctual = sorted.filter(({ late }) => late <= 0).reverse();
  const lanes = swarm(
    punctual.map(({ cost }) => x(cost)),
    apart,
    Math.floor((none - 10) / apart),
  );
  return sorted.map((dot) => {
    const lane = lanes[punctual.indexOf(dot)] ?? 0;
    return { ...dot, x: x(dot.cost), y: dot.late > 0 ? y(dot.late) : foot - 6 - lane * apart };
  });
};

export const drawField = ({ name, dots, front = [] }: Field, axes: Axes, box: Box): string => {
  const frame = frameOf(axes, box);
  const { left, right, high, foot, x, y } = frame;
  const placed = placedIn(dots, axes, frame);
  const joined = front.map(({ cost, late }) => [x(cost), late > 0 ? y(late) : foot - 6] as const);
  return [
    ...(name === undefined ? [] : [words(left, box.y + 15, 'start', name, 'name')]),
    ...axis(axes, frame, box),
    ...(joined.length < 2 ? [] : [path('front', line(joined))]),
    ...placed.map((dot) =>
      element(
        'path',
        { class: `point ${dot.kind}`, d: SHAPES[dot.kind](dot.x, dot.y, axes.radius) },
        element('title', {}, text(dot.said)),
      ),
    ),
    ...labels(
      [...placed].reverse().map((dot) => ({
        ...{ x: dot.x, y: dot.y, label: dot.label },
        ...(dot.kind === 'mine' || dot.kind === 'best' ? { kind: 'name ours', isNeeded: true } : {}),
      })),
      { left: left + 3, right: right + 10, top: high - 10, bottom: foot },
    ),
  ].join('');
};
