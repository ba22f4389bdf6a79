/** What kind of run a dot of a scatter plot is: told apart by shape and colour. */
import { short } from './svg.ts';

export type Kind = 'mine' | 'other' | 'default' | 'tuned' | 'bound' | 'best';

/** What is drawn later lies above. */
export const ORDER: readonly Kind[] = ['bound', 'default', 'tuned', 'other', 'best', 'mine'];

type Shape = (x: number, y: number, r: number) => string;

const circle: Shape = (x, y, r) =>
  `M${short(x - r)} ${short(y)}a${short(r)} ${short(r)} 0 1 0 ${short(2 * r)} 0a${short(r)} ${short(r)} 0 1 0 ${short(-2 * r)} 0z`;

const star: Shape = (x, y, r) =>
  Array.from({ length: 10 }, (_, nth) => {
    const [angle, far] = [(Math.PI * nth) / 5 - Math.PI / 2, nth % 2 === 0 ? 1.7 * r : 0.75 * r];
    return `${nth === 0 ? 'M' : 'L'}${short(x + far * Math.cos(angle))} ${short(y + far * Math.sin(angle))}`;
  })
    .join('')
    .concat('z');

/** `r` is the radius of a usual circle. */
export const SHAPES: Readonly<Record<Kind, Shape>> = {
  mine: (x, y, r) => circle(x, y, 1.2 * r),
  best: star,
  other: (x, y, r) =>
    `M${short(x - 0.9 * r)} ${short(y - 0.9 * r)}h${short(1.8 * r)}v${short(1.8 * r)}h${short(-1.8 * r)}z`,
  default: circle,
  tuned: (x, y, r) => {
    const side = short(1.2 * r);
    return `M${short(x)} ${short(y - 1.2 * r)}l${side} ${side}l-${side} ${side}l-${side} -${side}z`;
  },
  bound: (x, y, r) =>
    `M${short(x - r)} ${short(y - r)}l${short(2 * r)} ${short(2 * r)}m0 ${short(-2 * r)}l${short(-2 * r)} ${short(2 * r)}`,
};
