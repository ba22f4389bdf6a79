/** A lane falls asleep: one conditional write under its term, from which whoever starts it next goes on at once. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LaneBucket, startLaneBucket } from './lane-bucket.ts';

const KEY = 'shop/orders-worker';
let bucket: LaneBucket;
beforeAll(async () => {
  bucket = await startLaneBucket(['orders-worker']);
});
afterAll(() => bucket.close());

/** Everything that a service may remember, so that nothing of it is lost. */
const remembered = (ago = 0) => ({
  [KEY]: {
    lastOut: { at: bucket.at(ago - 600), to: 7 },
    lastIn: { at: bucket.at(ago - 300), to: 0, streak: 2 },
    desired: 0,
    kept: { idle: [Date.parse(bucket.at(ago - 120)) / 1000] },
  },
});
const CONFIG = {
  services: [
    {
      ...{ cluster: 'shop', service: 'orders-worker', tasks: { max: 5 } },
      source: { type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/orders' },
    },
  ],
};
const lookAt = (seconds: number) => ({
  at: [Date.parse(bucket.at(seconds)) / 1000],
  services: { [KEY]: { readings: [{ visible: 0 }], counts: { desired: 0, running: 0 }, to: 0 } },
});

/** Whoever has found something to do. */
const take = (lane: string, execution: string) => bucket.ask(lane, execution, { input: { waited: true } });

/** The same as `ask`, for the state `Sleep`. */
const sleep = (lane: string, execution: string, term: number, given: object = {}) =>
  bucket.ask(lane, execution, { act: 'sleep', term, memory: remembered(), history: lookAt(-5), ...given });

test('its memory is saved and its lease given back in one write; who comes next is not revived', async () => {
  await bucket.ask('calm', 'e1');
  bucket.pass(50);
  const memory = remembered();
  const before = bucket.aws.calls.get('s3:PutObject') ?? 0;
  await sleep('calm', 'e1', 1);
  expect((bucket.aws.calls.get('s3:PutObject') ?? 0) - before).toBe(1);
  expect(await bucket.lease('calm')).toMatchObject({
    ...{ term: 1, owner: 'e1', asleep: true, asleepSince: bucket.at(), expiresAt: bucket.at() },
    ...{ memory, last: { at: bucket.at(-5) }, notices: [] },
  });
  const fell = bucket.at();

  bucket.pass(60);
  const look = await take('calm', 'e2');
  expect(look).toMatchObject({ acquired: true, term: 2, revived: false, peek: false, memory });
  expect(JSON.stringify(look)).not.toContain('revivedAt');
  expect(await bucket.lease('calm')).not.toHaveProperty('asleep');

  await sleep('calm', 'e2', 2);
  expect(await bucket.lease('calm')).toMatchObject({ term: 2, asleep: true, asleepSince: fell });
});

describe('a look at it', () => {
  const writes = () => bucket.aws.calls.get('s3:PutObject') ?? 0;

  test('takes nothing and writes nothing, and has no second tick', async () => {
    await bucket.ask('looked', 'e1');
    await sleep('looked', 'e1', 1);
    bucket.pass(60);
    const before = writes();
    for (const each of ['e2', 'e3']) {
      const look = await bucket.ask('looked', each, { input: {} });
      expect(look).toMatchObject({ acquired: true, peek: true, term: 1, ticks: 0, revived: false });
      expect(look.memory).toEqual(remembered(-60));
    }
    expect(writes()).toBe(before);
    expect(await bucket.lease('looked')).toMatchObject({ asleep: true, owner: 'e1', term: 1 });
  });

  test('takes it all the same every nine minutes, so that one sees that somebody looks', async () => {
    await bucket.ask('old', 'e1');
    await sleep('old', 'e1', 1);
    bucket.pass(479);
    expect(await bucket.ask('old', 'e2')).toMatchObject({ peek: true, term: 1 });
    bucket.pass(1);
    expect(await bucket.ask('old', 'e3')).toMatchObject({ acquired: true, peek: false, term: 2 });
  });

  test.each<[what: string, given: object]>([
    ['has looked already', { input: { waited: true } }],
    ['brings a configuration', { input: { config: CONFIG } }],
    ['takes it over', { input: { takeOver: true } }],
    ['is a successor', { input: { lane: 'taken', term: 1 } }],
  ])('is not for whoever %s', async (what, given) => {
    const lane = `taken-${what.replaceAll(' ', '-')}`;
    await bucket.ask(lane, 'e1');
    await sleep(lane, 'e1', 1);
    expect(await bucket.ask(lane, 'e2', given)).toMatchObject({ acquired: true, peek: false, term: 2 });
  });

  test('tells what is paused by now', async () => {
    await bucket.ask('hushed', 'e1');
    await sleep('hushed', 'e1', 1);
    const lease = await bucket.lease('hushed');
    await bucket.put('lanes/hushed/lease.json', { ...lease, pauses: { [KEY]: { what: 'out' } } });
    const { memory } = await bucket.ask('hushed', 'e2');
    expect(memory[KEY]).toMatchObject({ paused: { what: 'out' }, desired: 0 });
  });
});

describe('the heir of a look that could not see', () => {
  /** As `HandOver` starts it. */
  const heirIn = (lane: string) => ({
    input: { lane, term: 1, memory: {}, savedAt: bucket.at(), peek: true },
  });

  test('takes a lane that still sleeps, with the memory of whoever fell asleep', async () => {
    await bucket.ask('unseen', 'e1');
    await sleep('unseen', 'e1', 1);
    bucket.pass(60);
    const heir = await bucket.ask('unseen', 'e3', heirIn('unseen'));
    expect(heir).toMatchObject({ acquired: true, peek: false, term: 2, revived: false });
    expect(heir.memory).toEqual(remembered(-60));
  });

  test('leaves it to whoever fell asleep, did not hear of it, and works again', async () => {
    await bucket.ask('awake', 'e1');
    await sleep('awake', 'e1', 1);
    const { asleep: _, ...lease } = (await bucket.lease('awake')) ?? {};
    // As apply saves before it acts.
    const acting = { ...lease, expiresAt: bucket.at(45), savedAt: bucket.at() };
    await bucket.put('lanes/awake/lease.json', acting);
    bucket.pass(2);
    expect(await bucket.ask('awake', 'e3', heirIn('awake'))).toMatchObject({
      acquired: false,
      why: expect.stringMatching(/belongs to e1 \(term 1\)/),
    });
    expect(await bucket.lease('awake')).toEqual(acting);
  });
});

test('since when it sleeps begins anew once it has worked for more than a look', async () => {
  await bucket.ask('worked', 'e1');
  await sleep('worked', 'e1', 1);
  bucket.pass(60);
  await take('worked', 'e2');
  bucket.pass(60);
  const heir = { input: { lane: 'worked', term: 2, memory: {}, savedAt: bucket.at() } };
  expect(await bucket.ask('worked', 'e3', heir)).toMatchObject({ acquired: true, term: 3 });
  expect(await bucket.lease('worked')).not.toHaveProperty('asleepSince');
  await sleep('worked', 'e3', 3);
  expect(await bucket.lease('worked')).toMatchObject({ asleepSince: bucket.at() });
});

test('nobody else puts it to sleep: not on an older term, not without an object', async () => {
  await bucket.ask('ours', 'e1');
  bucket.pass(90);
  await bucket.ask('ours', 'e2');
  expect(await sleep('ours', 'e1', 1)).toMatchObject({
    acquired: false,
    why: expect.stringContaining('stale'),
  });
  expect(await bucket.lease('ours')).toMatchObject({ term: 2, owner: 'e2' });
  expect(await bucket.lease('ours')).not.toHaveProperty('asleep');
  expect(await sleep('nobody', 'e1', 1)).toMatchObject({ acquired: false });
  expect(await bucket.keys('lanes/nobody/')).toEqual([]);
});

test('paused meanwhile it stays paused, and goes on with what it knew when it is resumed', async () => {
  await bucket.ask('paused', 'e1');
  const lease = await bucket.lease('paused');
  await bucket.put('lanes/paused/lease.json', { ...lease, paused: true });
  await sleep('paused', 'e1', 1);
  expect(await bucket.lease('paused')).toMatchObject({ paused: true, asleep: true, memory: remembered() });
  bucket.pass(60);
  expect(await bucket.ask('paused', 'e2')).toMatchObject({ acquired: false });
  expect(await bucket.lease('paused')).toMatchObject({ paused: true, term: 1 });
  await bucket.put('lanes/paused/lease.json', { ...(await bucket.lease('paused')), paused: false });
  expect(await take('paused', 'e2')).toMatchObject({ acquired: true, revived: false });
});

test('an operator who writes at the same moment costs another try, no more; S3 that fails an error', async () => {
  await bucket.ask('race', 'e1');
  const other = async () => {
    const lease = await bucket.lease('race');
    await bucket.put('lanes/race/lease.json', { ...lease, pauses: { '*': { what: 'in' } } });
  };
  const isLane = ({ path }: { readonly path: string }) => path.includes('lanes/race/');
  const put = { how: 'none', api: 's3:PutObject', times: 1, where: isLane, before: other } as const;
  const race = bucket.injections.inject(put);
  await sleep('race', 'e1', 1);
  race.end();
  expect(race.hits()).toBeGreaterThan(0);
  expect(await bucket.lease('race')).toMatchObject({ asleep: true, pauses: { '*': { what: 'in' } } });

  await bucket.ask('broken', 'e1');
  const refused = bucket.injections.inject({ how: 'refuse', api: 's3:PutObject' });
  await expect(sleep('broken', 'e1', 1)).rejects.toThrow('s3:PutObject');
  refused.end();
  expect(await bucket.lease('broken')).not.toHaveProperty('asleep');
});

test('whoever acts after all, because the answer was lost, is awake again', async () => {
  await bucket.ask('lost', 'e1');
  await sleep('lost', 'e1', 1);
  const { handler } = await import('../../lambdas/apply/handler.ts');
  const decision = {
    ...{ cluster: 'shop', service: 'orders-worker', from: 2, to: 3, direction: 'out', reasons: [], term: 1 },
    ...{ at: bucket.at(5), reading: { known: true, visible: 30 } },
  };
  await handler({ at: bucket.at(5), lane: 'lost', term: 1, decisions: [decision], memory: {} });
  expect(bucket.aws.desired('orders-worker')).toBe(3);
  expect(await bucket.lease('lost')).not.toHaveProperty('asleep');
});
