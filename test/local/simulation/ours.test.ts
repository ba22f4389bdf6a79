/** Ours as a controller: the decision with its guards, what its source tells, and its memory. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Decision } from '../../../lambdas/contract/records.ts';
import type { View } from '../../../local/simulation/controller.ts';
import { ours } from '../../../local/simulation/ours.ts';
import { fargate } from '../../../local/simulation/plant.ts';
import { seeing } from '../../../local/simulation/seen.ts';
import { simulate } from '../../../local/simulation/simulate.ts';
import type { Trace } from '../../../local/simulation/trace.ts';
import { viewAt } from '../../bench/scaling/views.ts';
import { service, tools } from '../../samples.ts';

const nobody: Trace = {
  name: 'nobody',
  arrivals: new Float64Array(),
  work: new Float64Array(),
  seconds: 1800,
};

const told = { policy: { type: 'queueDelay', target: 60, secondsPerMessage: 2 } };

test.each(['counters', 'rates', 'late'] as const)(
  'an empty load keeps the least tasks, seen by %s',
  (see) => {
    const controller = ours({
      service: service({ ...told, tasks: { min: 1, max: 200 } }),
      tools,
      interval: 5,
      see,
    });
    const { actions, desired, paid } = simulate(nobody, fargate, controller, 1);
    expect(actions).toEqual([]);
    expect(Math.max(...desired, ...paid)).toBe(1);
  },
);

test('tasks that nobody needs go, and the last ones at the bound', () => {
  const controller = ours({ service: service({ ...told, tasks: { min: 2, max: 200 } }), tools, interval: 5 });
  const { desired } = simulate(nobody, { ...fargate, running: 20 }, controller, 1);
  expect(desired[0]).toBe(20);
  expect(desired.at(-1)).toBe(2);
});

test('its guards hold: scale-in that is disabled does not happen, and every decision is told', () => {
  const decisions: Decision[] = [];
  const controller = ours({
    ...{
      service: service({ ...told, tasks: { min: 2, max: 200 }, disableScaleIn: true }),
      tools,
      interval: 60,
    },
    decided: (decision) => decisions.push(decision),
  });
  const { actions } = simulate(nobody, { ...fargate, running: 20 }, controller, 1);
  expect(actions).toEqual([]);
  expect(decisions.map(({ at }) => at.slice(11, 19)).slice(0, 3)).toEqual([
    '12:00:00',
    '12:01:00',
    '12:02:00',
  ]);
  expect(decisions).toHaveLength(30);
  expect(new Set(decisions.flatMap(({ reasons }) => reasons.map(({ by }) => by)))).toContain(
    'disableScaleIn',
  );
});

test('a schedule goes by the hour that the load began at', () => {
  const nightly = { schedule: [{ start: '0 3 * * *', end: '0 4 * * *', min: 7 }] };
  const controller = ours({
    ...{ service: service({ ...told, ...nightly, tasks: { min: 1, max: 50 } }), tools, interval: 60 },
    begin: Date.parse('2026-11-22T02:45:00Z'),
  });
  const { actions } = simulate(nobody, fargate, controller, 1);
  expect(actions).toEqual([{ t: 900, from: 1, to: 7 }]);
});

test('memory: who forgets at every tick never learns that nothing is needed', () => {
  const run = (forgets: boolean) => {
    const controller = ours({
      ...{
        service: service({ ...told, tasks: { min: 1, max: 200 }, cooldown: { in: '10m' } }),
        tools,
        interval: 5,
      },
      forgets: () => forgets,
    });
    return simulate(nobody, { ...fargate, running: 9 }, controller, 1).actions;
  };
  expect(run(false)).not.toEqual(run(true));
});

const view = (given: Partial<View>): View => ({ ...viewAt(0, {}), ...given });

test('rates are those since the last look, and at the first look there are none', () => {
  const look = seeing('rates', 1);
  expect(look(view({ t: 0, visible: 3, inFlight: 1 }))).toEqual({ known: true, visible: 3, inFlight: 1 });
  expect(look(view({ t: 5, visible: 9, inFlight: 2, arrived: 20, departed: 13 }))).toEqual({
    ...{ known: true, visible: 9, inFlight: 2, arrivalsPerSecond: 4, departuresPerSecond: 2.6 },
  });
});

test('late counters are 2 to 10 s old and at most 10 % wrong, differ by seed and repeat by seed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), (seed) => {
      const looks = [seed, seed, seed + 1].map((each) => {
        const look = seeing('late', each);
        // 100 more every second: the age of a count can be told from it.
        return [60, 65, 70, 75].map((t) => look(viewAt(t, { visible: (at) => 100 * at, inFlight: 40 })));
      });
      expect(looks[0]).toEqual(looks[1]);
      expect(looks[0]).not.toEqual(looks[2]);
      looks[0]?.forEach((reading, nth) => {
        if (!reading.known) throw new Error('it is always known');
        const t = 60 + 5 * nth;
        expect(reading.visible).toBeGreaterThanOrEqual(0.9 * 100 * (t - 10) - 1);
        expect(reading.visible).toBeLessThanOrEqual(1.1 * 100 * (t - 2) + 1);
        expect(reading.inFlight).toBeGreaterThanOrEqual(36);
        expect(reading.inFlight).toBeLessThanOrEqual(44);
      });
    }),
    { numRuns: 30 },
  );
});
