/** Services that share a budget, from their samples to their decisions: what a budget lowers, and what it may not. */
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Group } from '../../lambdas/contract/groups.ts';
import type { Decision, Sample } from '../../lambdas/contract/records.ts';
import { weigh } from '../../lambdas/decide/decide.ts';
import { withinBudgets } from '../../lambdas/decide/groups.ts';
import { anySample } from '../arbitrary/sample.ts';
import { AT, circumstances, counts, sample, seen, service, unseen } from '../samples.ts';
import { expectBounds, expectRecords } from './always.ts';

process.env.LOG_LEVEL = 'SILENT';
const { handler } = await import('../../lambdas/decide/handler.ts');

/** Wants as many tasks as it has tens of messages; runs `desired`. */
const of = (name: string, messages: number, desired: number, more: Record<string, unknown> = {}): Sample =>
  sample({
    service: service({ service: name, cooldown: { in: 0 }, ...more }),
    readings: [seen(messages)],
    counts: counts(desired),
  });
const blind = (given: Sample): Sample => ({ ...given, readings: [unseen] });

const group = (maxTotalTasks: number, rank: Group['rank'] = {}): Group => ({
  services: ['shop/first', 'shop/second'],
  maxTotalTasks,
  rank,
});
const RANK = { 'shop/first': 2, 'shop/second': 1 };

const decide = async (samples: readonly Sample[], groups: readonly Group[]): Promise<readonly Decision[]> =>
  (await handler({ at: AT, lane: 'l', term: 3, memory: {}, samples, groups })).decisions;
const told = ({ reasons }: Decision): string => reasons.map(({ by, said }) => `${by} ${said}`).join(', ');

describe('a budget of 20 tasks, the first before the second', () => {
  const first = of('first', 150, 0);

  test('takes from the second what the first wants, and says where it went', async () => {
    const decisions = await decide([of('second', 120, 12), first], [group(20, RANK)]);
    expect(decisions).toMatchObject([
      { service: 'second', from: 12, to: 5, direction: 'in' },
      { service: 'first', from: 0, to: 15, direction: 'out' },
    ]);
    expect(decisions.map(told)).toEqual(['target 12, group 5', 'target 15']);
    expect(decisions[0]?.reasons.at(-1)?.why).toBe(
      'the budget of 20 tasks: 5 of 12 wanted, 15 went to 1 service before it',
    );
  });

  test('remembers what the budget left and not what was wanted', async () => {
    const { memory } = await handler({
      ...{ at: AT, lane: 'l', term: 3, memory: {}, groups: [group(20, RANK)] },
      samples: [of('second', 120, 0), first],
    });
    expect(memory).toMatchObject({
      'shop/second': { desired: 5, lastOut: { at: AT } },
      'shop/first': { desired: 15, lastOut: { at: AT } },
    });
  });

  test('an unknown reading lowers nobody: the first waits', async () => {
    expect(await decide([blind(of('second', 0, 12)), first], [group(20, RANK)])).toMatchObject([
      { to: 12, direction: 'hold' },
      { to: 8 },
    ]);
  });

  test('unknown counts are kept free for', async () => {
    const unseenCounts = { known: false, why: 'ECS did not answer', error: 'TimeoutError' } as const;
    const second = { ...of('second', 0, 0), counts: unseenCounts, memory: { desired: 12 } };
    expect(await decide([second, first], [group(20, RANK)])).toMatchObject([{ to: 12 }, { to: 8 }]);
  });

  test('so is a dry run, by what it runs and not by what it would', async () => {
    const second = of('second', 500, 3, { dryRun: true });
    expect(await decide([second, first], [group(17, RANK)])).toMatchObject([{ to: 3 }, { to: 14 }]);
  });

  test('what is above the budget already gives way, although its reading is unknown', async () => {
    const decisions = await decide([blind(of('second', 0, 30)), first], [group(20, RANK)]);
    expect(decisions).toMatchObject([
      { to: 20, direction: 'in' },
      { to: 0, direction: 'hold' },
    ]);
    expect(decisions[0]?.reasons.at(-1)).toMatchObject({ by: 'group', said: 20 });
  });
});

describe('where scale-in is disabled', () => {
  afterEach(() => {
    delete process.env.DISABLE_SCALE_IN;
  });

  test('for one, it keeps what it runs', async () => {
    const second = of('second', 120, 12, { disableScaleIn: true });
    expect(await decide([second, of('first', 150, 0)], [group(20, RANK)])).toMatchObject([
      { to: 12 },
      { to: 8 },
    ]);
  });

  test('for all, nobody loses a task', async () => {
    process.env.DISABLE_SCALE_IN = 'yes';
    expect(await decide([of('second', 0, 12), of('first', 150, 3)], [group(20, RANK)])).toMatchObject([
      { to: 12 },
      { to: 8 },
    ]);
  });
});

test('equals share by need', async () => {
  expect(await decide([of('first', 300, 0), of('second', 100, 0)], [group(20)])).toMatchObject([
    { to: 15 },
    { to: 5 },
  ]);
});

const lane = fc.record({
  samples: fc.array(anySample, { minLength: 1, maxLength: 4 }),
  budget: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 600 })),
  ranks: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 4, maxLength: 4 }),
  disableScaleIn: fc.boolean(),
});

test('whatever the services: no sum above the budget, nobody below its min, and every change has its reason', () => {
  fc.assert(
    fc.property(lane, ({ samples: drawn, budget, ranks, disableScaleIn }) => {
      const samples = drawn.map((each, nth) => ({
        ...each,
        service: { ...each.service, cluster: 'shop', service: `s${nth}` },
      }));
      const weighed = samples.map((each) => weigh(each, circumstances({ term: 7, disableScaleIn })));
      const claims = weighed.map(({ claim }) => claim());
      const keys = claims.map(({ key }) => key);
      const rank = Object.fromEntries(keys.map((key, nth) => [key, ranks[nth] ?? 0]));
      const granted = withinBudgets(claims, [{ services: keys, maxTotalTasks: budget, rank }]);
      const decided = weighed.map(({ settle }, nth) => settle(granted.get(keys[nth] ?? '')));

      for (const [nth, each] of decided.entries()) {
        const one = samples[nth] as Sample;
        expectRecords(one, each);
        if (!('known' in one.counts)) expectBounds(one, each);
        const lowered = granted.get(keys[nth] ?? '');
        if (lowered !== undefined)
          expect(each.decision.reasons.at(-1)).toEqual({ by: 'group', said: lowered.to, why: lowered.why });
      }
      const total = decided.reduce((sum, { decision }) => sum + decision.to, 0);
      const least = claims.reduce((sum, { fixed, to, min }) => sum + (fixed ? to : min), 0);
      expect(total).toBeLessThanOrEqual(Math.max(budget, least));
      // Within the budget nobody is lowered blindfold, or although scale-in is disabled.
      const floors = claims.reduce((sum, { fixed, to, floor }) => sum + (fixed ? to : floor), 0);
      if (floors > budget) return;
      for (const [nth, { decision }] of decided.entries()) {
        const { readings } = samples[nth] as Sample;
        const isBlind = readings.some((reading) => !reading.known) || readings.length === 0;
        const held = isBlind || disableScaleIn || samples[nth]?.service.disableScaleIn === true;
        const wish = claims[nth]?.to ?? 0;
        if (held) expect(decision.to).toBeGreaterThanOrEqual(Math.min(decision.from, wish));
      }
    }),
    { numRuns: 600 },
  );
});
