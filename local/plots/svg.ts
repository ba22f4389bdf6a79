/** SVG as text: elements with attributes, numbers kept short, text escaped. */

type Attributes = Readonly<Record<string, string | number>>;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const text = (plain: string): string => plain.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);

/** A tenth of a pixel is as fine as anyone sees. */
export const short = (value: number): string => String(Math.round(value * 10) / 10);

const written = (value: string | number): string => (typeof value === 'number' ? short(value) : text(value));

/** `children` are markup: plain words go through {@link text} first. */
export const element = (name: string, attributes: Attributes, ...children: readonly string[]): string => {
  const start = [
    name,
    ...Object.entries(attributes).map(([key, value]) => `${key}="${written(value)}"`),
  ].join(' ');
  return children.length === 0 ? `<${start}/>` : `<${start}>${children.join('')}</${name}>`;
};

export type Point = readonly [x: number, y: number];

/** A line through the points. */
export const line = (points: readonly Point[]): string =>
  points.map(([x, y], nth) => `${nth === 0 ? 'M' : 'L'}${short(x)} ${short(y)}`).join('');

/** A line that stays at each point's height until the next one; what does not move is not written. */
export const steps = (points: readonly Point[], end: number): string => {
  const [first] = points;
  if (first === undefined) return '';
  let height = short(first[1]);
  let path = `M${short(first[0])} ${height}`;
  for (const [x, y] of points) {
    if (short(y) === height) continue;
    height = short(y);
    path += `H${short(x)}V${height}`;
  }
  return `${path}H${short(end)}`;
};
