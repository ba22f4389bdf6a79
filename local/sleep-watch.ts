/**
 * A lane that sleeps, as the runner plays it: says so once, looks once a minute without a word, and starts at once what CloudWatch's alarm and
 * EventBridge's rule would start when a queue gets its first message.
 *
 * Gotcha: here the queues are looked at once a second. In AWS a message shows in CloudWatch after one to three minutes, so there the look once a
 * minute is mostly first; sources of which CloudWatch knows nothing are found by the look here too.
 */
import { sources } from '../lambdas/collect/sources/registry.ts';
import { type Config, keyOf, sourcesOf } from '../lambdas/contract/config.ts';
import type { Room } from '../lambdas/log.ts';
import type { LoopEvent, WorldEvent } from './events.ts';

type Say = (event: LoopEvent['event'], message: string) => void;

export interface SleepWatch {
  readonly see: (room: Room, event: unknown, result: unknown) => void;
  /** What else is said of the loop: a look that finds nothing is no news. */
  readonly say: Say;
  /** Once a second and service. */
  readonly look: (world: Pick<WorldEvent, 'cluster' | 'service' | 'backlog'>) => void;
}

/** By `cluster/service`: those on whose queues the stack would have an alarm. */
const watched = ({ services }: Config): ReadonlySet<string> =>
  new Set(
    services
      .filter((service) =>
        sourcesOf(service).some((source) => sources[source.type]?.wakeMetric?.(source) !== undefined),
      )
      .map(keyOf),
  );

/** @param start what an alarm would: an execution with an empty input */
export const createSleepWatch = (config: Config, say: Say, start: () => void): SleepWatch => {
  const alarms = watched(config);
  const waiting = new Set<string>();
  let asleep = false;

  const wake = (by: string): void => {
    asleep = false;
    say('woken', by);
  };
  const fallAsleep = (): void => {
    if (!asleep) say('asleep', 'no work and no task: the loop has stopped, and is looked at once a minute');
    asleep = true;
  };

  return {
    see: (room, event, result) => {
      const { act } = event as { readonly act?: string };
      const { why = '' } = result as { readonly why?: string };
      if (room === 'lease' && act === 'sleep' && why.startsWith('asleep')) fallAsleep();
      const isAwake = (result as { readonly asleep?: boolean }).asleep === false;
      if (room === 'decide' && asleep && isAwake) wake('the look once a minute has found something to do');
    },
    say: (event, message) => {
      if (!asleep || event !== 'lease-taken') say(event, message);
    },
    look: (world) => {
      const key = keyOf(world);
      if (world.backlog === null) return;
      const isNew = world.backlog > 0 && !waiting.has(key);
      if (world.backlog > 0) waiting.add(key);
      else waiting.delete(key);
      if (!isNew || !asleep || !alarms.has(key)) return;
      wake(`a message for ${key}: its alarm starts the loop`);
      start();
    },
  };
};
