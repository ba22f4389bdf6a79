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
}

export const guards: readonly Registered[] = [
  { by: 'unknown', guard: unknown },
  { by: 'starting', guard: starting },
  { by: 'deployment', guard: deployment },
  { by: 'emptyFor', guard: emptyFor },
  { by: 'stabilization', guard: stabilization },
  { by: 'limits', guard: limits, afterwards: countsOfLate },
  { by: 'cooldown', guard: cooldown },
  { by: 'disableScaleIn', guard: disableScaleIn },
  { by: 'schedule', guard: schedule },
  { by: 'pause', guard: pause },
  { by: 'tasks', guard: tasks },
  { by: 'dryRun', guard: dryRun },
];
