/**
 * What all plots share: ground, colours, words, and a frame that tells its title to who cannot see it.
 *
 * A picture brings its own ground and colours for light and dark, since it can't see the page around it but only what the reader's
 * system prefers. The colours are Okabe and Ito's, which the colour-blind tell apart; in the dark their lighter ones. What matters
 * differs by shape or place too.
 */
import { element, text } from './svg.ts';

const STYLE = `
text{font:11px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#57606a}
text.title{font-size:15px;font-weight:600;fill:#1f2328}
text.name{font-weight:600;fill:#1f2328}
text.ours{fill:#0072b2;stroke:#fff;stroke-width:3;paint-order:stroke}
.ground{fill:#fff}
.grid{stroke:#d8dee4;stroke-width:.6;fill:none}
.axis{stroke:#8c959f;stroke-width:.8;fill:none}
.demand{fill:#cfd6dd}
.line{fill:none;stroke-linejoin:round}
.running{stroke:#0072b2;stroke-width:1.4}
.desired{stroke:#e69f00;stroke-width:1}
.late{fill:#d55e00}
.backlog{stroke:#009e73;stroke-width:1}
.point{stroke-width:1.2}
.mine{fill:#0072b2;stroke:#0072b2}
.other{fill:none;stroke:#0072b2}
.default{fill:none;stroke:#57606a}
.tuned{fill:#e69f00;stroke:#a06c00}
.bound{fill:none;stroke:#009e73}
.best{fill:#d55e00;stroke:#d55e00}
.front{fill:none;stroke:#0072b2;stroke-width:1;stroke-dasharray:4 3}
@media(prefers-color-scheme:dark){
text{fill:#9da7b3}
text.title,text.name{fill:#e6edf3}
text.ours{fill:#56b4e9;stroke:#0d1117}
.ground{fill:#0d1117}
.grid{stroke:#2a3038}
.axis{stroke:#6e7681}
.demand{fill:#3d4650}
.running{stroke:#56b4e9}
.desired{stroke:#f0c040}
.late{fill:#ff7b4a}
.backlog{stroke:#3fcf9f}
.mine{fill:#56b4e9;stroke:#56b4e9}
.other{stroke:#56b4e9}
.default{stroke:#9da7b3}
.tuned{fill:#e69f00;stroke:#f0c040}
.bound{stroke:#3fcf9f}
.best{fill:#ff7b4a;stroke:#ff7b4a}
.front{stroke:#56b4e9}
}
`;

type Anchor = 'start' | 'middle' | 'end';

export const words = (x: number, y: number, anchor: Anchor, said: string, kind = ''): string =>
  element('text', { ...(kind === '' ? {} : { class: kind }), x, y, 'text-anchor': anchor }, text(said));

export const path = (kind: string, d: string): string => element('path', { class: kind, d });

/** Columns that a text of this size takes, about: system fonts differ, so it is a little too many. */
export const widthOf = (said: string): number => said.length * 5.9;

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** What it shows, for those who hear it read out. */
  readonly told: string;
}

/** The whole picture as a file; the parts lie on each other in their order. */
export const picture = ({ width, height, title, told }: Picture, parts: readonly string[]): string =>
  `${element(
    'svg',
    {
      ...{ xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}` },
      ...{ width, height, role: 'img', 'aria-label': `${title}. ${told}` },
    },
    `\n${element('title', {}, text(title))}\n${element('desc', {}, text(told))}\n${element('style', {}, STYLE)}\n`,
    `${element('rect', { class: 'ground', width, height, rx: 6 })}\n`,
    ...parts.map((part) => `${part}\n`),
  )}\n`;

/** One entry of a legend: what it looks like, and what it means. */
export interface Key {
  readonly sample: (x: number, y: number) => string;
  readonly said: string;
}

export const lineKey = (kind: string, said: string): Key => ({
  said,
  sample: (x, y) => path(kind, `M${x} ${y}h18`),
});

export const boxKey = (kind: string, said: string): Key => ({
  said,
  sample: (x, y) => element('rect', { class: kind, x, y: y - 5, width: 18, height: 10 }),
});

/** Entries beside each other, on a next line where there is no room. */
export const legend = (keys: readonly Key[], left: number, top: number, right: number): readonly string[] => {
  let [x, y] = [left, top];
  return keys.flatMap(({ sample, said }) => {
    const wide = 24 + widthOf(said) + 14;
    if (x + wide > right && x > left) [x, y] = [left, y + 16];
    const parts = [sample(x, y), words(x + 24, y + 4, 'start', said)];
    x += wide;
    return parts;
  });
};
