/**
 * One policy's answer to the burst as a picture: the backlog as an area over its axis on the left, tasks desired and running as
 * lines over theirs on the right. All pictures have the same axes, so that they can be laid side by side.
 *
 * It brings its own ground and the colours for light and dark: GitHub shows pictures on either, and a picture can't see the
 * page around it but only what the reader's system prefers.
 */

import { element, line, type Point, short, steps, text } from '../../local/plots/svg.ts';
import { BURST, type Moment } from './burst.ts';

/** The tops of the two axes, in messages and in tasks. */
export const TOP = { messages: 2500, tasks: 125 } as const;

const SIZE = { width: 640, height: 220 } as const;
const AREA = { left: 50, right: 600, top: 34, bottom: 188 } as const;

const STYLE = `
text{font:11px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#57606a}
.ground{fill:#fff}
.grid{stroke:#d0d7de;stroke-width:.6}
.burst{fill:#eaeef2}
.backlog{fill:#b6c2cf}
.desired,.running{fill:none;stroke-linejoin:round}
.desired{stroke:#bc4c00;stroke-width:2}
.running{stroke:#0550ae;stroke-width:1.2}
@media(prefers-color-scheme:dark){
text{fill:#9da7b3}
.ground{fill:#0d1117}
.grid{stroke:#30363d}
.burst{fill:#1c2129}
.backlog{fill:#46505c}
.desired{stroke:#f0883e}
.running{stroke:#79c0ff}
}`;

const x = (t: number): number => AREA.left + ((AREA.right - AREA.left) * t) / BURST.seconds;
const y = (value: number, top: number): number =>
  AREA.bottom - ((AREA.bottom - AREA.top) * Math.min(value, top)) / top;

const words = (at: Point, anchor: 'start' | 'middle' | 'end', said: string): string =>
  element('text', { x: at[0], y: at[1], 'text-anchor': anchor }, text(said));

const grid = (): readonly string[] => {
  const lines = [0, 1, 2, 3, 4, 5].map((nth) => {
    const height = y(nth, 5);
    return [
      element('path', { class: 'grid', d: `M${AREA.left} ${height}H${AREA.right}` }),
      words([AREA.left - 6, height + 4], 'end', ((TOP.messages * nth) / 5).toLocaleString('en')),
      words([AREA.right + 6, height + 4], 'start', String((TOP.tasks * nth) / 5)),
    ];
  });
  const minutes = Array.from({ length: BURST.seconds / 60 + 1 }, (_, minute) =>
    words([x(minute * 60), AREA.bottom + 15], 'middle', minute === 0 ? '0 min' : String(minute)),
  );
  return [...lines.flat(), ...minutes];
};

const units = (): readonly string[] => [
  words([4, 14], 'start', 'messages'),
  words([SIZE.width - 4, 14], 'end', 'tasks'),
];

const legend = (): readonly string[] => [
  element('rect', { class: 'backlog', x: 110, y: 6, width: 14, height: 10 }),
  words([129, 15], 'start', 'backlog: waiting + in flight'),
  element('path', { class: 'desired', d: 'M300 11h18' }),
  words([323, 15], 'start', 'tasks desired'),
  element('path', { class: 'running', d: 'M420 11h18' }),
  words([443, 15], 'start', 'tasks running'),
];

/** What arrives when, under the axis of time. */
const arrivals = (): readonly string[] => {
  const { from, until, peak, base, silentFrom, seconds } = BURST;
  const row = SIZE.height - 5;
  const spans = [
    [0, from, `${base}/s`],
    [from, until, `${peak}/s`],
    [until, silentFrom, `${base}/s`],
    [silentFrom, seconds, 'nothing'],
  ] as const;
  return [
    element('rect', {
      ...{ class: 'burst', x: x(from), y: AREA.top },
      ...{ width: x(until) - x(from), height: AREA.bottom - AREA.top },
    }),
    words([4, row], 'start', 'arriving'),
    ...spans.map(([begin, end, said]) => words([x((begin + end) / 2), row], 'middle', said)),
    ...spans.map(([begin]) => element('path', { class: 'grid', d: `M${short(x(begin))} ${row - 9}v11` })),
  ];
};

const curves = (moments: readonly Moment[]): readonly string[] => {
  const backlog = moments.map(({ t, backlog: size }): Point => [x(t), y(size, TOP.messages)]);
  const last = backlog.at(-1)?.[1] ?? AREA.bottom;
  const outline = [
    ...backlog,
    [AREA.right, last],
    [AREA.right, AREA.bottom],
    [AREA.left, AREA.bottom],
  ] as const;
  const tasks = (of: 'desired' | 'running') =>
    steps(
      moments.map((moment): Point => [x(moment.t), y(moment[of], TOP.tasks)]),
      AREA.right,
    );
  return [
    element('path', { class: 'backlog', d: `${line(outline)}Z` }),
    element('path', { class: 'desired', d: tasks('desired') }),
    element('path', { class: 'running', d: tasks('running') }),
  ];
};

/** The picture; `title` and `told` are for those who hear it read out. */
export const plot = (title: string, told: string, moments: readonly Moment[]): string =>
  `${element(
    'svg',
    {
      ...{ xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${SIZE.width} ${SIZE.height}` },
      ...{ width: SIZE.width, height: SIZE.height, role: 'img', 'aria-labelledby': 'title told' },
    },
    ...[
      '',
      element('title', { id: 'title' }, text(title)),
      element('desc', { id: 'told' }, text(told)),
      element('style', {}, `${STYLE}\n`),
      element('rect', { class: 'ground', width: SIZE.width, height: SIZE.height, rx: 6 }),
      ...arrivals(),
      ...grid(),
      ...curves(moments),
      ...units(),
      ...legend(),
      '',
    ].map((part, nth) => (nth === 0 ? part : `\n${part}`)),
  )}\n`;
