/** `--plot FILE`: what was desired and what ran against what was needed, as an SVG or a page, told apart by the name of the file. */
import { writeFileSync } from 'node:fs';
import { page } from '../plots/page.ts';
import { type Panel, panelsPlot } from '../plots/panels.ts';
import { latePerSecond } from '../plots/series.ts';
import type { Trace } from '../simulation/trace.ts';
import type { Measured } from './replayed.ts';
import { percent, type Shown } from './summary.ts';

/** @throws Error where the name is of neither kind, before anything is simulated */
export const checkPlotName = (file: string | undefined): void => {
  if (file !== undefined && !/\.(svg|html)$/i.test(file))
    throw new Error(`--plot ${file}: give a name that ends in .svg or .html`);
};

const panelOf = (name: string, trace: Trace, run: Measured, target: number, isOurs: boolean): Panel => {
  const { simulated, figures, demand } = run;
  const { overTarget, p99Wait, costRatio } = figures;
  const words = [
    `${percent(overTarget)} over ${target} s`,
    `p99 ${Math.round(p99Wait)} s`,
    `${costRatio.toFixed(2)} × the optimum`,
    `${simulated.actions.length} actions`,
  ];
  return {
    ...{ name, said: words.join(' · '), isOurs, demand },
    ...{ running: simulated.running, desired: simulated.desired },
    late: latePerSecond(trace, simulated.waits, target),
  };
};

const shownPanels = ({ asked: { trace }, name, config, others, target }: Shown): readonly Panel[] => [
  panelOf(name, trace, config, target, true),
  ...others.map((other) => panelOf(other.name, trace, other.run, target, false)),
];

export const servicePlot = (shown: Shown): string =>
  panelsPlot({
    title: `${shown.asked.key}: tasks against demand`,
    told: shownPanels(shown)
      .map(({ name, said }) => `${name}: ${said}`)
      .join('; '),
    ...{ panels: shownPanels(shown), columns: 1, target: shown.target },
  });

export interface Drawn {
  readonly heading: string;
  readonly plot: string;
}

/** Writes the plots into one page, or each into an SVG: the first as named, further ones numbered. */
export const writePlots = (file: string, drawn: readonly Drawn[], text: string): readonly string[] => {
  if (/\.html$/i.test(file)) {
    writeFileSync(file, page('Replay', drawn, text));
    return [file];
  }
  return drawn.map(({ plot }, nth) => {
    const name = nth === 0 ? file : file.replace(/\.svg$/i, `-${nth + 1}.svg`);
    writeFileSync(name, plot);
    return name;
  });
};
