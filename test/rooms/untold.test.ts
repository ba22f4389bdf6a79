/** Notices that nobody has been told of yet: in the lane's object before ECS is called, struck off once they have been published. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { noticeOf } from '../../lambdas/contract/notice.ts';
import type { Decision, Memory, Notice, Outcome } from '../../lambdas/contract/records.ts';
import { AT, later, seen } from '../samples.ts';
import { QUEUE_URL, startAws, type TestAws } from './aws.ts';

interface Applied {
  readonly memory: Memory;
  readonly outcomes: readonly Outcome[];
  readonly notices: readonly Notice[];
  readonly unsure: readonly Notice[];
}

let aws: TestAws;
let handler: (event: unknown) => Promise<Applied>;
let collect: (event: unknown) => Promise<Record<string, unknown>>;
let lane = '';
let lanes = 0;

beforeAll(async () => {
  aws = await startAws({ 'orders-worker': 2, 'mail-worker': 5 });
  ({ handler } = (await import('../../lambdas/apply/handler.ts')) as unknown as { handler: typeof handler });
  ({ handler: collect } = await import('../../lambdas/collect/handler.ts'));
});
beforeEach(async () => {
  lanes += 1;
  lane = `untold-${lanes}`;
  await lease();
  aws.set('orders-worker', 2);
});
afterAll(async () => {
  await aws.close();
});

const lease = (more: object = {}) =>
  aws.putJson(`lanes/${lane}/lease.json`, { owner: 'e', term: 4, expiresAt: later(80), ...more });
const stored = async () => (await aws.getJson(`lanes/${lane}/lease.json`)) as { readonly notices: Notice[] };

const out = (given: Partial<Decision> = {}): Decision => ({
  ...{ cluster: 'shop', service: 'orders-worker', from: 2, to: 8, direction: 'out', at: AT, term: 4 },
  reasons: [{ by: 'target', said: 8, why: 'because' }],
  reading: seen(80),
  ...given,
});
const notice = (given: Partial<Decision> = {}): Notice => noticeOf(out(given), lane);
const earlier = () => notice({ service: 'mail-worker', at: later(-5) });

const apply = (more: object = {}) =>
  handler({ at: AT, lane, term: 4, decisions: [out()], changes: 1, memory: {}, ...more });

test('what is about to be done is in the object, beside what could not be told before', async () => {
  const { notices, unsure } = await apply({ notices: [{}, earlier()] });
  expect((await stored()).notices).toEqual([{ ...earlier(), accepted: true }, notice()]);
  expect({ notices, unsure }).toEqual({ notices: [earlier(), notice()], unsure: [] });
});

test('confirmed, the object lists only what is left', async () => {
  await apply();
  const answer = await handler({
    act: 'confirm',
    at: later(1),
    lane,
    term: 4,
    notices: [{}, earlier()],
    unsure: [],
  });
  expect(answer.notices).toEqual([earlier()]);
  expect(await stored()).toMatchObject({ notices: [earlier()], savedAt: AT, owner: 'e' });
});

test('a stale execution strikes nothing off', async () => {
  await lease({ term: 5, notices: [earlier()] });
  await handler({ act: 'confirm', at: later(1), lane, term: 4, notices: [], unsure: [] });
  expect((await stored()).notices).toEqual([earlier()]);
});

test('a change that is decided anew has a notice of its own', async () => {
  const { unsure } = await apply({ unsure: [notice({ at: later(-5) }), earlier()] });
  expect(unsure).toEqual([earlier()]);
  expect((await stored()).notices).toEqual([earlier(), notice()]);
});

test('after an apply of which nothing is known, the decided scale-outs are what nobody is sure of', async () => {
  const unsure = [[earlier()], [out(), out({ direction: 'in' })]];
  const source = { type: 'sqs', queueUrl: QUEUE_URL };
  const config = { services: [{ cluster: 'shop', service: 'orders-worker', tasks: { max: 9 }, source }] };
  const answer = await collect({ at: later(5), lane, term: 4, memory: {}, unsure, notices: [{}], config });
  expect(answer).toMatchObject({ unsure: [earlier(), notice()], notices: [], trouble: null });
});

describe('a service that an operator has paused', () => {
  test.each([
    ['orders-worker', 'out', 8, false],
    ['orders-worker', 'all', 8, false],
    ['orders-worker', 'in', 8, true],
    ['*', 'out', 8, false],
    ['mail-worker', 'all', 8, true],
  ] as const)('%s, scale-%s: a change to %i is made: %s', async (key, what, to, made) => {
    await lease({ pauses: { [key === '*' ? key : `shop/${key}`]: { what } } });
    const { outcomes, notices, unsure } = await apply({ decisions: [out({ to })] });
    expect(outcomes).toMatchObject([{ applied: made }]);
    if (!made) expect(outcomes[0]?.error).toBe('scale-out of shop/orders-worker is paused');
    expect([notices.length, unsure.length, aws.desired('orders-worker')]).toEqual(
      made ? [1, 0, 8] : [0, 0, 2],
    );
  });

  test('what is held back is not saved as done, and what is not paused is', async () => {
    await lease({ pauses: { 'shop/mail-worker': { what: 'all' } } });
    const before = await stored();
    const mail = out({ service: 'mail-worker', from: 5 });
    const memory = Object.fromEntries(
      ['mail-worker', 'orders-worker'].map((name) => [
        `shop/${name}`,
        { desired: 8, lastOut: { at: AT, to: 8 } },
      ]),
    );
    const held = await apply({ decisions: [mail], memory });
    expect(await stored()).toEqual(before);
    expect(held).toMatchObject({ memory: { 'shop/mail-worker': { desired: 5 } } });
    const { memory: left } = await apply({ decisions: [mail, out()], memory });
    expect(left).toEqual({ ...memory, 'shop/mail-worker': { desired: 5 } });
    expect(await stored()).toMatchObject({ memory: left, notices: [notice()] });
  });

  test('a pause that has ended is none', async () => {
    await lease({ pauses: { 'shop/orders-worker': { what: 'all', until: AT } } });
    expect((await apply()).outcomes).toMatchObject([{ applied: true }]);
  });
});
