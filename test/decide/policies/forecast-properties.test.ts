/** What holds of a forecast whatever its options, what it saw and what it is told that it kept. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Policy, type PolicyOf, policySchema } from '../../../lambdas/contract/policies.ts';
import { decide } from '../../../lambdas/decide/decide.ts';
import {
  PARTS,
  type Season,
  seasonFromKept,
  seasonToKept,
} from '../../../lambdas/decide/policies/forecast/season.ts';
import { forecast } from '../../../lambdas/decide/policies/forecast.ts';
import type { Kept } from '../../../lambdas/decide/policies/policy.ts';
import { policies } from '../../arbitrary/policies.ts';
import { circumstances, counts, sample, seen, service } from '../../samples.ts';

const RUNS = { numRuns: 2000 };
/** Of JSON. The most that was found is 236: four-digit counts in every part of a week. */
const MOST_CHARACTERS = 240;

const options = policies.forecast.map((given) => policySchema.parse(given) as PolicyOf<'forecast'>);
const amount = fc.oneof(fc.nat({ max: 30 }), fc.nat({ max: 9_999 }), fc.constantFrom(0, 1e6, 2 ** 53 - 1));
/** Seconds since the tick before, and what the others came to. */
const tick = fc.record({
  passed: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 60 }) },
    { weight: 1, arbitrary: fc.constantFrom(-500, 0, 0.25, 91, 4000, 700_000) },
  ),
  others: fc.option(amount, { freq: 12, nil: undefined }),
});
const garbage = fc.array(
  fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(-1, 0, 60, 600, 86_400, 1e15, -1e300, 1_795_348_800),
  ),
  { maxLength: 40 },
);
const BEGIN = 1_795_348_800;

const ask = (policy: PolicyOf<'forecast'>, at: number, others: number | undefined, kept: Kept | undefined) =>
  forecast(policy, {
    ...{
      reading: { known: true },
      from: 3,
      counts: { desired: 3, running: 3, pending: 0, deploying: false },
    },
    ...{ tasks: { min: 0, max: Number.MAX_SAFE_INTEGER }, at, kept, others },
    measure: () => ({ known: false, why: 'nothing is measured here' }),
  });

const expectSound = ({ known, why, kept, ...rest }: ReturnType<typeof ask>): void => {
  const { to } = rest as { readonly to: number };
  // One look at each, since there are a hundred thousand of them: expect() takes longer than the forecast.
  if (!known || !Number.isSafeInteger(to) || to < 0 || /NaN|Infinity|undefined/.test(why))
    throw new Error(`said ${to}: ${why}`);
  if (kept === undefined) return;
  const text = JSON.stringify(kept);
  if (!kept.every(Number.isFinite) || text.length > MOST_CHARACTERS)
    throw new Error(`keeps ${text.length} characters: ${text}`);
};

test('any options, any history: whole counts, and a memory that is bounded', () => {
  fc.assert(
    fc.property(options, fc.array(tick, { minLength: 1, maxLength: 40 }), (policy, ticks) => {
      let [at, kept] = [BEGIN, undefined as Kept | undefined];
      for (const { passed, others } of ticks) {
        at += passed;
        const answer = ask(policy, at, others, kept);
        expectSound(answer);
        if (others === undefined && answer.kept !== undefined) throw new Error('learned from nothing');
        kept = JSON.parse(JSON.stringify(answer.kept ?? kept ?? null)) ?? undefined;
      }
    }),
    RUNS,
  );
});

test.each([60, 61, 600, 86_400, 604_799, 604_800])(
  'a season of %i s that is full of large counts is kept in as little',
  (season) => {
    const policy = policySchema.parse({ type: 'forecast', season, horizon: 3600 }) as PolicyOf<'forecast'>;
    let [at, kept] = [BEGIN, undefined as Kept | undefined];
    for (let nth = 0; nth < Math.max(2000, (1.3 * season) / 60); nth += 1) {
      at += 60 - (nth % 2);
      const answer = ask(policy, at, 9_999 - ((nth * 7919) % 4999), kept);
      kept = answer.kept;
      if (nth % 50 === 0) expectSound(answer);
    }
    expectSound(ask(policy, at + 60, 9_999, kept));
  },
);

test('any memory at all is safe, and the next is sound again', () => {
  fc.assert(
    fc.property(options, garbage, fc.boolean(), tick, (policy, given, isOurs, { others }) => {
      // As if it were ours, so that it is not turned away at once.
      const first = policy.method === 'smoothing' ? -1 : Math.round(policy.season);
      const kept = isOurs ? [first, ...given, ...given, ...given].slice(0, 26) : given;
      const answer = ask(policy, BEGIN, others, kept);
      expectSound(answer);
      expectSound(ask(policy, BEGIN + 5, 7, answer.kept));
    }),
    RUNS,
  );
});

test('never lowers the answer of the others, whatever it remembers', () => {
  const target = policySchema.parse({ type: 'target', backlogPerTask: 1 });
  const bare = service({ policy: undefined, policies: [target], cooldown: { in: 0 }, emptyFor: 0 });
  const amounts = fc.record({ visible: fc.nat({ max: 60 }), from: fc.nat({ max: 60 }) });
  const name = (policy: PolicyOf<'forecast'>): string => policy.name ?? 'forecast';
  fc.assert(
    fc.property(options, amounts, garbage, fc.boolean(), (policy, { visible, from }, given, isOurs) => {
      const first = policy.method === 'smoothing' ? -1 : Math.round(policy.season);
      const kept = isOurs ? [first, BEGIN - 5, ...given, ...given].slice(0, 26) : given;
      const decided = (policies: readonly Policy[]) =>
        decide(
          sample({
            service: { ...bare, policies: [...policies] },
            readings: [seen(visible)],
            counts: counts(from),
            memory: { kept: { [name(policy)]: kept } },
          }),
          circumstances({ at: new Date(BEGIN * 1000).toISOString() }),
        ).decision.to;
      expect(decided([target, policy])).toBeGreaterThanOrEqual(decided([target]));
    }),
    RUNS,
  );
});

test('the same is said of the same, byte for byte', () => {
  fc.assert(
    fc.property(options, fc.array(tick, { minLength: 2, maxLength: 20 }), (policy, ticks) => {
      const played = () => {
        let [at, kept] = [BEGIN, undefined as Kept | undefined];
        return ticks.map(({ passed, others }) => {
          at += passed;
          const answer = ask(policy, at, others, kept);
          kept = answer.kept ?? kept;
          return answer;
        });
      };
      expect(JSON.stringify(played())).toBe(JSON.stringify(played()));
    }),
    { numRuns: 500 },
  );
});

const part = fc.option(fc.record({ need: fc.nat({ max: 9_999 }), onset: fc.nat({ max: 9 }) }), {
  nil: undefined,
});

test('a season comes back from its numbers: exactly up to 98 tasks, above within 1 % of its most', () => {
  fc.assert(
    fc.property(fc.array(part, { minLength: PARTS, maxLength: PARTS }), fc.boolean(), (given, isSmall) => {
      const season: Season = given.map((each) =>
        each === undefined ? undefined : { ...each, need: isSmall ? each.need % 99 : each.need },
      );
      const most = Math.max(0, ...season.map((each) => each?.need ?? 0));
      const back = seasonFromKept(JSON.parse(JSON.stringify(seasonToKept(season))));
      const slack = most <= 98 ? 0 : most * 0.0103;
      const differs = season.filter((each, nth) => {
        const other = back[nth];
        if (each === undefined || other === undefined) return each !== other;
        return each.onset !== other.onset || Math.abs(each.need - other.need) > slack;
      });
      expect(differs).toEqual([]);
      expect(back).toHaveLength(PARTS);
      // Kept again and again, nothing of it is lost.
      expect(seasonToKept(back)).toEqual(seasonToKept(seasonFromKept(seasonToKept(back))));
    }),
    RUNS,
  );
});
