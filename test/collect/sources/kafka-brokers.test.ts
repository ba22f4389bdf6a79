/** A cluster of two brokers of which one goes away: what is left is a floor, and never passed off as the whole. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeConnections } from '../../../lambdas/collect/connections.ts';
import { decide } from '../../../lambdas/decide/decide.ts';
import { circumstances, counts, sample, service } from '../../samples.ts';
import { type Kafka, startKafka } from '../../servers/kafka.ts';
import { START_LIMIT_MS } from '../../servers/server.ts';
import { type Options, readAll, readOne, settles } from './behaviour.ts';
import { type KafkaClient, kafkaClient } from './kafka-client.ts';

let server: Kafka;
let client: KafkaClient;
const second = () => {
  if (server.secondBroker === undefined) throw new Error('there is no second broker');
  return server.secondBroker;
};
const reading = (topic: string, more: Options = {}): Options => ({
  type: 'kafka',
  bootstrapServers: server.address.bootstrapServers.slice(0, 1),
  topic,
  consumerGroup: 'workers',
  ...more,
});
const create = (topic: string, ...leaders: readonly number[]) =>
  client.admin.createTopics({
    topics: [
      {
        topic,
        replicaAssignment: leaders.map((leader, partition) => ({ partition, replicas: [leader] })),
      },
    ],
  });

beforeAll(async () => {
  server = await startKafka({ nodes: 2 });
  client = await kafkaClient(server.address.bootstrapServers.slice(0, 1));
  // The log of commits is made with the first group: on the broker that stays.
  await second().stop();
  await create('first', 1);
  await settles(reading('first'), { known: true });
  await second().start();
  await settles(reading('first'), { known: true });
  await create('halves', 1, 2, 2);
  await create('away', 2);
  await settles(reading('halves'), { known: true });
  for (const [partition, messages] of [10, 20, 30].entries())
    await client.send('halves', messages, partition);
  await client.commit('workers', 'halves', { 0: 4, 1: 5, 2: 0 });
}, START_LIMIT_MS);
afterAll(async () => {
  await closeConnections();
  await client?.close();
  await server?.close();
}, 60_000);

const WHOLE = { known: true, visible: 6 + 15 + 30, parallelism: 3 };

describe('a broker of two', () => {
  test('is no better than one while both are there', async () => {
    const seen = await readOne(reading('halves'));
    expect(seen).toMatchObject(WHOLE);
    expect(seen).not.toHaveProperty('atLeast');
  });

  test('that is not there does not matter among the bootstrap servers', async () => {
    const [alive = ''] = server.address.bootstrapServers;
    const options = reading('halves', { bootstrapServers: ['127.0.0.1:1', alive] });
    expect(await readOne(options)).toMatchObject(WHOLE);
  });

  test('goes: the partitions that are left are a floor, which scales out and never in', async () => {
    await second().stop();
    const notes = [
      expect.stringMatching(/^partitions 1, 2 could not be read: no broker leads there, start those/),
    ];
    await settles(reading('halves'), { known: true, visible: 6, parallelism: 3, atLeast: true, notes });
    const readings = [await readOne(reading('halves'))];
    const decided = (desired: number) => {
      const policy = { type: 'target', backlogPerTask: 3 };
      const given = sample({ service: service({ policy }), readings, counts: counts(desired) });
      return decide(given, circumstances()).decision;
    };
    expect(decided(1)).toMatchObject({ to: 2, direction: 'out' });
    expect(decided(3)).toMatchObject({ to: 3, direction: 'hold' });
  }, 60_000);

  test('is the only one that had a topic: unknown, and the other topics are read', async () => {
    const [away, first] = await readAll([reading('away'), reading('first')]);
    expect(away).toMatchObject({
      known: false,
      why: expect.stringMatching(/^topic away: partition 0 could not be read: no broker leads there/),
    });
    expect(first).toMatchObject({ known: true });
  });

  test('comes back: everything counts again', async () => {
    await second().start();
    await settles(reading('halves'), WHOLE);
    const seen = await readOne(reading('halves'));
    expect(seen).not.toHaveProperty('atLeast');
    expect(seen).not.toHaveProperty('notes');
  }, 60_000);

  test('dies without a word: a floor too, before the cluster has noticed', async () => {
    await second().kill();
    expect(await readOne(reading('halves'))).toMatchObject({
      known: true,
      visible: 6,
      atLeast: true,
      notes: [
        expect.stringMatching(/^partitions 1, 2 could not be read: (the leader .* refused|no broker leads)/),
      ],
    });
    await second().start();
    await settles(reading('halves'), WHOLE);
  }, 60_000);
});
