/** Sees what goes into the handlers and comes out of them, and tells it as events: the loop itself knows no views. */
import { keyOf } from '../lambdas/contract/config.ts';
import type { Decision, KnownReading, Outcome, Sample } from '../lambdas/contract/records.ts';
import type { Room } from '../lambdas/log.ts';
import type { LoopEvent, RunnerEvent, WorldEvent } from './events.ts';

export interface Witness {
  readonly see: (room: Room, event: unknown, result: unknown) => void;
  /** The execution that took the lane last. */
  readonly holder: () => string | undefined;
  /** The reviver's start finds the lane taken as a rule: no news. */
  readonly expectStandBy: (execution: string) => void;
}

export interface WitnessParts {
  readonly tell: (event: RunnerEvent) => void;
  readonly say: (event: LoopEvent['event'], message: string) => void;
  /** Since the start. */
  readonly seconds: () => number;
  /** AWS is as the loop sees it; the embedded world is watched itself. */
  readonly showsWorld: boolean;
}

interface LeaseAnswer {
  readonly acquired: boolean;
  readonly term: number;
  readonly lane: string;
  readonly why?: string;
}

const isQueue = (reading: Sample['readings'][number]): reading is KnownReading =>
  reading.known && reading.visible !== undefined;

/** What a sample shows of the world; undefined while ECS does not tell the counts. */
const worldOf = ({ service, readings, counts }: Sample): Omit<WorldEvent, 'kind' | 't'> | undefined => {
  if ('known' in counts) return undefined;
  const queue = readings.find(isQueue);
  const { desired, running, pending } = counts;
  return {
    cluster: service.cluster,
    service: service.service,
    backlog: queue?.visible ?? null,
    inFlight: queue?.inFlight ?? null,
    desired,
    running,
    pending,
  };
};

export const createWitness = ({ tell, say, seconds, showsWorld }: WitnessParts): Witness => {
  const sight = new Map<string, boolean>();
  const expected = new Set<string>();
  let holder: string | undefined;

  const reportSight = (decision: Decision): void => {
    const { reading } = decision;
    const key = keyOf(decision);
    if (reading.known !== (sight.get(key) ?? true)) {
      if (reading.known) say('source-known', `${key}: the source can be read again`);
      else say('source-unknown', `${key}: ${reading.why}`);
    }
    sight.set(key, reading.known);
  };

  const rooms: Readonly<Record<Room, (event: unknown, result: unknown) => void>> = {
    lease: (event, result) => {
      const { execution, act } = event as { readonly execution: string; readonly act: string };
      const { acquired, term, lane, why } = result as LeaseAnswer;
      if (acquired) {
        holder = execution;
        say('lease-taken', `lane ${lane}, term ${term}`);
      } else if (act === 'acquire' && !expected.delete(execution)) say('stand-by', why ?? 'not ours');
    },
    collect: (_event, result) => {
      if (!showsWorld) return;
      for (const sample of (result as { readonly samples: readonly Sample[] }).samples) {
        const world = worldOf(sample);
        if (world !== undefined) tell({ kind: 'world', t: seconds(), ...world });
      }
    },
    decide: (_event, result) => {
      for (const decision of (result as { readonly decisions: readonly Decision[] }).decisions) {
        reportSight(decision);
        tell({ kind: 'decision', ...decision });
      }
    },
    apply: (_event, result) => {
      for (const outcome of (result as { readonly outcomes: readonly Outcome[] }).outcomes)
        tell({ kind: 'outcome', ...outcome });
    },
  };

  return {
    see: (room, event, result) => rooms[room](event, result),
    holder: () => holder,
    expectStandBy: (execution) => {
      expected.add(execution);
    },
  };
};
