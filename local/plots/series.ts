/**
 * A value for each second as a line that is a few hundred pixels wide. A day has 86,400 seconds, so each column of pixels keeps of its
 * seconds the first, the least, the most and the last: the line looks as if all had been drawn (M4, Jugel et al., VLDB 2014), and the
 * file stays small.
 */
import type { Trace } from '../simulation/trace.ts';
import { short } from './svg.ts';

interface Scale {
  readonly left: number;
  readonly width: number;
  /** From a value to a height. */
  readonly y: (value: number) => number;
}

const extremes = (values: ArrayLike<number>, from: number, to: number): readonly number[] => {
  let [least, most] = [from, from];
  for (let t = from; t < to; t += 1) {
    if ((values[t] ?? 0) < (values[least] ?? 0)) least = t;
    if ((values[t] ?? 0) > (values[most] ?? 0)) most = t;
  }
  return [least, most, to - 1].sort((a, b) => a - b);
};

/** Where each column begins; the last entry is where the last one ends. */
const columnsOf = (seconds: number, width: number): readonly number[] => {
  const columns = Math.max(1, Math.min(seconds, Math.round(width)));
  return Array.from({ length: columns + 1 }, (_, nth) => Math.floor((nth * seconds) / columns));
};

/** A line that stays at each value until the next one. */
export const seriesPath = (values: ArrayLike<number>, { left, width, y }: Scale): string => {
  const seconds = values.length;
  if (seconds === 0) return '';
  const x = (t: number): string => short(left + (width * t) / seconds);
  let height = short(y(values[0] ?? 0));
  let path = `M${x(0)} ${height}`;
  const edges = columnsOf(seconds, width);
  for (let nth = 0; nth + 1 < edges.length; nth += 1) {
    for (const t of extremes(values, edges[nth] ?? 0, edges[nth + 1] ?? 0)) {
      const next = short(y(values[t] ?? 0));
      if (next === height) continue;
      height = next;
      path += `H${x(t)}V${height}`;
    }
  }
  return `${path}H${short(left + width)}`;
};

/** The same as an area over the axis, by the most of each column. */
export const areaPath = (values: ArrayLike<number>, { left, width, y }: Scale): string => {
  const edges = columnsOf(values.length, width);
  const most = Float64Array.from({ length: edges.length - 1 }, (_, nth) => {
    let top = 0;
    for (let t = edges[nth] ?? 0; t < (edges[nth + 1] ?? 0); t += 1) top = Math.max(top, values[t] ?? 0);
    return top;
  });
  return `${seriesPath(most, { left, width, y })}V${short(y(0))}H${short(left)}Z`;
};

/** Strokes of one pixel where a column has anything above 0. */
export const rugPath = (values: ArrayLike<number>, { left, width }: Scale, top: number, height: number) => {
  const edges = columnsOf(values.length, width);
  const columns = edges.length - 1;
  const pixel = width / columns;
  const path: string[] = [];
  for (let nth = 0, begin = -1; nth <= columns; nth += 1) {
    let any = false;
    for (let t = edges[nth] ?? 0; t < (edges[nth + 1] ?? 0); t += 1) any ||= (values[t] ?? 0) > 0;
    if (any && begin < 0) begin = nth;
    if (any || begin < 0) continue;
    const [from, wide] = [left + begin * pixel, Math.max(1, (nth - begin) * pixel)];
    path.push(`M${short(from)} ${short(top)}h${short(wide)}v${short(height)}h${short(-wide)}z`);
    begin = -1;
  }
  return path.join('');
};

/** Of each second, the messages that arrived in it and waited longer than the target. */
export const latePerSecond = (
  { arrivals, seconds }: Trace,
  waits: Float64Array,
  target: number,
): Uint32Array => {
  const late = new Uint32Array(seconds);
  for (let nth = 0; nth < waits.length; nth += 1) {
    const second = Math.min(seconds - 1, Math.floor(arrivals[nth] ?? 0));
    if ((waits[nth] ?? 0) > target) late[second] = (late[second] ?? 0) + 1;
  }
  return late;
};
