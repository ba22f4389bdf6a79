/** The plant second by second: worked out by hand, against an independent reference, and what must hold whatever is asked for. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { View } from '../../../local/simulation/controller.ts';
import type { Plant } from '../../../local/simulation/plant.ts';
import { simulate } from '../../../local/simulation/simulate.ts';
import type { Simulated } from '../../../local/simulation/simulated.ts';
import { messages, plantOf, script, scripted, still, traceOf } from './loads.ts';

const sum = (numbers: ArrayLike<number>): number => Array.from(numbers).reduce((a, b) => a + b, 0);
const runs = (counts: ArrayLike<number>): string =>
  Array.from(counts)
    .reduce<[count: number, seconds: number][]>((all, count) => {
      const last = all.at(-1);
      if (last?.[0] === count) last[1] += 1;
      else all.push([count, 1]);
      return all;
    }, [])
    .map(([count, seconds]) => `${count}x${seconds}`)
    .join(' ');

/** Waits with so many tasks all the time: each message goes to the task that is free soonest (Kiefer and Wolfowitz). */
const reference = (all: readonly (readonly [number, number])[], tasks: number): readonly number[] => {
  const freeAt = Array.from({ length: tasks }, () => 0);
  return all.map(([at, work]) => {
    const soonest = freeAt.indexOf(Math.min(...freeAt));
    const takenAt = Math.max(at, freeAt[soonest] ?? 0);
    freeAt[soonest] = takenAt + work;
    return takenAt - at;
  });
};

describe('waiting', () => {
  test('one task, a message a second, a second and a half of work: half a second more each time', () => {
    const load = Array.from({ length: 20 }, (_, nth) => [nth, 1.5] as const);
    const { waits, left, inFlight, visible } = simulate(traceOf(load, 20), plantOf({ running: 1 }), still, 1);
    expect(Array.from(waits.slice(0, 14))).toEqual(load.slice(0, 14).map((_, nth) => nth / 2));
    // At 20 the 14th (taken at 19.5) is at work, and the six after it have waited 6 … 1 s.
    expect(Array.from(waits.slice(14))).toEqual([6, 5, 4, 3, 2, 1]);
    expect(left).toBe(7);
    expect([visible[0], visible[1], visible[19]]).toEqual([0, 0, 6]);
    expect([inFlight[0], inFlight[1], inFlight[19]]).toEqual([0, 1, 1]);
  });

  test('any messages, any number of tasks: exactly as the reference', () => {
    fc.assert(
      fc.property(messages(60, 30), fc.integer({ min: 1, max: 9 }), (load, running) => {
        const { waits, left } = simulate(traceOf(load, 3700), plantOf({ running }), still, 1);
        expect(Array.from(waits)).toEqual(reference(load, running));
        expect(left).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test('M/D/1 at 80 % waits 2 s in the mean (Pollaczek and Khinchine: ρS / 2(1 − ρ))', () => {
    let state = 1;
    const uniform = (): number => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    const load: (readonly [number, number])[] = [];
    for (let at = 0; load.length < 200_000; ) {
      at -= Math.log(uniform()) / 0.8;
      load.push([at, 1]);
    }
    const { waits } = simulate(traceOf(load, 260_000), plantOf({ running: 1 }), still, 1);
    expect(sum(waits) / waits.length).toBeGreaterThan(1.9);
    expect(sum(waits) / waits.length).toBeLessThan(2.1);
  });

  test('a task takes its first message when it has started, at any fraction of a second', () => {
    const plant = plantOf({ running: 0, startUp: 2.25 });
    const { waits, running } = simulate(traceOf([[0.5, 1]], 9), plant, scripted({ 1: 1 }), 1);
    expect(Array.from(waits)).toEqual([2.75]);
    expect(runs(running)).toBe('0x4 1x5');
  });
});

describe('what is paid', () => {
  test('from the launch, which waits for its token, to the stop', () => {
    const plant = plantOf({ running: 1, launchBurst: 1, launchesPerSecond: 0.5 });
    const told = simulate(traceOf([], 30), plant, scripted({ 10: 3, 20: 1 }), 1);
    expect(runs(told.desired)).toBe('1x10 3x10 1x10');
    // The second is launched at 10, the third at 12; each takes 5 s.
    expect(runs(told.paid)).toBe('1x10 2x2 3x8 1x10');
    expect(runs(told.running)).toBe('1x15 2x2 3x3 1x10');
    expect(told.actions).toEqual([
      { t: 10, from: 1, to: 3 },
      { t: 20, from: 3, to: 1 },
    ]);
  });

  test('a hundred at once, then twenty a second', () => {
    const plant = plantOf({ running: 0, launchBurst: 100, launchesPerSecond: 20, startUp: 0.01 });
    const { paid } = simulate(traceOf([], 12), plant, scripted({ 1: 260 }), 1);
    expect(runs(paid)).toBe('0x1 100x1 120x1 140x1 160x1 180x1 200x1 220x1 240x1 260x3');
  });

  test('a count is kept within the bounds of the plant', () => {
    const plant = plantOf({ running: 2, tasks: { min: 1, max: 4 } });
    const { desired } = simulate(traceOf([], 6), plant, scripted({ 1: 99, 3: -5, 5: 2.6 }), 1);
    expect(runs(desired)).toBe('2x1 4x2 1x2 3x1');
    expect(() => simulate(traceOf([], 6), plant, scripted({ 1: Number.NaN }), 1)).toThrow('NaN');
  });
});

describe('a task that is stopped in the middle of a message', () => {
  const load = traceOf([[0.5, 8]], 60);
  const stopped = (given: Partial<Plant>): Simulated => {
    const plant = plantOf({ running: 1, stopSeconds: 2, visibilitySeconds: 20, ...given });
    return simulate(load, plant, scripted({ 4: 0, 10: 1 }), 1);
  };

  test('finishes it, and is paid until then', () => {
    const { paid, running, inFlight, waits, lost, left } = stopped({ onStop: 'finish' });
    expect(runs(paid)).toBe('1x9 0x1 1x50');
    expect(runs(running)).toBe('1x4 0x11 1x45');
    expect(runs(inFlight)).toBe('0x1 1x8 0x51');
    expect({ waits: Array.from(waits), lost, left }).toEqual({ waits: [0], lost: 0, left: 0 });
  });

  test('finishes it if that takes no longer than it has left', () => {
    expect(stopped({ onStop: 'kill', stopSeconds: 4.5 })).toEqual(stopped({ onStop: 'finish' }));
  });

  test('is killed, its work is lost, and the message comes back when it is visible again', () => {
    const { paid, inFlight, waits, lost, left } = stopped({ onStop: 'kill' });
    // Dead at 6; the message comes back at 20.5, to the task that started at 15, and ends at 28.5.
    expect(runs(paid)).toBe('1x6 0x4 1x50');
    expect(runs(inFlight)).toBe('0x1 1x28 0x31');
    expect({ waits: Array.from(waits), lost, left }).toEqual({ waits: [20], lost: 1, left: 0 });
  });

  test('comes back when its task is dead, where that is later', () => {
    // The younger of two tasks has the long message; the other, free again, takes it at 6.
    const two = traceOf([[0.5, 1], [0.6, 8]], 20); // biome-ignore format: a table
    const plant = plantOf({ running: 2, onStop: 'kill', stopSeconds: 2, visibilitySeconds: 1 });
    const { waits, lost, left } = simulate(two, plant, scripted({ 4: 1 }), 1);
    expect([waits[0], Math.round((waits[1] ?? 0) * 1e9) / 1e9]).toEqual([0, 5.4]);
    expect({ lost, left }).toEqual({ lost: 1, left: 0 });
  });

  test('has waited since it came, where nobody takes it again', () => {
    const { waits, lost, left } = simulate(
      traceOf([[0.5, 8]], 18),
      plantOf({ running: 1, onStop: 'kill', stopSeconds: 2, visibilitySeconds: 4 }),
      scripted({ 4: 0 }),
      1,
    );
    expect({ waits: Array.from(waits), lost, left }).toEqual({ waits: [17.5], lost: 1, left: 1 });
  });

  test('is taken before younger ones that were lost as well', () => {
    const two = traceOf([[0.5, 8], [0.75, 8]], 40); // biome-ignore format: a table
    const plant = plantOf({ running: 2, onStop: 'kill', stopSeconds: 2, visibilitySeconds: 4 });
    const { waits, lost, left } = simulate(two, plant, scripted({ 4: 0, 10: 1 }), 1);
    expect({ waits: Array.from(waits), lost, left }).toEqual({ waits: [14.5, 22.25], lost: 2, left: 0 });
  });

  test('is taken before all that came later, and waits when nobody is there', () => {
    const more = traceOf([[0.5, 8], [1, 1], [2, 1]], 40); // biome-ignore format: a table
    const plant = plantOf({ running: 1, onStop: 'kill', stopSeconds: 2, visibilitySeconds: 4 });
    const { waits, visible, left } = simulate(more, plant, scripted({ 4: 0, 10: 1 }), 1);
    expect(Array.from(waits)).toEqual([14.5, 22, 22]);
    expect(runs(visible)).toBe('0x2 1x1 2x3 3x9 2x8 1x1 0x16');
    expect(left).toBe(0);
  });
});

describe('whatever is asked for', () => {
  const anyPlant = fc.record({
    running: fc.oneof(fc.nat({ max: 5 }), fc.constant(100)),
    startUp: fc.double({ min: 0.1, max: 20, noNaN: true }),
    startUpSigma: fc.constantFrom(0, 0.25),
    launchBurst: fc.integer({ min: 1, max: 20 }),
    launchesPerSecond: fc.constantFrom(0.3, 2, 20),
    onStop: fc.constantFrom('finish' as const, 'kill' as const),
    stopSeconds: fc.nat({ max: 10 }),
    visibilitySeconds: fc.nat({ max: 40 }),
  });

  test('no message is lost for ever or counted twice, and none is overtaken where all are finished', () => {
    fc.assert(
      fc.property(messages(90, 25), script(100, 20), anyPlant, fc.nat(), (load, counts, given, seed) => {
        const trace = traceOf(load, 3000);
        const wrong: View[] = [];
        const controller = scripted({ ...counts, 100: 2 }, (view) => {
          const come = load.filter(([at]) => at < view.t).length;
          const counted = view.departed + view.visible + view.inFlight;
          if (view.arrived !== come || counted !== come) wrong.push(view);
          if (view.oldestAge > 0 !== view.visible > 0) wrong.push(view);
        });
        const { waits, left, lost, running, paid } = simulate(trace, plantOf(given), controller, seed);
        expect(wrong).toEqual([]);
        expect(left).toBe(0);
        expect(given.onStop === 'finish' ? lost : 0).toBe(0);
        const takenAt = load.map(([at], nth) => at + (waits[nth] ?? 0));
        expect(Math.min(0, ...waits)).toBe(0);
        if (given.onStop === 'finish') expect(takenAt).toEqual([...takenAt].sort((a, b) => a - b));
        expect(running.every((count, t) => count <= (paid[t] ?? 0))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('at the end every message is finished, at work or waiting', () => {
    fc.assert(
      fc.property(messages(60, 40), script(60, 5), anyPlant, (load, counts, given) => {
        let last = 0;
        const seen = scripted(counts, ({ t, departed }) => {
          if (t === 59) last = departed;
        });
        const { left, waits } = simulate(traceOf(load, 60), plantOf(given), seen, 1);
        expect(left).toBeLessThanOrEqual(load.length - last);
        expect(waits.every((wait, nth) => wait >= 0 && wait <= 60 - (load[nth]?.[0] ?? 0))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('the same arguments give the same bytes', () => {
    fc.assert(
      fc.property(messages(60, 25), script(60, 20), anyPlant, fc.nat(), (load, counts, given, seed) => {
        const once = () => simulate(traceOf(load, 90), plantOf(given), scripted(counts), seed);
        expect(once()).toEqual(once());
      }),
      { numRuns: 30 },
    );
  });

  test('whoever asks later meets the same start-up times, and another seed gives others', () => {
    const plant = plantOf({ running: 0, startUp: 20, startUpSigma: 0.25 });
    const ask = (at: number, seed: number) =>
      runs(simulate(traceOf([], 200), plant, scripted({ [at]: 30 }), seed).running.subarray(at, at + 100));
    expect(ask(50, 7)).toBe(ask(0, 7));
    expect(ask(50, 8)).not.toBe(ask(0, 7));
  });
});

test('a controller sees how busy the tasks were, and looks as often as it says', () => {
  const seen: (readonly number[])[] = [];
  const load = traceOf([[0, 1], [3, 0.5], [3, 0.25]], 12); // biome-ignore format: a table
  const decide = (view: {
    readonly t: number;
    readonly before: (of: 'utilization', ago: number) => number;
  }) => {
    seen.push([view.t, ...[3, 2, 1, 0].map((ago) => view.before('utilization', ago))]);
    return undefined;
  };
  simulate(load, plantOf({ running: 2 }), { every: 4, decide }, 1);
  // In the second that ends at 1 one of two tasks is busy all the time; in that which ends at 4, both for 0.75 s in all.
  expect(seen).toEqual([
    [0, 0, 0, 0, 0],
    [4, 50, 0, 0, 37.5],
    [8, 0, 0, 0, 0],
  ]);
});
