/** The guards as stories on a scripted clock: what happens tick by tick to one service. */
import { describe, expect, test } from '@jest/globals';
import type { Counts, Decision, Reading, ServiceMemory } from '../../lambdas/contract/records.ts';
import { decide } from '../../lambdas/decide/decide.ts';
import { circumstances, counts, later, sample, seen, service, unseen } from '../samples.ts';

interface Tick {
  readonly at: number;
  readonly reading: Reading;
  readonly counts: Counts;
  readonly disableScaleIn?: boolean;
}

/** Decides tick by tick, the memory going from each to the next. */
const story = (
  config: Record<string, unknown>,
  ticks: readonly Tick[],
  first: ServiceMemory = {},
): readonly Decision[] => {
  let memory = first;
  return ticks.map(({ at, reading, counts: there, disableScaleIn = false }) => {
    const decided = decide(
      sample({ service: service(config), readings: [reading], counts: there, memory }),
      circumstances({ at: later(at), disableScaleIn }),
    );
    memory = decided.memory;
    return decided.decision;
  });
};

const answers = (decisions: readonly Decision[]) => decisions.map(({ to }) => to);

describe('unknown', () => {
  test('a broker that is down holds the count, and scale-in goes on when it is back', () => {
    const decisions = story({}, [
      { at: 0, reading: seen(200), counts: counts(20) },
      { at: 5, reading: unseen, counts: counts(20) },
      { at: 10, reading: unseen, counts: counts(20) },
      { at: 15, reading: seen(0), counts: counts(20) },
    ]);
    expect(answers(decisions)).toEqual([20, 20, 20, 0]);
    expect(decisions[1]?.reasons[0]).toMatchObject({ by: 'unknown', said: 20 });
    expect(decisions[1]?.reasons[0]?.why).toContain('the queue did not answer');
  });

  test('one known source of two may raise a count, never lower it', () => {
    const both = (visible: number) =>
      decide(
        sample({ readings: [unseen, seen(visible)], counts: counts(20) }),
        circumstances({ at: later(0) }),
      ).decision.to;
    expect([both(300), both(0)]).toEqual([30, 20]);
  });

  test('counts that ECS does not tell hold the last known count', () => {
    const [decision] = story(
      {},
      [{ at: 0, reading: seen(500), counts: { known: false, why: 'throttled', error: 'X' } }],
      { desired: 12 },
    );
    expect(decision).toMatchObject({ from: 12, to: 12, direction: 'hold' });
    expect(decision?.reasons[0]?.why).toContain('throttled');
  });
});

describe('cooldown', () => {
  const config = { cooldown: { out: '30s', in: '60s' } };

  test('each direction waits for itself only', () => {
    const decisions = story(config, [
      { at: 0, reading: seen(100), counts: counts(5) },
      { at: 5, reading: seen(200), counts: counts(10) },
      { at: 30, reading: seen(200), counts: counts(10) },
      { at: 35, reading: seen(50), counts: counts(20) },
      { at: 40, reading: seen(0), counts: counts(5) },
      { at: 94, reading: seen(0), counts: counts(5) },
      { at: 95, reading: seen(0), counts: counts(5) },
    ]);
    expect(answers(decisions)).toEqual([10, 10, 20, 5, 5, 5, 0]);
    expect(decisions[1]?.reasons.at(-1)?.why).toBe('5 s since the last scale-out, the cooldown is 30 s');
  });

  test('scale-out with priority passes its own cooldown and says so', () => {
    const decisions = story({ cooldown: { out: '120s', priorityOverride: true } }, [
      { at: 0, reading: seen(100), counts: counts(5) },
      { at: 5, reading: seen(200), counts: counts(10) },
    ]);
    expect(answers(decisions)).toEqual([10, 20]);
    expect(decisions[1]?.reasons.at(-1)?.why).toContain('overridden');
  });

  test('an action in the future counts as just done', () => {
    const [decision] = story(config, [{ at: 0, reading: seen(0), counts: counts(5) }], {
      lastIn: { at: later(500), streak: 1 },
    });
    expect(decision?.to).toBe(5);
  });

  test('a scale-out resets the count of scale-ins in a row', () => {
    let memory: ServiceMemory = { lastIn: { at: later(-500), streak: 3 } };
    const tick = (visible: number, desired: number, at: number) => {
      const decided = decide(
        sample({ readings: [seen(visible)], counts: counts(desired), memory }),
        circumstances({ at: later(at) }),
      );
      memory = decided.memory;
    };
    tick(0, 5, 0);
    expect(memory.lastIn).toMatchObject({ at: later(0), streak: 4 });
    tick(100, 0, 5);
    expect(memory).toMatchObject({ lastOut: { at: later(5) }, lastIn: { at: later(0), streak: 0 } });
  });
});

describe('disableScaleIn', () => {
  test('for one service or for all', () => {
    const idle = { at: 0, reading: seen(0), counts: counts(5) };
    expect(answers(story({ disableScaleIn: true }, [idle]))).toEqual([5]);
    expect(answers(story({}, [{ ...idle, disableScaleIn: true }]))).toEqual([5]);
  });
  test('scale-out goes on', () => {
    expect(
      answers(story({ disableScaleIn: true }, [{ at: 0, reading: seen(100), counts: counts(5) }])),
    ).toEqual([10]);
  });
});

describe('tasks', () => {
  const tasks = { min: 2, max: 8 };
  test('bounds come last and speak', () => {
    const [high, low] = story({ tasks }, [
      { at: 0, reading: seen(1000), counts: counts(5) },
      { at: 5, reading: seen(0), counts: counts(8) },
    ]);
    expect(high?.reasons.at(-1)).toEqual({ by: 'tasks', said: 8, why: 'at most 8' });
    expect(low?.reasons.at(-1)).toEqual({ by: 'tasks', said: 2, why: 'at least 2' });
  });
  test('a lowered max is obeyed although scale-in is disabled and nothing can be seen', () => {
    const [decision] = story({ tasks, disableScaleIn: true }, [
      { at: 0, reading: unseen, counts: counts(20) },
    ]);
    expect(decision).toMatchObject({ to: 8, direction: 'in' });
  });
});
