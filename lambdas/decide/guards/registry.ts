/**
 * The guards in their one fixed order. What limits a wish by what is known comes first, what the operator forbids after
 * it, and the bounds last: each sees what the ones before it left.
 */
import { cooldown } from './cooldown.ts';
import { deployment } from './deployment.ts';
import { disableScaleIn } from './disable-scale-in.ts';
import { dryRun } from './dry-run.ts';
import { emptyFor } from './empty-for.ts';
import type { Afterwards, Guard } from './guard.ts';
import { idle } from './idle.ts';
import { countsOfLate, limits } from './limits.ts';
import { pause } from './pause.ts';
import { schedule } from './schedule.ts';
import { stabilization } from './stabilization.ts';
import { starting } from './starting.ts';
import { tasks } from './tasks.ts';
import { unknown } from './unknown.ts';

interface Registered {
  readonly by: string;
  readonly guard: Guard;
  readonly afterwards?: Afterwards;
  /** What it holds a budget shared with others does not take away either. */
  readonly binds?: true;
}

export const guards: readonly Registered[] = [
  { by: 'unknown', guard: unknown, binds: true },
  { by: 'starting', guard: starting },
  { by: 'deployment', guard: deployment },
  { by: 'emptyFor', guard: emptyFor },
  { by: 'stabilization', guard: stabilization },
  { by: 'limits', guard: limits, afterwards: countsOfLate },
  { by: 'cooldown', guard: cooldown },
  { by: 'disableScaleIn', guard: disableScaleIn, binds: true },
  { by: 'schedule', guard: schedule, binds: true },
  { by: 'pause', guard: pause, binds: true },
  { by: 'tasks', guard: tasks },
  { by: 'dryRun', guard: dryRun },
  { by: 'idle', guard: idle },
];
