/** What decide, the pure room, needs of libraries and the rest of the house, passed in by its handler. */
import type { Expression } from './expression.ts';
import type { ScheduleWindow } from './guards.ts';

export interface Tools {
  /** @throws SyntaxError */
  readonly expression: (text: string) => Expression;
  /** Whether a window of a schedule is open at `at`, epoch seconds. @throws Error for a cron line or zone that is none */
  readonly isOpen: (window: ScheduleWindow, at: number) => boolean;
}
