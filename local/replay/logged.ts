/**
 * What the loop that wrote a log has done itself, in the form of a simulation, so that both are measured by the same figures. Counts are
 * as they were logged; where the log does not tell what ran, a task runs so many seconds after it was asked for.
 *
 * How long each message waited is not in a log, but follows from it: a queue hands out in the order of arrival, so the nth message
 * was taken when as many had arrived as were taken or waiting: taken(t) = arrived(t) - visible(t). It is as exact as the looks are frequent.
 */
import type { Action, Simulated } from '../simulation/simulated.ts';
import type { LogTick } from './log.ts';
import type { Load } from './reconstruct.ts';

type Signal = 'desired' | 'running' | 'visible' | 'inFlight';

/** What was decided holds from then on. */
const after = ({ to, desired }: LogTick): number | undefined => to ?? desired;

/** A value for each second: what was last told, the first from the beginning on. */
const held = (told: readonly (readonly [t: number, value: number])[], seconds: number): Uint32Array => {
  const values = new Uint32Array(seconds);
  let next = 0;
  let value = told[0]?.[1] ?? 0;
  for (let t = 0; t < seconds; t += 1) {
    for (; next < told.length && (told[next]?.[0] ?? 0) <= t; next += 1) value = told[next]?.[1] ?? value;
    values[t] = value;
  }
  return values;
};

const of = (ticks: readonly LogTick[], begin: number, value: (tick: LogTick) => number | undefined) =>
  ticks.flatMap((tick) => {
    const found = value(tick);
    return found === undefined ? [] : [[tick.at - begin, found] as const];
  });

/** A task runs when it has been asked for that long without a break: the least that was desired since then. */
const started = (desired: ArrayLike<number>, startUp: number): Uint32Array =>
  Uint32Array.from(desired, (_, t) => {
    let least = desired[t] ?? 0;
    for (let before = Math.max(0, t - Math.round(startUp)); before < t; before += 1)
      least = Math.min(least, desired[before] ?? 0);
    return least;
  });

const waitsOf = ({ trace: { arrivals, seconds } }: Load, told: readonly (readonly [number, number])[]) => {
  const waits = new Float64Array(arrivals.length);
  let [nth, arrived, before, takenBefore] = [0, 0, 0, 0];
  for (const [t, visible] of told) {
    while (arrived < arrivals.length && (arrivals[arrived] ?? 0) <= t) arrived += 1;
    const taken = Math.max(takenBefore, arrived - visible);
    for (; nth < taken && nth < waits.length; nth += 1) {
      const takenAt = before + ((t - before) * (nth + 1 - takenBefore)) / (taken - takenBefore);
      waits[nth] = Math.max(0, takenAt - (arrivals[nth] ?? 0));
    }
    [before, takenBefore] = [t, taken];
  }
  for (; nth < waits.length; nth += 1) waits[nth] = seconds - (arrivals[nth] ?? 0);
  return waits;
};

const actionsOf = (ticks: readonly LogTick[], begin: number): readonly Action[] =>
  ticks.flatMap(({ at, desired, to }) =>
    desired === undefined || to === undefined || desired === to ? [] : [{ t: at - begin, from: desired, to }],
  );

/** @param startUp seconds, for a log that does not tell what ran */
export const loggedRun = (ticks: readonly LogTick[], load: Load, startUp: number): Simulated => {
  const { begin, trace } = load;
  const { seconds } = trace;
  const within = ticks.filter(({ at }) => at >= begin && at <= begin + seconds);
  const signal = (name: Signal) => of(within, begin, (tick) => tick[name]);
  const desired = held(of(within, begin, after), seconds);
  const running = signal('running');
  const ran = running.length > 0 ? held(running, seconds) : started(desired, startUp);
  const last = within.at(-1);
  return {
    waits: waitsOf(load, signal('visible')),
    ...{ left: (last?.visible ?? 0) + (last?.inFlight ?? 0), lost: 0 },
    desired: Uint16Array.from(desired),
    running: Uint16Array.from(ran),
    paid: Uint16Array.from(desired, (count, t) => Math.max(count, ran[t] ?? 0)),
    visible: held(signal('visible'), seconds),
    inFlight: held(signal('inFlight'), seconds),
    actions: actionsOf(within, begin),
  };
};
