/** Which scale-outs were accepted whose answer got lost, and what becomes of notices that wait for too long. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { noticeOf, untoldIn } from '../../lambdas/contract/notice.ts';
import type { Counts, Decision, Notice } from '../../lambdas/contract/records.ts';
import { bounded, settled } from '../../lambdas/decide/notices.ts';
import { AT, counts, later, sample, seen, service } from '../samples.ts';

const decision = (given: Partial<Decision> = {}): Decision => ({
  ...{ cluster: 'shop', service: 'orders-worker', from: 2, to: 8, direction: 'out', term: 4, at: AT },
  reasons: [
    { by: 'target', said: 9, why: 'because of the load' },
    { by: 'tasks', said: 8, why: 'at most 8' },
  ],
  reading: seen(80),
  ...given,
});
const notice = (given: Partial<Decision> = {}): Notice => noticeOf(decision(given), 'l');

const look = (there: Counts, after: number) =>
  settled([notice()], [sample({ service: service(), counts: there })], later(after));

describe('a scale-out whose answer got lost', () => {
  test('was accepted if ECS wants the count that was asked for', () => {
    expect(look(counts(8, 2), 5)).toEqual({ accepted: [notice()], unsure: [] });
  });
  test('was not if the same was decided once more: the counts of that tick did not show it', () => {
    const again = notice({ at: later(5) });
    const other = notice({ service: 'mails', at: later(5) });
    const there = [sample({ service: service(), counts: counts(8, 2) })];
    expect(settled([notice(), again, other], there, later(10))).toEqual({
      accepted: [again],
      unsure: [other],
    });
    const inAnotherTerm = notice({ term: 5, at: later(-5) });
    expect(settled([inAnotherTerm, notice()], there, later(10)).accepted).toEqual([inAnotherTerm]);
  });
  test('may still be on its way, for a minute', () => {
    expect(look(counts(2), 5)).toEqual({ accepted: [], unsure: [notice()] });
    expect(look(counts(2), 61)).toEqual({ accepted: [], unsure: [] });
  });
  test('waits while ECS does not tell its counts, for an hour', () => {
    const unknown: Counts = { known: false, why: 'throttled', error: 'X' };
    expect(look(unknown, 600).unsure).toHaveLength(1);
    expect(look(unknown, 3601).unsure).toEqual([]);
    expect(settled([notice({ service: 'gone' })], [sample()], later(600)).unsure).toHaveLength(1);
  });
});

test('too many to travel are shortened first; then the oldest go, and are named', () => {
  const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
  fc.assert(
    fc.property(fc.nat({ max: 150 }), fc.nat({ max: 600 }), (howMany, length) => {
      const all = Array.from({ length: howMany }, (_, nth) =>
        notice({
          at: later(nth),
          reasons: [...decision().reasons, { by: 'limits', said: 8, why: 'w'.repeat(length + 1) }],
        }),
      );
      const { notices, dropped } = bounded(all, bytesOf);
      expect(bytesOf(notices)).toBeLessThanOrEqual(24_000);
      const times = [...dropped, ...notices].map(({ body }) => body.at);
      expect(times).toEqual(all.map(({ body }) => body.at));
      for (const { body } of notices) expect(body.reasons.at(-1)?.by).toBe('limits');
      if (bytesOf(all) <= 24_000) expect(notices).toEqual(all);
      if (howMany <= 30) expect(dropped).toEqual([]);
    }),
  );
});

test('what the state machine has left of a tick: notices, scale-outs that were decided, and nothing else', () => {
  const given = [[notice()], [decision({ at: later(5) }), decision({ direction: 'in' }), {}, null, 'x']];
  expect(untoldIn(given, 'l')).toEqual([notice(), notice({ at: later(5) })]);
  for (const odd of [undefined, null, {}, 'x', [1]]) expect(untoldIn(odd, 'l')).toEqual([]);
});
