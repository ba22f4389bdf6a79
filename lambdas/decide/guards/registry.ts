/**
 * The guards in their one fixed order. What limits a wish by what is known comes first, what the operator forbids after
 * it, and the bounds last: each sees what the ones before it left.
 */
import { cooldown } from './cooldown.ts';
import { disableScaleIn } from './disable-scale-in.ts';
import type { Afterwards, Guard } from './guard.ts';
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
  { by: 'stabilization', guard: stabilization },
  { by: 'cooldown', guard: cooldown },
  { by: 'disableScaleIn', guard: disableScaleIn },
  { by: 'tasks', guard: tasks },
];
