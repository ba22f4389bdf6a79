/**
 * Windows of time: while one is open, its min is the least and its max the most. Of several open ones the highest min and the
 * lowest max count, and where those clash the min: too many tasks cost money, too few cost the work. Neither leaves the bounds.
 *
 * A max is the operator's word, so it lowers a count at once, whatever the cooldown says. But it is no bound: while something
 * is unknown, or scale-in is switched off, it stops scale-out and scales nothing in. A window that can't be worked
 * out (its zone is not known here, the library is missing) may be one with a min: nothing is scaled in.
 */
import type { ScheduleWindow } from '../../contract/guards.ts';
import type { Guard, Guarded, Verdict } from './guard.ts';

const named = ({ start, end, timezone }: ScheduleWindow): string =>
  `window "${start}" to "${end}" ${timezone}`;

interface Open {
  readonly windows: readonly ScheduleWindow[];
  /** Why it is not known of all whether they are open. */
  readonly broken: string | undefined;
}

const openAt = (schedule: readonly ScheduleWindow[], { tools, seconds }: Guarded): Open => {
  const windows: ScheduleWindow[] = [];
  let broken: string | undefined;
  for (const window of schedule) {
    try {
      if (tools.isOpen(window, seconds)) windows.push(window);
    } catch (thrown) {
      broken = `${named(window)} can't be worked out: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    }
  }
  return { windows, broken };
};

interface Limit {
  readonly count: number;
  /** `at least 10`, and where that is out of bounds what is left of it. */
  readonly says: string;
  readonly window: ScheduleWindow;
}

const limitOf = (
  side: 'min' | 'max',
  windows: readonly ScheduleWindow[],
  { service: { tasks } }: Guarded,
): Limit | undefined => {
  let limit: Limit | undefined;
  for (const window of windows) {
    const given = window[side];
    if (given === undefined) continue;
    const count = Math.max(tasks.min, Math.min(tasks.max, given));
    if (limit !== undefined && (side === 'min' ? count <= limit.count : count >= limit.count)) continue;
    const says = `${side === 'min' ? 'at least' : 'at most'} ${given}`;
    limit = { count, says: count === given ? says : `${says}, within the bounds ${count}`, window };
  }
  return limit;
};

const whyNotLowered = ({ unknown, disableScaleIn, service }: Guarded): string | undefined => {
  if (unknown !== undefined) return 'but nothing is scaled in while something is unknown';
  return disableScaleIn || service.disableScaleIn ? 'but scale-in is switched off' : undefined;
};

const said = ({ window, says }: Limit): string => `${named(window)}: ${says}`;

/** No more than an open window allows. */
const capped = (proposed: number, most: Limit, situation: Guarded): Verdict => {
  const { desired } = situation.counts;
  const stays = desired > most.count ? whyNotLowered(situation) : undefined;
  if (stays === undefined) return { to: most.count, why: said(most) };
  return { to: Math.min(proposed, desired), why: `${said(most)}, ${stays}` };
};

export const schedule: Guard = (proposed, situation) => {
  const { service, counts } = situation;
  if (service.schedule === undefined) return undefined;
  const { windows, broken } = openAt(service.schedule, situation);
  const least = limitOf('min', windows, situation);
  const most = limitOf('max', windows, situation);
  let verdict: Verdict | undefined;
  if (most !== undefined && proposed > most.count) verdict = capped(proposed, most, situation);
  if (least !== undefined && (verdict?.to ?? proposed) < least.count) {
    const clash = most !== undefined && most.count < least.count ? `, which wins over ${said(most)}` : '';
    verdict = { to: least.count, why: `${said(least)}${clash}` };
  }
  return broken !== undefined && (verdict?.to ?? proposed) < counts.desired
    ? { to: counts.desired, why: `nothing is scaled in, ${broken}` }
    : verdict;
};
