/** A load of the bench by name, built where it is needed and kept for the next job: a day of it takes longer to make than some rules to answer it. */

import { openCsv } from '../../local/simulation/csv-rows.ts';
import { demandOf } from '../../local/simulation/figures/demand.ts';
import { meanWork, type Trace } from '../../local/simulation/trace.ts';
import { readTrace } from '../../local/simulation/trace-csv.ts';
import type { Setting } from './peer.ts';
import type { Part } from './traces/kind.ts';
import { traces } from './traces/registry.ts';

/** The wait, in seconds, that everybody is told to keep and that counts as late. */
export const TARGET = 60;

/** The same for everybody. */
export const TASKS = { min: 1, max: 200 } as const;

export interface LoadName {
  /** A name of the registry, or a file of one's own. */
  readonly trace: string;
  readonly part: Part;
  /** What chance decides: arrivals within their bins, work. */
  readonly seed: number;
  /** Only so many seconds around its busiest minute. Unset: all of it. */
  readonly cut?: number;
  /** Tasks that are busy on average; unset: as the bench has it. */
  readonly busy?: number;
  /** Mean seconds of work, for a file of one's own that counts messages. */
  readonly work?: number;
}

export interface Load {
  readonly trace: Trace;
  /** What its operator would know. */
  readonly setting: Setting;
  /** Tasks needed at each second. */
  readonly demand: Uint16Array;
}

/** The second at which the busiest minute begins. */
const busiestMinute = ({ arrivals, seconds }: Trace): number => {
  const counts = new Uint32Array(Math.max(1, Math.ceil(seconds / 60)));
  for (const at of arrivals) {
    const minute = Math.min(counts.length - 1, Math.floor(at / 60));
    counts[minute] = (counts[minute] ?? 0) + 1;
  }
  return 60 * counts.reduce((best, count, minute) => (count > (counts[best] ?? 0) ? minute : best), 0);
};

/** So many seconds, with the busiest minute in the middle as far as the trace goes. */
export const cutOf = (trace: Trace, seconds: number): Trace => {
  if (seconds >= trace.seconds) return trace;
  const from = Math.max(0, Math.min(trace.seconds - seconds, busiestMinute(trace) - Math.floor(seconds / 2)));
  const [first, end] = [from, from + seconds].map((limit) => {
    const found = trace.arrivals.findIndex((at) => at >= limit);
    return found < 0 ? trace.arrivals.length : found;
  });
  const arrivals = trace.arrivals.slice(first, end).map((at) => at - from);
  return { name: trace.name, arrivals, work: trace.work.slice(first, end), seconds };
};

const ownTrace = (path: string, seed: number, work: number | undefined): Trace => {
  if (work === undefined && openCsv(path).header === 't,count')
    throw new Error(`${path}: counts do not tell how long a message takes; give --work SECONDS`);
  return readTrace(path, { seed, ...(work === undefined ? {} : { meanWork: work }) });
};

const build = ({ trace: name, part, seed, cut, busy, work }: LoadName): Load | undefined => {
  const kind = traces.find((each) => each.name === name);
  const whole = kind === undefined ? ownTrace(name, seed, work) : kind.load(part, seed, busy);
  if (whole === undefined) return undefined;
  const trace = cut === undefined ? whole : cutOf(whole, cut);
  return {
    trace,
    setting: { target: TARGET, meanWork: meanWork(trace), tasks: TASKS },
    demand: demandOf(trace, TASKS),
  };
};

/** Two at a time: a day of ten messages a second is 14 MB, and jobs come in the order of their traces. */
const KEPT = 2;
const kept = new Map<string, Load | undefined>();

/** undefined: its file is not there. @throws Error for a file of one's own that can't be read */
export const loaded = (name: LoadName): Load | undefined => {
  const key = JSON.stringify([name.trace, name.part, name.seed, name.cut, name.busy, name.work]);
  if (!kept.has(key)) {
    const [oldest] = kept.keys();
    if (kept.size >= KEPT && oldest !== undefined) kept.delete(oldest);
    kept.set(key, build(name));
  }
  return kept.get(key);
};

/** What a report says of a load. */
export interface LoadFacts {
  readonly messages: number;
  readonly seconds: number;
  /** Seconds. */
  readonly meanWork: number;
  /** Tasks. */
  readonly meanDemand: number;
  readonly peakDemand: number;
}

export const factsOf = ({ trace, setting, demand }: Load): LoadFacts => ({
  messages: trace.arrivals.length,
  seconds: trace.seconds,
  meanWork: setting.meanWork,
  meanDemand: demand.reduce((sum, each) => sum + each, 0) / Math.max(1, demand.length),
  peakDemand: demand.reduce((highest, each) => Math.max(highest, each), 0),
});
