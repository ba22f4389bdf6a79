/** What decide hands on fits into the state, and what gives way where it does not. */
import { describe, expect, test } from '@jest/globals';
import { type History, noHistory } from '../../lambdas/contract/history.ts';
import type { Decision, Memory, Sample } from '../../lambdas/contract/records.ts';
import { withTick } from '../../lambdas/decide/history.ts';
import { fitted } from '../../lambdas/decide/room.ts';
import { AT, later, sample, seen, service } from '../samples.ts';

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const LIMIT = 0.9 * 256 * 1024;

interface Lane {
  readonly services?: number;
  readonly config?: number;
  readonly memory?: number;
  readonly reasons?: number;
  /** In the sentence of each, of 8 characters. */
  readonly words?: number;
  readonly aside?: number;
  readonly direction?: Decision['direction'];
}

const laneOf = ({
  services = 100,
  config = 300,
  memory = 300,
  reasons = 3,
  words = 6,
  direction = 'out',
}: Lane) => {
  const names = Array.from({ length: services }, (_, nth) => `orders-worker-${nth}`);
  const key = (name: string) => `shop/${name}`;
  const samples = names.map((name): Sample => {
    const owner = service({ service: name, source: { type: 'sqs', text: 'x'.repeat(config) } });
    return sample({ service: owner, memory: { desired: 1 } });
  });
  const decisions = names.map(
    (name): Decision => ({
      ...{
        cluster: 'shop',
        service: name,
        from: 1,
        to: direction === 'out' ? 9 : 1,
        direction,
        at: AT,
        term: 7,
      },
      reasons: Array.from({ length: reasons }, () => ({
        by: 'stabilization',
        said: 9,
        why: 'because '.repeat(words),
      })),
      reading: { known: true, visible: 1000, inFlight: 10, at: AT },
    }),
  );
  const remembered: Memory = Object.fromEntries(
    names.map((name) => [key(name), { kept: { rest: Array.from({ length: memory / 2 }, () => 1) } }]),
  );
  // Eleven ticks in which everything moves, so that no column is short.
  const history = Array.from({ length: 11 }, (_, nth) => nth).reduce<History>(
    (before, nth) =>
      withTick(
        before,
        samples.map((each) => ({ ...each, readings: [seen(1000 + nth, 10 + nth)] })),
        decisions.map((each) => ({ ...each, at: later(nth * 5 - 55), to: nth })),
      ),
    noHistory,
  );
  return { samples, decisions, memory: remembered, history };
};

/** The two largest things that travel after decide: apply's answer, and the next tick's samples with what is beside them. */
const travelling = (lane: Lane) => {
  const given = laneOf(lane);
  const { aside = 0 } = lane;
  const { decisions, history, full } = fitted(given, { bytesOf, aside });
  const outcomes = decisions.map((each) => ({ ...each, applied: true }));
  const notices = decisions.map((body) => ({
    subject: 'x'.repeat(99),
    body: { ...body, event: 'scale-out', lane: 'default' },
  }));
  const looked = given.samples.map(({ memory: _, ...rest }) => rest);
  const { memory } = given;
  return {
    decisions,
    ticks: history.at.length,
    logged: full.map(({ at }) => at.length),
    applied: bytesOf(
      lane.direction === 'hold' ? { decisions, memory, history } : { outcomes, notices, memory, history },
    ),
    next: aside + bytesOf({ samples: looked, memory, history }),
  };
};

const LONGEST = 48;

describe('a lane', () => {
  const lengthOf = ({ decisions }: ReturnType<typeof travelling>) => decisions[0]?.reasons.at(-1)?.why.length;

  test('as usual keeps every tick and every word', () => {
    const usual = travelling({});
    expect(usual).toMatchObject({ ticks: 12, logged: [] });
    expect(lengthOf(usual)).toBe(LONGEST);
  });

  test.each([
    ['of heavy configurations', { config: 1100, memory: 600 }],
    ['that remembers a lot', { memory: 1000 }],
    ['whose configuration came in the input', { aside: 90_000 }],
  ])('%s gives its ticks to the log, and every one of them', (_, lane) => {
    const full = travelling(lane);
    expect(full.logged[0]).toBe(11);
    expect(full.logged.reduce((sum, ticks) => sum + ticks, full.ticks)).toBe(12);
    expect(lengthOf(full)).toBe(LONGEST);
    expect(full.next).toBeLessThan(LIMIT);
    expect(full.applied).toBeLessThan(LIMIT);
  });

  test('that has much to say says it briefly', () => {
    const wordy = travelling({ memory: 700, reasons: 4, words: 20 });
    expect(wordy.decisions[0]?.reasons).toHaveLength(4);
    expect(wordy.decisions[0]?.reasons[0]?.why).toMatch(/^because .*…$/);
    expect(wordy.applied).toBeLessThan(LIMIT);
  });

  test('that has very much to say says what counts', () => {
    const { decisions, applied } = travelling({ memory: 1000, reasons: 30, words: 20 });
    const { reasons = [] } = decisions[0] ?? {};
    expect(reasons[0]).toEqual({ by: 'log', said: 9, why: `${31 - reasons.length} more reasons are in it` });
    expect(reasons.at(-1)).toMatchObject({ by: 'stabilization', said: 9 });
    expect(applied).toBeLessThan(LIMIT);
  });

  test('says more where nothing changes: nobody is notified', () => {
    const lane = { memory: 900, reasons: 6, words: 20 };
    const [held, changed] = [travelling({ ...lane, direction: 'hold' }), travelling(lane)];
    expect(lengthOf(held)).toBeGreaterThan(lengthOf(changed) ?? 0);
    expect(Math.max(held.applied, changed.applied)).toBeLessThan(LIMIT);
  });

  test('of few services is left alone', () => {
    const few = travelling({ services: 20, config: 6000, memory: 1000, reasons: 20, words: 20 });
    expect(few).toMatchObject({ ticks: 12, logged: [] });
    expect(few.decisions[0]?.reasons[0]?.why).toHaveLength(160);
  });
});
