/** Sees what goes into the handlers and comes out of them, and tells it as events: the loop itself knows no views. */
import type { CapacityDecision, CapacityOutcome, CapacitySample } from '../lambdas/contract/capacity.ts';
import { keyOf } from '../lambdas/contract/config.ts';
import type { Decision, KnownReading, Outcome, Sample } from '../lambdas/contract/records.ts';
import type { Room } from '../lambdas/log.ts';
import { lookOf } from './demo/hosts.ts';
import type { HostsEvent, LoopEvent, RunnerEvent, WorldEvent } from './events.ts';

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
  /** A look at a lane that sleeps: nobody has taken it. */
  readonly peek?: boolean;
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

const COMING = { id: '', status: 'PENDING', tasks: 0 } as const;

/** The hosts of a cluster as a sample shows them; undefined where they could not be seen or somebody else moves them. */
const hostsIn = ({
  capacity: { cluster, autoScalingGroup },
  reading,
}: CapacitySample): Omit<HostsEvent, 'kind' | 't'> | undefined => {
  if (!reading.known || reading.movedBy !== undefined) return undefined;
  const there = reading.hosts.map(({ id, status, tasks, registered, free }) => {
    const used = { cpu: registered.cpu - free.cpu, memory: registered.memory - free.memory };
    return { id, status, tasks, ...lookOf(used, registered) };
  });
  const coming = reading.coming.map(() => ({ ...COMING, cpu: 0, memory: 0 }));
  return { cluster, autoScalingGroup, desired: reading.desired, hosts: [...there, ...coming] };
};

export const createWitness = ({ tell, say, seconds, showsWorld }: WitnessParts): Witness => {
  const sight = new Map<string, boolean>();
  const wishes = new Map<string, string | undefined>();
  const expected = new Set<string>();
  let holder: string | undefined;

  const reportSight = (
    what: string,
    reading: { readonly known: true } | { readonly known: false; readonly why: string },
    again: string,
  ): void => {
    if (reading.known !== (sight.get(what) ?? true)) {
      if (reading.known) say('source-known', `${what}: ${again}`);
      else say('source-unknown', `${what}: ${reading.why}`);
    }
    sight.set(what, reading.known);
  };

  /** A change, or what a dry run would have changed, once as long as it would be the same. */
  const isNews = ({ cluster, direction, reasons }: CapacityDecision): boolean => {
    const last = reasons.at(-1);
    const wish = last?.by === 'dryRun' ? last.why : undefined;
    const isNew = wish !== undefined && wish !== wishes.get(cluster);
    wishes.set(cluster, wish);
    return direction !== 'hold' || isNew;
  };

  const seeHosts = (sample: CapacitySample): void => {
    const { cluster } = sample.capacity;
    reportSight(`hosts of ${cluster}`, sample.reading, 'they can be seen again');
    const hosts = showsWorld ? hostsIn(sample) : undefined;
    if (hosts !== undefined) tell({ kind: 'hosts', t: seconds(), ...hosts });
  };

  const rooms: Readonly<Record<Room, (event: unknown, result: unknown) => void>> = {
    lease: (event, result) => {
      const { execution, act } = event as { readonly execution: string; readonly act: string };
      const { acquired, peek, term, lane, why } = result as LeaseAnswer;
      if (peek) return;
      if (acquired) {
        holder = execution;
        say('lease-taken', `lane ${lane}, term ${term}`);
      } else if (act === 'acquire' && !expected.delete(execution)) say('stand-by', why ?? 'not ours');
    },
    collect: (_event, result) => {
      const { samples, capacity = [] } = result as {
        readonly samples: readonly Sample[];
        readonly capacity?: readonly CapacitySample[];
      };
      capacity.forEach(seeHosts);
      if (!showsWorld) return;
      for (const sample of samples) {
        const world = worldOf(sample);
        if (world !== undefined) tell({ kind: 'world', t: seconds(), ...world });
      }
    },
    decide: (_event, result) => {
      const { decisions, capacity = [] } = result as {
        readonly decisions: readonly Decision[];
        readonly capacity?: readonly CapacityDecision[];
      };
      for (const decision of decisions) {
        reportSight(keyOf(decision), decision.reading, 'the source can be read again');
        tell({ kind: 'decision', ...decision });
      }
      for (const decision of capacity) if (isNews(decision)) tell({ kind: 'capacity', ...decision });
    },
    apply: (_event, result) => {
      const { outcomes, capacityOutcomes = [] } = result as {
        readonly outcomes: readonly Outcome[];
        readonly capacityOutcomes?: readonly CapacityOutcome[];
      };
      for (const outcome of outcomes) tell({ kind: 'outcome', ...outcome });
      for (const outcome of capacityOutcomes) tell({ kind: 'capacity-outcome', ...outcome });
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
