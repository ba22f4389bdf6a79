/**
 * What one invocation of a room is billed for. These are the assumptions of the cost table, and all it assumes: no AWS was there to measure. `bench:cost`
 * prints the bill with half and with twice the waiting.
 *
 * - Waiting for AWS: ../shared/facts/aws.md reckons with 40 ms for a function that makes one round of calls (DescribeServices and the sources at once).
 * - CPU: measured by `process.threadCpuUsage` around the handlers, warm, 72 ticks of 1, 10, 50 and 100 services on a core of the machine that this
 *   was written on (collect 2.3, …, 42 ms; decide 0.05 to 3.3 ms; lease 4 to 7 ms), and half as much again for a core of Lambda.
 * - A function has one core at 1,769 MB, and its share of it below (AWS, "Configure Lambda function memory").
 */
import type { Room } from '../../lambdas/log.ts';

const MB_PER_CORE = 1769;
const SLOWER_CORE = 1.5;

/** Of one round of calls, in milliseconds. */
const ROUND_MS = 40;

/** How many rounds of calls it waits for; then CPU milliseconds without services, and for each of them. */
const WORK: Readonly<Record<Room, readonly [rounds: number, cpu: number, cpuPerService: number]>> = {
  // S3: who has the lease, and the conditional write.
  lease: [1.5, 4, 0.03],
  collect: [1, 2, 0.4],
  decide: [0, 0.1, 0.03],
  // S3 as the lease, then UpdateService; to confirm what was told takes the first of these alone, and counts as much.
  apply: [3.5, 5, 0],
};

export interface Invocation {
  readonly room: Room;
  readonly services: number;
  /** MB. */
  readonly memory: number;
  /** Times the waiting that is assumed. */
  readonly slowness: number;
}

/** Whole milliseconds, at least one. */
export const billedMs = ({ room, services, memory, slowness }: Invocation): number => {
  const [rounds, cpu, cpuPerService] = WORK[room];
  const work = (cpu + cpuPerService * services) * SLOWER_CORE * (MB_PER_CORE / memory);
  return Math.max(1, Math.ceil(rounds * ROUND_MS * slowness + work));
};
