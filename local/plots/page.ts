/** Plots on one page of HTML that needs no network: it can be mailed, kept beside the results, or opened from a disk. */
import { text } from './svg.ts';

export interface Section {
  readonly heading: string;
  readonly said?: string;
  /** Markup: an SVG. */
  readonly plot: string;
}

const STYLE = `
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;max-width:1000px;margin:24px auto;padding:0 16px;color:#1f2328;background:#fff}
h1{font-size:22px}h2{font-size:17px;margin-top:32px}
svg{max-width:100%;height:auto}
pre{white-space:pre-wrap;padding:12px;background:#f6f8fa;border-radius:6px;font-size:13px}
@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#010409}pre{background:#161b22}}
`;

export const page = (title: string, sections: readonly Section[], pre = ''): string =>
  [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>${text(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${text(title)}</h1>`,
    ...(pre === '' ? [] : [`<pre>${text(pre)}</pre>`]),
    ...sections.flatMap(({ heading, said = '', plot }) => [
      `<h2>${text(heading)}</h2>`,
      ...(said === '' ? [] : [`<p>${text(said)}</p>`]),
      plot,
    ]),
    '</body></html>',
    '',
  ].join('\n');
