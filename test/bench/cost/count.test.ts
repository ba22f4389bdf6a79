/** That the counts which the cost table is made of still hold. */
import { expect, test } from '@jest/globals';
import { countLane } from '../../../bench/cost/count.ts';
import type { Load } from '../../../bench/cost/lane.ts';
import { countedFigures } from '../../../bench/cost/ours.ts';

test.each<[Load, number, number]>([
  ['busy', 1, 10],
  ['rising', 1, 10],
  ['falling', 1, 10],
  ['idle', 1, 5],
])(
  'a %s lane of %i at %i s uses as much as was written down',
  async (load, services, interval) => {
    const before = countedFigures().lanes.find(
      (each) => each.load === load && each.services === services && each.interval === interval,
    );
    const now = await countLane({ services, interval, load });
    const isIdle = load === 'idle';
    expect([before?.asleep !== undefined, now.asleep !== undefined]).toEqual([isIdle, isIdle]);
    for (const what of [
      'execution',
      'revival',
      'paused',
      ...(isIdle ? (['asleep', 'asleepWritten'] as const) : []),
    ] as const) {
      expect(now[what]?.invocations).toEqual(before?.[what]?.invocations);
      expect(now[what]?.calls).toEqual(before?.[what]?.calls);
      expect(now[what]?.log.lines).toBe(before?.[what]?.log.lines);
      expect(now[what]?.log.bytes).toBeLessThanOrEqual(1.2 * (before?.[what]?.log.bytes ?? 0));
    }
  },
  30_000,
);
