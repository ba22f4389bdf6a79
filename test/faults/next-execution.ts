/** StartExecution, by which an execution hands over, or what has become of it. */
import { type Clock, failure } from '../../local/clock.ts';
import type { MachineParts } from '../../local/machine-parts.ts';
import type { Call } from './fault.ts';
import type { Injections } from './injections.ts';
import { errorNameOf } from './refusal.ts';

export interface NextExecutionParts {
  readonly clock: Clock;
  readonly injections: Injections;
  readonly isOver: (delivery: number) => boolean;
}

export const nextExecution =
  ({ clock, injections, isOver }: NextExecutionParts): NonNullable<MachineParts['startNext']> =>
  async (begin, { execution, delivery }, input) => {
    const call: Call = {
      ...{ api: 'states:StartExecution', execution, delivery, path: '' },
      body: JSON.stringify(input),
    };
    const fault = injections.meet(call) ?? { how: 'none' };
    const { how, lateSeconds = 8 } = fault;
    const never = new Promise<never>(() => undefined);
    await fault.before?.(call);
    if (isOver(delivery)) return never;
    if (how === 'refuse' || how === 'error' || how === 'throttle' || how === 'deny')
      throw failure(errorNameOf(call.api, how), 'injected');
    if (how === 'silent') return never;
    if (how === 'garbage') return '';
    if (how === 'late') {
      void clock.sleep(lateSeconds * 1000).then(begin);
      return never;
    }
    const id = begin();
    if (how === 'twice') begin();
    await fault.after?.(call);
    if (how === 'mute') return never;
    if (how === 'lost') throw failure(errorNameOf(call.api, how), 'injected');
    return id;
  };
