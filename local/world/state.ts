/**
 * What a world is made of: plain data, which `../world.ts` moves on. Times are milliseconds of world time, sizes CPU units and MiB as
 * everywhere.
 */
import type { Size } from '../../lambdas/contract/capacity.ts';

export interface Task {
  readonly id: string;
  readonly status: 'PENDING' | 'RUNNING';
  /** Infinity: it waits for its token, and costs nothing yet. */
  readonly launchedAt: number;
  /** Likewise. */
  readonly startsAt: number;
  /** Until then neither a scale-in nor a host that is drained stops it. */
  readonly protectedUntil?: number;
  /** Of its host; a task of Fargate has none. */
  readonly host?: string;
}

export interface WorldService {
  readonly cluster: string;
  readonly service: string;
  readonly desired: number;
  /**
   * Those that start in the order in which they were asked for. More than desired while protected ones are too many or
   * a host is drained, fewer where no host has room.
   */
  readonly tasks: readonly Task[];
  /** What one task takes of a host of its cluster. Unset: it runs on Fargate. */
  readonly needs?: Size;
}

/** An EC2 instance. It is a container instance of its cluster once it has started. */
export interface WorldHost extends Size {
  /** `i-0000000000000001a` */
  readonly id: string;
  /** What ECS calls it. */
  readonly container: string;
  readonly type: string;
  readonly cluster: string;
  readonly status: 'PENDING' | 'ACTIVE' | 'DRAINING';
  readonly startsAt: number;
  /** Name of its Auto Scaling group. */
  readonly group: string;
  readonly protectedFromScaleIn: boolean;
}

/** An Auto Scaling group: it has as many hosts as desired, at any time. */
export interface HostGroup {
  readonly name: string;
  readonly cluster: string;
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  /** Of its next hosts, as what follows. */
  readonly type: string;
  readonly size: Size;
  /** Median time from a host's launch to its being in the cluster. */
  readonly startUpMs: number;
  readonly protectedFromScaleIn: boolean;
}

export interface WorldCapacity {
  readonly groups: readonly HostGroup[];
  /** In the order in which they were launched. */
  readonly hosts: readonly WorldHost[];
  readonly created: number;
}

/** A token bucket of task launches, one for all services, as of an account and region. */
export interface LaunchBucket {
  readonly burst: number;
  readonly perSecond: number;
}

export interface World {
  /** Since the world began. */
  readonly now: number;
  readonly services: readonly WorldService[];
  /** Median time from a task's launch to its running. */
  readonly startUpMs: number;
  /** Spread of that time: σ of its logarithm. */
  readonly startUpSigma: number;
  readonly seed: number;
  readonly launches: LaunchBucket;
  /** When the bucket will be full again if nothing is launched before. */
  readonly fullAt: number;
  /** When anything happens next, if nobody changes anything before. */
  readonly nextAt: number;
  readonly created: number;
  readonly launched: number;
  /** Unset: there is nothing but Fargate. */
  readonly capacity?: WorldCapacity;
}
