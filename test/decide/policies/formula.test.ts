import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Reading } from '../../../lambdas/contract/records.ts';
import { decide } from '../../../lambdas/decide/decide.ts';
import { AT, circumstances, counts, sample, seen, service, unseen } from '../../samples.ts';

const now = circumstances();
const known = (given: object): Reading => ({ known: true, at: AT, ...given });

interface Asked {
  readonly readings?: Reading[];
  readonly from?: number;
  readonly running?: number;
  readonly before?: readonly object[];
  readonly config?: object;
}

const ask = (
  tasks: string | number,
  { readings = [seen(124, 6)], from = 5, running = from, before = [], config = {} }: Asked = {},
) => {
  const { decision } = decide(
    sample({
      service: service({
        tasks: { min: 0, max: 1000 },
        cooldown: { in: 0 },
        policy: undefined,
        policies: [...before, { type: 'formula', tasks }],
        ...config,
      }),
      readings,
      counts: counts(from, running),
    }),
    now,
  );
  const { to, reasons } = decision;
  const own = reasons.find(({ by }) => by === 'formula');
  return { to, reasons, said: own?.said, why: own?.why };
};

describe('the count', () => {
  test.each([
    [5, 5],
    ['visible / 10', 13],
    ['backlog / 10', 13],
    ['ceil(visible / 100) * 4', 8],
    ['desired + pending', 8],
    ['running', 2],
    ['min + max', 1000],
    ['if(visible > 100, max / 2, 1)', 500],
    ['-3', 0],
    ['visible - 200', 0],
    ['-0.4', 0],
    ['0 * -1', 0],
    ['0.0001', 1],
    ['1e-300', 1],
    ['1e300', Number.MAX_SAFE_INTEGER],
  ])('%s → %d', (tasks, answer) => expect(ask(tasks, { running: 2 }).said).toBe(answer));

  test.each([
    ['10 * 1.1', 11],
    ['visible * 1.1', 110],
    ['0.1 + 0.2 + 2.7', 3],
    ['3 * 1.1 / 1.1', 3],
    ['visible * 1.1 + 0.001', 111],
  ])('%s is rounded up, but not for the noise of doubles: %d', (tasks, answer) =>
    expect(ask(tasks, { readings: [seen(100)] }).to).toBe(answer),
  );

  test('whole numbers and tenths come out exactly, whatever is multiplied and divided', () => {
    // Parsed once: 2,000 configurations would take far longer than the decisions.
    const usual = service({ tasks: { min: 0, max: 1000 } });
    const said = (visible: number, tasks: string) => {
      const given = { ...usual, policy: { type: 'formula' as const, tasks } };
      const asked = sample({ service: given, readings: [seen(visible)], counts: counts(0) });
      return decide(asked, now).decision.reasons[0]?.said;
    };
    fc.assert(
      fc.property(fc.nat({ max: 100_000 }), fc.integer({ min: 1, max: 500 }), (visible, tenths) => {
        const exact = Number((BigInt(visible) * BigInt(tenths) + 999n) / 1000n);
        expect(said(visible, `visible * ${tenths / 10} / 100`)).toBe(exact);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the reason', () => {
  test.each([
    ['visible', 'visible is 124'],
    ['visible / 10', 'visible / 10 is 12.4 (visible 124)'],
    ['visible / 7 + inFlight', 'visible / 7 + inFlight is 23.71 (visible 124, inFlight 6)'],
    ['7', '7'],
    ['2 * 3', '2 * 3 is 6'],
  ])('%s', (tasks, why) => expect(ask(tasks).why).toBe(why));
});

describe('without an answer the count is held, and the reason says why', () => {
  test.each<[string, string, Asked, RegExp]>([
    [
      'a typo',
      'visble / 10',
      {},
      /"visble \/ 10" can't be worked out: nothing is called visble, the nearest is visible; there are backlog, visible, inFlight, desired/,
    ],
    ['a name like none', 'xyz', {}, /nothing is called xyz; there are backlog/],
    [
      '1 / 0',
      'visible / pending',
      {},
      /visible \/ pending, visible 124, pending 0: no finite number comes out/,
    ],
    ['an unknown source', 'visible', { readings: [unseen] }, /the queue did not answer/],
    ['no reading', 'visible', { readings: [] }, /no source was read/],
    [
      'what this source does not report',
      'oldestAgeSeconds',
      {},
      /nothing is called oldestAgeSeconds; there are backlog, visible, inFlight/,
    ],
    [
      'a policy below',
      'later',
      {
        config: {
          policies: [
            { type: 'formula', tasks: 'later' },
            { type: 'formula', name: 'later', tasks: '1' },
          ],
        },
      },
      /nothing is called later/,
    ],
    [
      'what several report',
      'value + visible',
      { readings: [known({ value: 3 }), known({ value: 4 }), seen(1)] },
      /value is reported by 2 sources: give each a name and write NAME.value, or tie the policy to one with source/,
    ],
  ])('%s', (_, tasks, asked, why) => {
    const { to, reasons } = ask(tasks, asked);
    expect(to).toBe(5);
    expect(reasons.at(-1)).toEqual({ by: 'unknown', said: 5, why: expect.stringMatching(why) });
  });

  test('a policy above that has no answer is named', () => {
    const before = [{ type: 'value', metric: 'cpu', target: 70, name: 'busy' }];
    expect(ask('busy + 1', { before }).reasons.at(-1)?.why).toMatch(
      /formula: "busy \+ 1" can't be worked out: busy: "cpu" can't be worked out: nothing is called cpu/,
    );
  });
});

describe('the answers of the policies above', () => {
  const target = { type: 'target', backlogPerTask: 10, name: 'base' };
  test('by name, and in the reason', () => {
    expect(ask('base * 2', { before: [target] })).toMatchObject({ to: 26, why: 'base * 2 is 26 (base 13)' });
  });
  test('the highest of a policy with several sources', () => {
    const readings = [seen(50), seen(300), seen(10)];
    expect(ask('base + 1', { before: [target], readings }).to).toBe(31);
  });
  test('of another formula', () => {
    const before = [target, { type: 'formula', name: 'half', tasks: 'base / 2' }];
    expect(ask('half * 10', { before }).to).toBe(70);
  });
  test('of a rule that adds, what it will get while tasks start', () => {
    const before = [{ type: 'rules', name: 'more', events: [{ metric: 'visible', action: 4 }] }];
    expect(ask('more + 1', { before, from: 10, running: 8 })).toMatchObject({
      to: 13,
      why: 'more + 1 is 13 (more 12)',
    });
  });
});
