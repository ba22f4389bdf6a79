/**
 * Ours as a controller of the simulation: a whole service configuration with its guards, decided by the code that is deployed
 * (`lambdas/decide/decide.ts`). It looks as often as its loop ticks and sees what its source would tell (`seen.ts`).
 *
 * Gotcha: a deployed tick reads, decides and applies within about a second; here all of it happens at once.
 */
import type { Service } from '../../lambdas/contract/config.ts';
import type { Decision, ServiceMemory } from '../../lambdas/contract/records.ts';
import type { Tools } from '../../lambdas/contract/tools.ts';
import type { Controller, View } from './controller.ts';
import { remembering } from './remembering.ts';
import { type See, type Sight, seeing } from './seen.ts';

export interface Ours {
  readonly service: Service;
  readonly tools: Tools;
  /** Whole seconds from tick to tick. */
  readonly interval: number;
  /** What the source reports. Unset: visible and in flight, exactly. */
  readonly see?: Sight | See | undefined;
  /** For what a source gets wrong by chance. */
  readonly seed?: number;
  /** At these seconds the loop starts with empty memory. */
  readonly forgets?: ((t: number) => boolean) | undefined;
  /** Epoch milliseconds of second 0, for schedules. */
  readonly begin?: number | undefined;
  /** What the loop's clock says at a second, in seconds: a tick may be late. Unset: that second. */
  readonly clock?: ((t: number) => number) | undefined;
  /** Is told every decision, holds too. */
  readonly decided?: ((decision: Decision, view: View, memory: ServiceMemory) => void) | undefined;
}

export const ours = ({ service, tools, interval, see = 'counters', seed = 1, ...more }: Ours): Controller => {
  const { forgets, begin, clock, decided } = more;
  const look = typeof see === 'function' ? see : seeing(see, seed);
  const decide = remembering(service, tools, begin);
  return {
    every: interval,
    decide: (view) => {
      const { t, desired, running } = view;
      const { decision, memory } = decide({
        t: clock?.(t) ?? t,
        readings: [look(view)],
        counts: { desired, running, pending: Math.max(0, desired - running), deploying: false },
        forgets: forgets?.(t) ?? false,
      });
      decided?.(decision, view, memory);
      return decision.direction === 'hold' ? undefined : decision.to;
    },
  };
};
