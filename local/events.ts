/**
 * What the local runner tells its views (terminal, JSON lines, page): with `--json` each of these is one line on stdout.
 */
import type { CapacityDecision, CapacityOutcome } from '../lambdas/contract/capacity.ts';
import type { Decision, Notice, Outcome } from '../lambdas/contract/records.ts';

/** What the world looks like, once a second and for each service. `t` is seconds since the start. */
export interface WorldEvent {
  readonly kind: 'world';
  readonly t: number;
  readonly cluster: string;
  readonly service: string;
  /** Messages waiting; `null` while the queue cannot be asked. */
  readonly backlog: number | null;
  readonly inFlight: number | null;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
}

/** What the EC2 hosts of a cluster look like, once a second. `t` as in a {@link WorldEvent}. */
export interface HostsEvent {
  readonly kind: 'hosts';
  readonly t: number;
  readonly cluster: string;
  readonly autoScalingGroup: string;
  /** The desired capacity of the group. */
  readonly desired: number;
  readonly hosts: readonly {
    /** `i-0abc…`; empty while nobody knows it. */
    readonly id: string;
    /** `PENDING`: launched, and not in the cluster yet. */
    readonly status: 'PENDING' | 'ACTIVE' | 'DRAINING';
    readonly tasks: number;
    /** What tasks have reserved of it, as a share of 1. */
    readonly cpu: number;
    readonly memory: number;
  }[];
}

/** Something that happened to the loop itself. `at` is ISO 8601; `message` is for people. */
export interface LoopEvent {
  readonly kind: 'event';
  readonly at: string;
  readonly t: number;
  readonly event:
    | 'started'
    | 'lease-taken'
    | 'stand-by'
    | 'hand-over'
    | 'asleep'
    | 'woken'
    | 'burst'
    | 'queue-stopped'
    | 'queue-started'
    | 'source-unknown'
    | 'source-known'
    | 'paused'
    | 'resumed'
    | 'killed'
    | 'redelivered'
    | 'tick-failed'
    | 'execution-failed'
    | 'stopped';
  readonly message: string;
  /** `cluster/service` of the only one that it has to do with. */
  readonly service?: string;
}

export type RunnerEvent =
  | ({ readonly kind: 'decision' } & Decision)
  | ({ readonly kind: 'outcome' } & Outcome)
  | ({ readonly kind: 'capacity' } & CapacityDecision)
  | ({ readonly kind: 'capacity-outcome' } & CapacityOutcome)
  | ({ readonly kind: 'notice'; readonly subject: string } & Notice['body'])
  | WorldEvent
  | HostsEvent
  | LoopEvent;

/** A running loop, as its views see it. */
export interface Runner {
  readonly services: readonly {
    readonly cluster: string;
    readonly service: string;
    readonly min: number;
    readonly max: number;
  }[];
  /** Seconds between ticks. */
  readonly interval: number;
  readonly lane: string;
  /** What listens where: name → URL, for the header. */
  readonly addresses: Readonly<Record<string, string>>;
  /** `cluster/service` of those that a burst can go to. */
  readonly queues: readonly string[];
  readonly subscribe: (listener: (event: RunnerEvent) => void) => () => void;
  readonly actions: RunnerActions;
}

/** What a person can do to a running demo. Each resolves when it has taken effect. */
export interface RunnerActions {
  /**
   * Sends this many messages to the queue of the first service, or of another.
   *
   * @param to `all`, the name of a service, or `cluster/service`
   */
  readonly burst: (messages: number, to?: string) => Promise<void>;
  readonly stopQueue: () => Promise<void>;
  readonly startQueue: () => Promise<void>;
  readonly pause: () => Promise<void>;
  readonly resume: () => Promise<void>;
}
