/** Services that find themselves in another lane after the configuration was split anew. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type LaneBucket, startLaneBucket } from './lane-bucket.ts';

const ORDERS = 'shop/orders-worker';
const MAIL = 'shop/mail-worker';
let bucket: LaneBucket;
let names = 0;
/** The first lane of a configuration of its own. */
let first: string;
beforeAll(async () => {
  bucket = await startLaneBucket(['orders-worker', 'mail-worker']);
});
beforeEach(() => {
  names += 1;
  first = `name${names}`;
});
afterAll(() => bucket.close());

const lived = (given: object) => ({
  owner: 'e0',
  term: 40,
  expiresAt: bucket.at(60),
  savedAt: bucket.at(-10),
  ...given,
});
const put = (lane: string, given: object) => bucket.put(`lanes/${lane}/lease.json`, lived(given));
const scaledIn = (ago: number) => ({ desired: 4, lastIn: { at: bucket.at(-ago), streak: 2 } });

test('bring their cooldowns along', async () => {
  await put(first, { memory: { [ORDERS]: scaledIn(5) } });
  const { memory, term } = await bucket.ask(`${first}-2`, 'e1');
  expect(memory).toEqual({ [ORDERS]: { ...scaledIn(5), revivedAt: bucket.at() }, [MAIL]: {} });
  expect(term).toBe(1);
});

test('whichever of the lanes they were in last, though the others go on being written', async () => {
  await put(`${first}-2`, { memory: { [ORDERS]: scaledIn(500) } });
  await put(`${first}-12`, { memory: { [ORDERS]: scaledIn(50) }, savedAt: bucket.at(-40) });
  const { memory } = await bucket.ask(first, 'e1');
  expect(memory[ORDERS]).toMatchObject(scaledIn(50));
});

test('back in the lane where they were before, with what is newer', async () => {
  const services = [MAIL];
  await put(first, { services, memory: { [ORDERS]: scaledIn(3000), [MAIL]: {} }, expiresAt: bucket.at(-1) });
  await put(`${first}-2`, { memory: { [ORDERS]: scaledIn(5), [MAIL]: scaledIn(7) } });
  const { memory } = await bucket.ask(first, 'e1');
  expect(memory).toMatchObject({ [ORDERS]: scaledIn(5) });
  expect(memory[MAIL]).not.toHaveProperty('lastIn');
});

test('stay paused', async () => {
  const until = bucket.at(600);
  const memory = { [ORDERS]: scaledIn(5), [MAIL]: {} };
  await put(first, { memory, pauses: { [ORDERS]: { what: 'in', until } } });
  await bucket.ask(`${first}-2`, 'e1');
  expect(await bucket.lease(`${first}-2`)).toMatchObject({
    pauses: { [ORDERS]: { what: 'in', until } },
    memory: { [ORDERS]: { paused: { what: 'in', until } } },
  });
  await put(`${first}b`, { memory, paused: true, pauses: { '*': { what: 'out' } } });
  const { memory: whole } = await bucket.ask(`${first}b-3`, 'e1');
  expect([whole[ORDERS]?.['paused'], whole[MAIL]?.['paused']]).toEqual([{ what: 'all' }, { what: 'all' }]);
});

test('are looked for once', async () => {
  await bucket.ask(`${first}-2`, 'e1');
  await put(first, { memory: { [ORDERS]: scaledIn(5) } });
  const { memory } = await bucket.ask(`${first}-2`, 'e2', {
    input: { term: 1, memory: { [ORDERS]: {}, [MAIL]: {} } },
  });
  expect(memory).toEqual({ [ORDERS]: {}, [MAIL]: {} });
  bucket.pass(80);
  expect((await bucket.ask(`${first}-2`, 'e3')).memory[ORDERS]).not.toHaveProperty('lastIn');
});

test.each(['east', 'east-2', '2'])('do not come from %s, which is no lane of theirs', async (other) => {
  await put(`${first}${other}`, { memory: { [ORDERS]: scaledIn(5) } });
  expect((await bucket.ask(first, 'e1')).memory).toEqual({ [ORDERS]: {}, [MAIL]: {} });
});

test('of a lane that cannot be read wait out a cooldown before scale-in', async () => {
  const { end } = bucket.injections.inject({ api: 's3:ListObjectsV2', how: 'deny' });
  const { memory, acquired } = await bucket.ask(first, 'e1');
  end();
  const cautious = { lastIn: { at: bucket.at(), streak: 1 } };
  expect({ memory, acquired }).toEqual({ acquired: true, memory: { [ORDERS]: cautious, [MAIL]: cautious } });
});
