/** What goes in and out of the rooms of a lane: how long its ticks work, and what became of each service. */
import { keyOf } from '../../lambdas/contract/config.ts';
import type { Decision, Outcome } from '../../lambdas/contract/records.ts';
import type { Room } from '../../lambdas/log.ts';

export interface Tick {
  /** Milliseconds from the call of collect to the last answer of the tick. */
  readonly work: number;
  readonly decisions: readonly Decision[];
  readonly outcomes: readonly Outcome[];
  /** On the clock of `performance`. */
  readonly began: number;
  /** Of the largest answer of a room, which the state then holds. */
  readonly bytes: number;
}

export interface Watch {
  readonly around: (room: Room, event: unknown, work: () => Promise<unknown>) => Promise<unknown>;
  /** The execution that took the lane last. */
  readonly holder: () => string | undefined;
  readonly trouble: (what: string) => void;
  readonly ticks: readonly Tick[];
  readonly troubles: readonly string[];
}

const listOf = <T>(result: unknown, name: string): readonly T[] =>
  ((result as Readonly<Record<string, unknown>>)[name] ?? []) as readonly T[];

export const createWatch = (): Watch => {
  const ticks: Tick[] = [];
  const troubles: string[] = [];
  let began = performance.now();
  let read = 0;
  let holder: string | undefined;

  const see: Readonly<Record<Room, (result: unknown) => void>> = {
    lease: () => undefined,
    collect: (result) => {
      read = Buffer.byteLength(JSON.stringify(result));
    },
    decide: (result) => {
      const now = performance.now();
      const bytes = Math.max(read, Buffer.byteLength(JSON.stringify(result)));
      const decisions = listOf<Decision>(result, 'decisions');
      ticks.push({ work: now - began, decisions, outcomes: [], began, bytes });
    },
    apply: (result) => {
      const last = ticks.pop();
      const outcomes = listOf<Outcome>(result, 'outcomes');
      if (last === undefined) return;
      // A confirmation comes after the outcomes and has none.
      ticks.push({
        ...last,
        work: performance.now() - began,
        outcomes: [...last.outcomes, ...outcomes],
      });
    },
  };
  return {
    around: async (room, event, work) => {
      if (room === 'collect') began = performance.now();
      const result = await work();
      see[room](result);
      const { acquired } = result as { readonly acquired?: boolean };
      if (room === 'lease' && acquired === true) holder = (event as { readonly execution: string }).execution;
      return result;
    },
    holder: () => holder,
    trouble: (what) => {
      troubles.push(what);
    },
    ticks,
    troubles,
  };
};

/** The decisions of one service, tick by tick. */
export const decisionsOf = ({ ticks }: Watch, key: string): readonly (Decision | undefined)[] =>
  ticks.map(({ decisions }) => decisions.find((each) => keyOf(each) === key));

export const outcomesOf = ({ ticks }: Watch, key: string): readonly Outcome[] =>
  ticks.flatMap(({ outcomes }) => outcomes.filter((each) => keyOf(each) === key));
