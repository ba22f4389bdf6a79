/** What a lag is made of, on a real broker: commits, their absence, what was deleted, who is a member, what stands still. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeConnections } from '../../../lambdas/collect/connections.ts';
import { withRates } from '../../../lambdas/collect/rates.ts';
import { readerOf } from '../../../lambdas/collect/read.ts';
import { decide } from '../../../lambdas/decide/decide.ts';
import { AT, circumstances, counts, later, sample, service } from '../../samples.ts';
import { type Kafka, startKafka } from '../../servers/kafka.ts';
import { START_LIMIT_MS } from '../../servers/server.ts';
import { type Options, readAll, readOne, settles } from './behaviour.ts';
import { type KafkaClient, kafkaClient } from './kafka-client.ts';

let server: Kafka;
let client: KafkaClient;
beforeAll(async () => {
  server = await startKafka({});
  client = await kafkaClient(server.address.bootstrapServers);
  // The first group of all makes the broker open the log of commits, which takes a moment.
  await client.create('first');
  await settles(reading('first'), { known: true });
}, START_LIMIT_MS);
afterAll(async () => {
  await closeConnections();
  await client?.close();
  await server?.close();
}, 60_000);

const reading = (topic: string, more: Options = {}): Options => ({
  type: 'kafka',
  bootstrapServers: server.address.bootstrapServers,
  topic,
  consumerGroup: 'workers',
  ...more,
});

/** A topic with so many messages in each partition. */
const filled = async (topic: string, ...messages: readonly number[]): Promise<void> => {
  await client.create(topic, messages.length);
  for (const [partition, amount] of messages.entries()) await client.send(topic, amount, partition);
};

const notesOf = async (options: Options) => {
  const seen = await readOne(options);
  return seen.known ? (seen.notes ?? []).join('\n') : seen.why;
};

describe('commits', () => {
  test('100 committed, the end at 150: a lag of 50, and no number in flight', async () => {
    await filled('c150', 150);
    await client.commit('workers', 'c150', { 0: 100 });
    const seen = await readOne(reading('c150'));
    expect(seen).toMatchObject({ known: true, visible: 50, parallelism: 1 });
    expect(seen).not.toHaveProperty('inFlight');
    expect(seen).not.toHaveProperty('notes');
  });

  test('5 partitions, a target of 10, a lag of 59: 5 tasks; a lag of 1059: 5 too', async () => {
    await filled('five', 12, 12, 12, 12, 11);
    const policy = { type: 'target', backlogPerTask: 10 };
    const tasks = { min: 0, max: 50 };
    const decided = async (limitTo: string) => {
      const readings = [await readOne(reading('five', { limitTo }))];
      const given = sample({ service: service({ policy, tasks }), readings, counts: counts(1) });
      return decide(given, circumstances()).decision;
    };
    // ceil(59 / 10) is 6, and the sixth would be idle.
    expect(await decided('partitions')).toMatchObject({ from: 1, to: 5, direction: 'out' });
    expect(await decided('none')).toMatchObject({ to: 6 });
    await client.send('five', 1000, 0);
    expect(await decided('partitions')).toMatchObject({ to: 5 });
    await client.commit('workers', 'five', { 1: 12, 2: 12, 3: 12 });
    expect(await decided('partitionsWithLag')).toMatchObject({ to: 2 });
  });

  test('of a group that has lost its members count as they did', async () => {
    await filled('left', 10);
    const leave = await client.consume('leavers', 'left');
    const options = reading('left', { consumerGroup: 'leavers' });
    await settles(options, { known: true, visible: 0 });
    await leave();
    await client.send('left', 4);
    expect(await readOne(options)).toMatchObject({ known: true, visible: 4 });
    expect(await notesOf(options)).toBe('');
  }, 60_000);

  test('a message that is being worked on is still in the lag', async () => {
    await filled('busy', 3);
    let finish: () => void = () => undefined;
    const working = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let begun: () => void = () => undefined;
    const beginning = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const leave = await client.consume('slow', 'busy', () => {
      begun();
      return working;
    });
    const options = reading('busy', { consumerGroup: 'slow' });
    await beginning;
    expect(await readOne(options)).toMatchObject({ visible: 3 });
    finish();
    await settles(options, { visible: 0 });
    await leave();
  }, 60_000);

  test('beyond the end are no lag, and it is said; once the end is past them they count again', async () => {
    await filled('anew', 5);
    await client.commit('workers', 'anew', { 0: 7 });
    expect(await readOne(reading('anew'))).toMatchObject({
      known: true,
      visible: 0,
      notes: [expect.stringMatching(/the offsets of group workers lie beyond the end of partition 0/)],
    });
    await client.send('anew', 3);
    expect(await readOne(reading('anew'))).toMatchObject({ visible: 1 });
  });
});

describe('without a commit', () => {
  beforeAll(async () => {
    await filled('uncommitted', 10, 20, 30);
    await client.deleteBefore('uncommitted', { 0: 4, 1: 20 });
  });

  test('earliest, the default, counts what is there: from the start of the log, not from 0', async () => {
    expect(await readOne(reading('uncommitted'))).toMatchObject({
      visible: 6 + 0 + 30,
      parallelism: 3,
      notes: [
        expect.stringMatching(/^group workers has no offsets in partitions 0, 2: everything there counts/),
      ],
    });
    expect(await readOne(reading('uncommitted', { limitTo: 'partitionsWithLag' }))).toMatchObject({
      parallelism: 2,
    });
  });

  test('latest counts nothing and says so', async () => {
    const latest = reading('uncommitted', { offsetReset: 'latest' });
    expect(await readOne(latest)).toMatchObject({ visible: 0 });
    expect(await notesOf(latest)).toMatch(
      /partitions 0, 2: the messages there do not count \(offsetReset: latest\)/,
    );
  });

  test('only the partitions without one are concerned', async () => {
    await client.commit('some', 'uncommitted', { 2: 25 });
    const some = { consumerGroup: 'some' };
    expect(await readOne(reading('uncommitted', some))).toMatchObject({ visible: 6 + 5 });
    expect(await readOne(reading('uncommitted', { ...some, offsetReset: 'latest' }))).toMatchObject({
      visible: 5,
    });
  });

  test('what was deleted before the group read it is no backlog any more, and it is said', async () => {
    await filled('expired', 20);
    await client.commit('workers', 'expired', { 0: 5 });
    await client.deleteBefore('expired', { 0: 12 });
    expect(await readOne(reading('expired'))).toMatchObject({
      visible: 8,
      notes: ['7 messages of partition 0 were deleted before the group read them, and do not count'],
    });
  });
});

test.each(['ord ers/50 %', 'größe 🚀', 'quo\'te"d', 'x'.repeat(500)])(
  'a group called %s',
  async (consumerGroup) => {
    await client.create('groups');
    await client.send('groups', 1);
    const { admin } = client;
    const [{ high = '0' } = {}] = await admin.fetchTopicOffsets('groups');
    await client.commit(consumerGroup, 'groups', { 0: Number(high) });
    await client.send('groups', 2);
    expect(await readOne(reading('groups', { consumerGroup }))).toMatchObject({ visible: 2 });
  },
  30_000,
);

test('a million messages', async () => {
  await client.create('million', 4);
  await client.send('million', 1_000_000);
  expect(await readOne(reading('million'))).toMatchObject({ visible: 1_000_000 });
}, 120_000);

test('a topic that is not there spoils nobody else’s reading, and neither does a group', async () => {
  await client.create('there');
  const seen = await readAll([
    reading('not-there'),
    reading('there', { consumerGroup: 'a' }),
    reading('there', { consumerGroup: 'b' }),
    reading('first'),
    reading('nor.this'),
  ]);
  expect(seen.map(({ known }) => known)).toEqual([false, true, true, true, false]);
  expect(await client.admin.listTopics()).not.toContain('not-there');
});

test('partitions that are added count from the next reading', async () => {
  await filled('grown', 1);
  expect(await readOne(reading('grown'))).toMatchObject({ visible: 1, parallelism: 1 });
  await client.admin.createPartitions({ topicPartitions: [{ topic: 'grown', count: 3 }] });
  await settles(reading('grown'), { visible: 1, parallelism: 3 });
  await client.send('grown', 2, 2);
  expect(await readOne(reading('grown'))).toMatchObject({ visible: 3, parallelism: 3 });
}, 30_000);

test('two readings make rates', async () => {
  await filled('rated', 10, 10);
  await client.commit('rating', 'rated', { 0: 4, 1: 4 });
  const options = reading('rated', { consumerGroup: 'rating' });
  const look = async (at: string, memory?: Parameters<typeof withRates>[2]) => {
    const read = readerOf({ at, longestMs: 4000 });
    const owner = { cluster: 'shop', service: 'worker' };
    const seen = await read({ given: options, path: 'source', owner, needsInFlight: false });
    return withRates(seen, options, memory, at);
  };
  const { totals } = await look(AT);
  await client.send('rated', 30, 0);
  await client.commit('rating', 'rated', { 0: 9, 1: 9 });
  expect((await look(later(5), totals)).reading).toMatchObject({
    visible: 32,
    arrivalsPerSecond: 6,
    departuresPerSecond: 2,
  });
});

describe('a partition that stands still', () => {
  const options = () => reading('poison', { excludeStuck: { readings: 3, seconds: 10 } });
  /** So many seconds after AT, on a day of its own: no other reading has been at that time. */
  const seenAfter = async (seconds: number) => (await readAll([options()], later(86_400 + seconds)))[0];

  test('is left out after so many readings and so many seconds, and counts again once it moves', async () => {
    await filled('poison', 10, 10);
    await client.commit('workers', 'poison', { 0: 5, 1: 2 });
    expect(await seenAfter(0)).toMatchObject({ visible: 13 });
    await client.commit('workers', 'poison', { 1: 3 });
    expect(await seenAfter(4)).toMatchObject({ visible: 12 });
    await client.commit('workers', 'poison', { 1: 4 });
    // Three readings, but not yet ten seconds.
    expect(await seenAfter(8)).toMatchObject({ visible: 11 });
    await client.commit('workers', 'poison', { 1: 5 });
    expect(await seenAfter(12)).toMatchObject({
      visible: 5,
      parallelism: 2,
      notes: [
        'the 5 messages of partition 0 are left out: the group has not moved there for 4 readings and 12 s',
      ],
    });
    // It may be all there is; somebody must stay to get over it.
    await client.commit('workers', 'poison', { 1: 10 });
    expect(await seenAfter(16)).toMatchObject({ visible: 1 });
    await client.commit('workers', 'poison', { 0: 6 });
    const seen = await seenAfter(20);
    expect(seen).toMatchObject({ visible: 4 });
    expect(seen).not.toHaveProperty('notes');
  });
});
