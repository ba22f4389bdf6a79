/**
 * Seconds after which Lambda ends a room's function. They end below those of the states (12, 12, 6, 22 s), so that the
 * function's own error is what is seen. The local runner keeps them too.
 */
import type { Room } from './assets.ts';

export const TIME_LIMITS: Readonly<Record<Room, number>> = { lease: 10, collect: 10, decide: 5, apply: 20 };
