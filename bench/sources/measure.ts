/** Times of readings. Bare calls and readings take turns, so that whatever else the machine does hits both. */
import { closeConnections } from '../../lambdas/collect/connections.ts';
import { readerOf } from '../../lambdas/collect/read.ts';
import type { Sighting } from '../../lambdas/contract/source.ts';
import { quantile } from '../table.ts';
import type { OpenCase } from './case.ts';

export interface Times {
  readonly p50: number;
  readonly p99: number;
}

export interface Measured {
  /** Milliseconds. */
  readonly bare: Times;
  readonly warm: Times;
  readonly bareCold: Times;
  readonly cold: Times;
}

export interface Rounds {
  readonly warm: number;
  readonly cold: number;
  readonly ticks: number;
  /** Services on one server in one tick. */
  readonly services: number;
  readonly secondsPerTick: number;
}

let tick = Date.parse('2026-01-01T00:00:00Z');

/** One tick's readings of so many services. @throws Error when one is unknown: there is then nothing to measure */
const readTick = async (
  { options }: OpenCase,
  services: number,
  { secondsPerTick }: Rounds,
): Promise<void> => {
  tick += secondsPerTick * 1000;
  const read = readerOf({ at: new Date(tick).toISOString(), longestMs: 8000 });
  const all = await Promise.all(
    Array.from({ length: services }, (_, index): Promise<Sighting> => {
      const owner = { cluster: 'bench', service: `worker-${index}` };
      return read({ given: options(index), path: 'source', owner, needsInFlight: false });
    }),
  );
  for (const seen of all) if (!seen.known) throw new Error(`a reading is unknown: ${seen.why}`);
};

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

/** Both, in turns, so many times. */
const inTurns = async (
  rounds: number,
  first: () => Promise<unknown>,
  second: () => Promise<unknown>,
): Promise<readonly [Times, Times]> => {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    times[0].push(await timed(first));
    times[1].push(await timed(second));
  }
  const of = (values: readonly number[]): Times => ({
    p50: quantile(values, 0.5),
    p99: quantile(values, 0.99),
  });
  return [of(times[0]), of(times[1])];
};

/** Until the compiler has seen enough of both, or for so long. */
const WARM_UP_ROUNDS = 3000;
const WARM_UP_MS = 3000;

const warmUp = async (first: () => Promise<unknown>, second: () => Promise<unknown>): Promise<void> => {
  const end = performance.now() + WARM_UP_MS;
  for (let round = 0; round < WARM_UP_ROUNDS && performance.now() < end; round += 1) {
    await first();
    await second();
  }
};

/** Ticks of one service and of many, in turns; connections and compiler warmed up first. */
export const measureTicks = async (
  open: OpenCase,
  rounds: Rounds,
): Promise<{ readonly one: Times; readonly many: Times }> => {
  const { ticks, services } = rounds;
  const readOne = () => readTick(open, 1, rounds);
  const readMany = () => readTick(open, services, rounds);
  await warmUp(readOne, readMany);
  const [one, many] = await inTurns(ticks, readOne, readMany);
  return { one, many };
};

/** What so many of the bare client's calls at once cost beside one: no source can do with less where a call is for one queue. */
export const measureBare = async (
  open: OpenCase,
  { ticks, services }: Rounds,
): Promise<{ readonly one: Times; readonly many: Times }> => {
  const bare = await open.bare();
  try {
    const askOne = () => bare.ask(0);
    const askMany = () => Promise.all(Array.from({ length: services }, (_, index) => bare.ask(index)));
    await warmUp(askOne, askMany);
    const [one, many] = await inTurns(ticks, askOne, askMany);
    return { one, many };
  } finally {
    await bare.close();
  }
};

export const measure = async (open: OpenCase, rounds: Rounds): Promise<Measured> => {
  const bare = await open.bare();
  const ask = () => bare.ask(0);
  const one = () => readTick(open, 1, rounds);
  try {
    await warmUp(ask, one);
    const [bareTimes, warm] = await inTurns(rounds.warm, ask, one);
    const [bareCold, cold] = await inTurns(
      rounds.cold,
      async () => {
        const fresh = await open.bare();
        await fresh.ask(0);
        // Not awaited: to say good-bye is no part of an answer.
        void Promise.resolve(fresh.close()).catch(() => undefined);
      },
      async () => {
        await one();
        void closeConnections();
      },
    );
    return { bare: bareTimes, warm, bareCold, cold };
  } finally {
    await bare.close();
  }
};
