/**
 * The EC2 capacity of a cluster as a target: what a configuration says of it, what collect sees, what decide answers. CPU in CPU units (1024
 * a vCPU), memory in MiB, as ECS counts both.
 */
import * as z from 'zod';

const amount = (what: string) => z.int().nonnegative().meta({ description: what });

export const capacitySchema = z
  .strictObject({
    autoScalingGroup: z.string().min(1).max(255).meta({
      description: 'Name of the EC2 Auto Scaling group whose instances are the hosts of the cluster.',
    }),
    min: amount("The fewest hosts. Unset: the group's own minimum.").optional(),
    max: amount("The most hosts. Unset: the group's own maximum.").optional(),
    cpuBuffer: amount('CPU units that stay free for one more task.').default(0),
    memoryBuffer: amount('MiB that stay free for one more task.').default(0),
    instance: z.strictObject({ cpu: z.int().positive(), memory: z.int().positive() }).optional().meta({
      description:
        'What a new host offers, in CPU units and MiB. Unset: as the hosts of its type that are there; with none, one is asked for and then it is known.',
    }),
    disableScaleIn: z.boolean().default(false).meta({ description: 'Drain and terminate no host.' }),
    dryRun: z.boolean().optional().meta({ description: 'Decide and say so, change nothing.' }),
  })
  .superRefine(({ min = 0, max = min }, { addIssue }) => {
    if (min > max)
      addIssue({ code: 'custom', path: ['min'], message: `min ${min} must not be above max ${max}` });
  })
  .meta({ description: 'EC2 hosts that follow the tasks of a cluster.' });

export interface ClusterCapacity extends z.output<typeof capacitySchema> {
  /** Name or ARN. */
  readonly cluster: string;
}

/** CPU units and MiB: what a task needs, what a host offers or has left. */
export interface Size {
  readonly cpu: number;
  readonly memory: number;
}

/** A container instance of the cluster that belongs to the group. */
export interface Host {
  /** `i-0abc…` */
  readonly id: string;
  /** What the ECS API calls it: the last part of the container instance's ARN. */
  readonly container: string;
  /** `m7g.large` */
  readonly type: string;
  readonly status: 'ACTIVE' | 'DRAINING';
  readonly registered: Size;
  /** Of `registered`, what no task has reserved. */
  readonly free: Size;
  /** Running and pending ones. */
  readonly tasks: number;
  /** The group may not terminate it when it scales in. */
  readonly scaleInProtected?: boolean | undefined;
  /** A task on it is protected from scale-in. Unset: nobody looked, or nobody knows; then it is not drained. */
  readonly protectedTask?: boolean | undefined;
}

/** What collect saw. Reads only: what follows from it is decide's. */
export type CapacityReading =
  | {
      readonly known: true;
      /** Of the group. */
      readonly desired: number;
      readonly min: number;
      readonly max: number;
      readonly hosts: readonly Host[];
      /** Free CPU and memory of the fuller ACTIVE hosts of a large cluster: what the data of a state has room for. */
      readonly fuller?: readonly (readonly [cpu: number, memory: number])[] | undefined;
      /** Launched and not in the cluster yet, each by its type (and size, where one of its type is known). */
      readonly coming: readonly { readonly type: string; readonly size?: Size | undefined }[];
      /** Instances of the group that run and are not in the cluster after ten minutes: nobody waits for them any more. */
      readonly lost?: readonly string[] | undefined;
      /** What one task of each service on these hosts needs, by `cluster/service`; services on Fargate are left out. */
      readonly needs: Readonly<Record<string, Size>>;
      /** Services on these hosts whose task size nobody could read, by `cluster/service`: why. */
      readonly unsized?: Readonly<Record<string, string>> | undefined;
      /** An instance refresh is in progress. Unset: nobody looked, or nobody knows; then nothing is drained. */
      readonly refreshing?: boolean | undefined;
      /** The capacity provider whose managed scaling moves this group. */
      readonly movedBy?: string | undefined;
      /** What keeps the group from following: a suspended process. */
      readonly suspended?: readonly string[] | undefined;
    }
  | { readonly known: false; readonly why: string; readonly error: string };

export interface CapacitySample {
  readonly capacity: ClusterCapacity;
  readonly reading: CapacityReading;
}

/** What is to become of the hosts of a cluster: the log line, the record and what apply is given. */
export interface CapacityDecision {
  readonly cluster: string;
  readonly autoScalingGroup: string;
  /** The group's desired capacity, and what it is to be. Lower by the hosts in `terminate`, higher by those to be launched. */
  readonly from: number;
  readonly to: number;
  readonly direction: 'out' | 'in' | 'hold';
  /** Container instances (see {@link Host}) to be set to DRAINING. */
  readonly drain: readonly string[];
  /** EC2 instances to be terminated, the desired capacity decremented with each. */
  readonly terminate: readonly string[];
  /** `said`: the number of hosts that it proposed or allowed. */
  readonly reasons: readonly { readonly by: string; readonly said: number; readonly why: string }[];
  /** ISO 8601. */
  readonly at: string;
  readonly term: number;
}

export type CapacityOutcome = CapacityDecision & { readonly applied: boolean; readonly error?: string };
