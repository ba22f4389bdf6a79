/**
 * The guards in their one fixed order. What limits a wish by what is known comes first, what the operator forbids after
 * it, and the bounds last: each sees what the ones before it left.
 */
import { cooldown } from './cooldown.ts';
import { disableScaleIn } from './disable-scale-in.ts';
import type { Guard } from './guard.ts';
import { starting } from './starting.ts';
import { tasks } from './tasks.ts';
import { unknown } from './unknown.ts';

export const guards: readonly (readonly [name: string, guard: Guard])[] = [
  ['unknown', unknown],
  ['starting', starting],
  ['cooldown', cooldown],
  ['disableScaleIn', disableScaleIn],
  ['tasks', tasks],
];
