/** What all rounds together came to. */
import type { Round } from './round.ts';

export interface Tally {
  rounds: number;
  /** Of the lanes' time. */
  seconds: number;
  ticks: number;
  executions: number;
  terms: number;
  /** How often a lane fell asleep. */
  sleeps: number;
  scaleOuts: number;
  scaleIns: number;
  notices: number;
  violations: number;
  /** How many calls met which kind of fault, and how often which act was played. */
  readonly faults: Map<string, number>;
}

export const emptyTally = (): Tally => ({
  ...{ rounds: 0, seconds: 0, ticks: 0, executions: 0, terms: 0, sleeps: 0 },
  ...{ scaleOuts: 0, scaleIns: 0, notices: 0, violations: 0 },
  faults: new Map(),
});

const add = (counts: Map<string, number>, name: string, more: number): void => {
  counts.set(name, (counts.get(name) ?? 0) + more);
};

export const count = (tally: Tally, { recording, violations, played }: Round): void => {
  const { began, ended, ticks, executions, acquisitions, leases, updates, publications, faults } = recording;
  tally.rounds += 1;
  tally.seconds += (ended - began) / 1000;
  tally.ticks += ticks.length;
  tally.executions += executions.length;
  tally.terms += new Set(acquisitions.flatMap(({ acquired, term }) => (acquired ? [term] : []))).size;
  tally.sleeps += leases.filter(({ lease }, nth) => lease?.asleep && !leases[nth - 1]?.lease?.asleep).length;
  tally.scaleOuts += updates.filter(({ from, to }) => to > from).length;
  tally.scaleIns += updates.filter(({ from, to }) => to < from).length;
  tally.notices += publications.length;
  tally.violations += violations.length;
  for (const { api, how, hits, name } of faults) {
    if (hits === 0) continue;
    if (how !== 'none') add(tally.faults, `${api} ${how}`, hits);
    else if (name.startsWith('death of')) add(tally.faults, name, hits);
  }
  for (const [name, times] of played) add(tally.faults, name, times);
};

const total = ({ faults }: Tally): number => [...faults.values()].reduce((sum, each) => sum + each, 0);

/** One line while it runs. */
export const progressLine = (tally: Tally, passedSeconds: number): string =>
  `${Math.round(passedSeconds)} s: ${tally.rounds} rounds, ${tally.ticks} ticks, ${total(tally)} faults, ${tally.violations} violations`;

const hours = (seconds: number): string => `${(seconds / 3600).toFixed(1)} h`;

export const summary = (tally: Tally, seed: number, passedSeconds: number): string => {
  const kinds = [...tally.faults].sort(([one], [other]) => (one < other ? -1 : 1));
  const width = Math.max(0, ...kinds.map(([name]) => name.length));
  return [
    `seed ${seed}: ${tally.rounds} rounds in ${Math.round(passedSeconds)} s, ${hours(tally.seconds)} of the lanes' own time`,
    `ticks       ${tally.ticks}`,
    `executions  ${tally.executions}`,
    `terms       ${tally.terms}`,
    `asleep      ${tally.sleeps} times`,
    `scale-outs  ${tally.scaleOuts}`,
    `scale-ins   ${tally.scaleIns}`,
    `notices     ${tally.notices}`,
    `faults      ${total(tally)}`,
    ...kinds.map(([name, times]) => `  ${name.padEnd(width)}  ${times}`),
    `violations  ${tally.violations}`,
  ].join('\n');
};
