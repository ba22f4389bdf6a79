/** How the answers of several policies and sources become one, and what happens when one of them has none. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Reading } from '../../lambdas/contract/records.ts';
import { decide } from '../../lambdas/decide/decide.ts';
import { circumstances, counts, sample, seen, service, tools, unseen } from '../samples.ts';

const two = [
  { type: 'target', backlogPerTask: 10, name: 'quick' },
  { type: 'target', backlogPerTask: 20, name: 'slow' },
];
/** It throws at whatever it is asked. */
const broken = { type: 'formula', tasks: 'visible', name: 'broken' };
const breaking = {
  ...tools,
  expression: (text: string) => {
    const { names } = tools.expression(text);
    return {
      text,
      names,
      value: () => {
        throw new Error('out of order');
      },
    };
  },
};

interface Asked {
  readonly readings?: Reading[];
  readonly policies?: readonly object[];
  readonly from?: number;
  readonly running?: number;
  readonly tools?: typeof tools;
}

const ask = (
  combine: string | undefined,
  {
    readings = [seen(100), seen(60)],
    policies = two,
    from = 8,
    running = from,
    tools: given = tools,
  }: Asked = {},
) => {
  const { decision } = decide(
    sample({
      service: service({
        tasks: { min: 0, max: 500 },
        cooldown: { in: 0 },
        policy: undefined,
        policies,
        ...(combine === undefined ? {} : { combine }),
      }),
      readings,
      counts: counts(from, running),
    }),
    circumstances({ tools: given }),
  );
  return { to: decision.to, reasons: decision.reasons, reading: decision.reading };
};
const reasonOf = (by: string, { reasons }: ReturnType<typeof ask>) => reasons.find((each) => each.by === by);

describe('all have an answer: 10, 6, 5 and 3', () => {
  test.each([
    [undefined, 10],
    ['max', 10],
    ['highest', 10],
    ['min', 3],
    ['sum', 24],
    ['first', 10],
    ['quick + slow', 15],
    ['max(quick, slow * 3)', 15],
    ['min([quick, slow])', 5],
    ['if(quick > 9, slow, quick)', 5],
    ['slow * 1.1', 6],
    ['quick * slow * 2.2', 110],
    ['desired + pending + running', 16],
    ['max / 100', 5],
  ])('%s → %d', (combine, answer) => expect(ask(combine).to).toBe(answer));

  test('every one is told, and then how they became one', () => {
    const { reasons } = ask('quick + slow');
    expect(reasons.map(({ by, said }) => [by, said])).toEqual([
      ['quick', 10],
      ['quick', 6],
      ['slow', 5],
      ['slow', 3],
      ['combine', 15],
    ]);
    expect(reasons.at(-1)?.why).toBe('quick + slow is 15 (quick 10, slow 5)');
    expect(reasonOf('combine', ask('sum'))?.why).toBe('10 + 6 + 5 + 3');
    expect(reasonOf('combine', ask('max'))).toBeUndefined();
  });

  test('below 0 is 0', () => expect(reasonOf('combine', ask('slow - quick'))?.said).toBe(0));

  test('the reading is that of the answer', () => {
    expect(ask('max').reading).toMatchObject({ visible: 100 });
    expect(ask('min').reading).toMatchObject({ visible: 60 });
  });
});

test('sum of two queues is what both need; of one it is that one', () => {
  const policies = [{ type: 'target', backlogPerTask: 10 }];
  expect(ask('sum', { policies, from: 16 }).to).toBe(16);
  expect(ask('sum', { policies, from: 0 }).to).toBe(16);
  const alone = ask('sum', { policies, readings: [seen(100)] });
  expect(alone).toMatchObject({ to: 10, reasons: [{ by: 'target' }] });
});

const ways = [undefined, 'max', 'min', 'sum', 'first', 'quick', 'min(quick, slow)', 'quick * 2'];

describe('one source of two is unknown', () => {
  test.each(ways)('%s: nothing is scaled in, and the reason says so', (combine) => {
    for (const readings of [
      [unseen, seen(10)],
      [seen(10), unseen],
    ]) {
      const asked = ask(combine, { readings });
      expect(asked.to).toBe(8);
      expect(asked.reasons.at(-1)).toEqual({
        by: 'unknown',
        said: 8,
        why: 'not lowered while something is unknown: the queue did not answer',
      });
    }
  });
  test.each(ways)('%s: scaling out goes on', (combine) => {
    expect(ask(combine, { readings: [unseen, seen(400)] }).to).toBeGreaterThanOrEqual(20);
    expect(ask(combine, { readings: [seen(400), unseen] }).to).toBeGreaterThanOrEqual(20);
  });
});

describe('one policy has no answer', () => {
  const lost = { type: 'formula', tasks: 'nobody', name: 'lost' };
  const withLost = (policy: object) => [...two, policy];
  test.each([...ways, 'lost', 'lost + quick'])('%s: nothing is scaled in, scaling out goes on', (combine) => {
    const held = ask(combine, { policies: withLost(lost), readings: [seen(10)] });
    expect(held.to).toBe(8);
    expect(held.reasons.at(-1)?.why).toMatch(
      /^not lowered while something is unknown: lost: "nobody" can't be/,
    );
    expect(ask(combine, { policies: withLost(lost), readings: [seen(400)] }).to).toBeGreaterThanOrEqual(20);
  });
  test('a formula that needs it takes the highest of the others for a floor', () => {
    const asked = ask('lost + slow', { policies: withLost(lost), readings: [seen(400)] });
    expect(asked.to).toBe(40);
    expect(reasonOf('combine', asked)?.why).toMatch(
      /^the highest, since "lost \+ slow" can't be worked out: lost: /,
    );
  });
  test.each([...ways, 'broken + quick'])('%s: the same when it throws', (combine) => {
    const policies = withLost(broken);
    const throwing: typeof tools = {
      ...tools,
      expression: (text) => (text === 'visible' ? breaking.expression(text) : tools.expression(text)),
    };
    const held = ask(combine, { policies, readings: [seen(10)], tools: throwing });
    expect(held.to).toBe(8);
    expect(held.reasons.at(-1)?.why).toMatch(
      /^not lowered while something is unknown: broken: failed: out of order/,
    );
    expect(ask(combine, { policies, readings: [seen(400)], tools: throwing }).to).toBeGreaterThanOrEqual(20);
  });
  test('first: the next that has one stands in, outwards', () => {
    const policies = [lost, ...two];
    expect(ask('first', { policies, readings: [seen(400)] }).to).toBe(40);
    expect(ask('first', { policies, readings: [seen(10)] }).to).toBe(8);
  });
});

describe('nobody has an answer', () => {
  test.each(ways)('%s: the count stays', (combine) => {
    expect(ask(combine, { readings: [unseen, unseen] })).toMatchObject({
      to: 8,
      reasons: [{ by: 'unknown', said: 8 }],
    });
    expect(ask(combine, { readings: [] }).to).toBe(8);
  });
});

describe('a formula without an answer of its own', () => {
  test('1 / 0: the highest, as a floor', () => {
    const asked = ask('quick / (slow - slow)');
    expect(asked.to).toBe(10);
    expect(reasonOf('combine', asked)?.why).toBe(
      'the highest, since quick / (slow - slow), quick 10, slow 5: no finite number comes out',
    );
    expect(ask('quick / (slow - slow)', { from: 50 }).to).toBe(50);
  });
  test('a name that no policy has: which there are', () => {
    expect(ask('quik + 1', { from: 50 }).reasons.at(-1)?.why).toContain(
      'nothing is called quik, the nearest is quick; there are quick, slow, desired, running, pending, min, max',
    );
    // A reading is no policy.
    expect(ask('visible', { from: 50 }).to).toBe(50);
  });
  test('1e300 is within the bounds, and every reason a whole number', () => {
    const { to, reasons } = ask('quick * 1e300');
    expect(to).toBe(500);
    expect(reasons.every(({ said }) => Number.isSafeInteger(said))).toBe(true);
  });
});

describe('a rule that adds, while tasks start', () => {
  const adding = { type: 'rules', events: [{ metric: 'visible', action: 5 }], name: 'more' };
  const whole = { type: 'formula', tasks: '12', name: 'whole' };
  const starting = { policies: [adding, whole], readings: [seen(100)], from: 10, running: 5 };
  test('does not win against a whole count only to be cut below it', () => {
    expect(ask('max', starting)).toMatchObject({ to: 12 });
    expect(ask('max', { ...starting, running: 9 }).to).toBe(14);
    expect(ask('max', { ...starting, running: 10 }).to).toBe(15);
  });
  test('adds no more through a formula or a sum', () => {
    expect(ask('more', starting).to).toBe(10);
    expect(ask('max(more, whole)', starting).to).toBe(12);
    expect(ask('sum', { ...starting, policies: [adding] }).to).toBe(10);
  });
});

test('max, min, sum and first come to the highest, the lowest, the sum and the first of any answers', () => {
  const usual = service({ tasks: { min: 0, max: 500 }, cooldown: { in: 0 }, emptyFor: 0 });
  const answer = fc.option(fc.nat({ max: 60 }), { nil: undefined, freq: 4 });
  fc.assert(
    fc.property(
      fc.array(answer, { minLength: 1, maxLength: 5 }),
      fc.constantFrom('max', 'highest', 'min', 'sum', 'first'),
      fc.nat({ max: 100 }),
      (answers, combine, from) => {
        const policies = answers.map((each, nth) => ({
          ...{
            type: 'formula' as const,
            name: `p${nth}`,
            tasks: each === undefined ? 'nobody' : String(each),
          },
        }));
        const { policy: _, ...rest } = usual;
        const given = { ...rest, policies, combine };
        const { decision } = decide(
          sample({ service: given, readings: [seen(1)], counts: counts(from) }),
          circumstances(),
        );
        const known = answers.filter((each) => each !== undefined);
        const [first = from] = known;
        const wanted = {
          max: Math.max(...known),
          highest: Math.max(...known),
          min: Math.min(...known),
          sum: known.reduce((total, each) => total + each, 0),
          first,
        }[combine as 'max'];
        const to = known.length === 0 ? from : wanted;
        expect(decision.to).toBe(
          known.length < answers.length ? Math.max(from, to) : Math.max(to, Math.min(1, from)),
        );
      },
    ),
    { numRuns: 3000 },
  );
});
