/** Names beside points, none over another: a name that finds no room is left out, and is still told when one points at the dot. */
import { widthOf, words } from './picture.ts';

export interface Labelled {
  readonly x: number;
  readonly y: number;
  readonly label?: string | undefined;
  readonly kind?: string | undefined;
  /** It is written even where it lies on other dots. */
  readonly isNeeded?: boolean;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const PLACES = [
  ['start', 8, 4],
  ['end', -8, 4],
  ['middle', 0, -8],
  ['middle', 0, 17],
  ['start', 7, -6],
  ['end', -7, -6],
  ['start', 7, 14],
  ['end', -7, 14],
  ['start', -5, -9],
  ['end', 5, -9],
] as const;

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const around = (x: number, y: number, anchor: 'start' | 'middle' | 'end', label: string): Box => {
  const wide = widthOf(label);
  const left = anchor === 'start' ? x : anchor === 'end' ? x - wide : x - wide / 2;
  return { left, right: left + wide, top: y - 10, bottom: y + 3 };
};

/** The first ones choose first. */
export const labels = (points: readonly Labelled[], within: Box): readonly string[] => {
  const dots: Box[] = points.map(({ x, y }) => ({ left: x - 4, right: x + 4, top: y - 4, bottom: y + 4 }));
  const taken: Box[] = [];
  return points.flatMap(({ x, y, label, kind, isNeeded = false }) => {
    if (label === undefined) return [];
    const places = PLACES.map((place) => [place, false] as const);
    const overDots = isNeeded ? PLACES.map((place) => [place, true] as const) : [];
    for (const [[anchor, dx, dy], mayCover] of [...places, ...overDots]) {
      const box = around(x + dx, y + dy, anchor, label);
      const inside =
        box.left >= within.left &&
        box.right <= within.right &&
        box.top >= within.top &&
        box.bottom <= within.bottom;
      const others = mayCover ? taken : [...taken, ...dots];
      if (!inside || others.some((other) => overlap(box, other))) continue;
      taken.push(box);
      return [words(x + dx, y + dy, anchor, label, kind)];
    }
    return [];
  });
};
