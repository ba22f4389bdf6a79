/** The pictures of a run of the bench: two SVGs for a README, and a page with all that there is to see. */
import { page, type Section } from '../../../local/plots/page.ts';
import type { Plan } from '../plan.ts';
import type { Results } from '../results.ts';
import { byTrace, overview, plantsOf } from './cost.ts';
import { counts } from './counts.ts';

/** What a file is called after the name of the run, and what is in it. */
interface Picture {
  readonly suffix: string;
  readonly text: string;
}

/** Loads that show most, the first of them alone in the SVG: a flash crowd, on and off, a quick day, two football matches. */
const TELLING = ['nasa', 'azure-code', 'twitter', 'wc98-06-30', 'on-off', 'flash-crowd'];
const MOST_LOADS = 4;
/** Whom most readers know, for the picture that stands in a README; the page has everybody. */
const KNOWN = [
  'queueDelay',
  'AWS target tracking, CPU 20 s',
  'AWS target tracking, backlog per task',
  'fast-autoscaler',
  'KEDA + HPA',
  'Knative KPA',
];

type Asked = Pick<Plan, 'loads' | 'startUps' | 'own' | 'interval'>;

/** @param tell is told how far it is */
export const drawings = (
  results: Results,
  { loads, startUps, own, interval }: Asked,
  tell: (said: string) => void,
): readonly Picture[] => {
  const { target, tuned } = results;
  const present = loads.filter(({ trace }) => results.loads.some((load) => load.trace === trace));
  const rank = ({ trace }: { readonly trace: string }): number =>
    TELLING.includes(trace) ? TELLING.indexOf(trace) : TELLING.length;
  const chosen = [...present].sort((a, b) => rank(a) - rank(b)).slice(0, MOST_LOADS);
  const startUp = startUps[0] ?? 23;
  const contestants = new Set(results.rows.map(({ contestant }) => contestant));
  const overTime = chosen.map((load): Section => {
    tell(`drawing ${load.trace}`);
    const parameters = tuned[load.trace]?.[`${startUp} s`];
    const plot = counts({ load, startUp, target, own, interval, contestants, tuned: parameters });
    return { heading: `${load.trace}: tasks against demand`, plot };
  });
  const cost = overview(results);
  const sections: readonly Section[] = [
    {
      heading: 'Cost against lateness',
      said: 'Left and low is good. Point at a dot to read who it is.',
      plot: cost,
    },
    ...plantsOf(results).map((plant) => ({
      heading: `Load by load, a task takes ${plant} to start`,
      plot: byTrace(results, plant),
    })),
    ...overTime,
  ];
  return [
    { suffix: 'cost.svg', text: cost },
    ...chosen.slice(0, 1).map((load) => {
      const known = KNOWN.filter((name) => contestants.has(name));
      const few = known.length < 2 ? contestants : new Set(known);
      return {
        suffix: 'counts.svg',
        text: counts({ load, startUp, target, own, interval, contestants: few }),
      };
    }),
    { suffix: 'html', text: page(`The scaling bench, ${results.name}`, sections) },
  ];
};
