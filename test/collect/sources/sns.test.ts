import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeConnections } from '../../../lambdas/collect/connections.ts';
import { sourceSchema } from '../../../lambdas/collect/sources/registry.ts';
import { parseSource } from '../../../lambdas/contract/parse.ts';
import { sourcePermissions } from '../../../lib/permissions.ts';
import type { MetricStore } from '../../../local/endpoints/cloudwatch.ts';
import { problemsOf } from '../../contract/problems-of.ts';
import { startCloudWatch, type TestCloudWatch } from '../../endpoints/cloudwatch.ts';
import { AT, later } from '../../samples.ts';
import { behavesAsASource, readAll, type Subject } from './behaviour.ts';

/** Publishes to topics, and reports it as SNS does: for the five seconds in which it happens and the hour after. */
const start = async (): Promise<Subject> => {
  const { endpoint, store } = await startCloudWatch();
  const published = new Map<string, number>();
  const publish = (topic: string, messages: number): void => {
    const more = messages - (published.get(topic) ?? 0);
    published.set(topic, messages);
    for (let seconds = -5; seconds < 7200; seconds += 5)
      store.put(
        'AWS/SNS',
        'NumberOfMessagesPublished',
        { TopicName: topic },
        Date.parse(later(seconds)),
        more,
      );
  };
  return {
    options: (topicName) => ({ type: 'sns', topicName, period: '5s' }),
    create: async (topic) => publish(topic, 0),
    send: async (topic, messages) => publish(topic, messages),
    server: { stop: endpoint.stop, start: endpoint.start },
    close: endpoint.stop,
  };
};

behavesAsASource({
  name: 'sns',
  start,
  at: (options, host, port) => {
    process.env['AWS_ENDPOINT_URL_CLOUDWATCH'] = `http://${host}:${port}`;
    return { ...options, region: 'eu-west-1' };
  },
  missing: /no data point of AWS\/SNS NumberOfMessagesPublished of nowhere .*check the name of the topic/,
  expected: (waiting) => ({ value: waiting, arrivalsPerSecond: waiting / 5 }),
  oddNames: ['orders_new', 'orders.fifo'],
  pooled: true,
  without: { inFlight: 'a rate', password: 'AWS credentials', tls: "the SDK's own" },
});

describe('sns besides', () => {
  const ARN = 'arn:aws:sns:eu-central-1:123456789012:orders';
  let cloudWatch: TestCloudWatch<MetricStore>;
  beforeAll(async () => {
    cloudWatch = await startCloudWatch();
  });
  afterAll(async () => {
    await closeConnections();
    await cloudWatch.endpoint.stop();
  });

  test('messages of the last minute that is over and in, by the ARN, in its region; it says that this is a rate', async () => {
    for (const seconds of [-90, -61, -59])
      cloudWatch.store.put(
        'AWS/SNS',
        'NumberOfMessagesPublished',
        { TopicName: 'orders' },
        Date.parse(later(seconds)),
        30,
      );
    expect(await readAll([{ type: 'sns', topicArn: ARN }], AT)).toEqual([
      {
        known: true,
        value: 60,
        arrivalsPerSecond: 1,
        notes: ['messages published in 60 s: a rate, a topic has no backlog'],
        at: AT,
      },
    ]);
  });

  test('an idle topic is unknown, and 0 where emptyIs says so', async () => {
    const topic = { type: 'sns', topicName: 'idle' };
    const [unknown, zero] = await readAll([topic, { ...topic, emptyIs: 0 }], AT);
    expect(unknown).toMatchObject({ known: false, why: expect.stringContaining('emptyIs: 0') });
    expect(zero).toMatchObject({
      known: true,
      value: 0,
      arrivalsPerSecond: 0,
      notes: { 1: expect.any(String) },
    });
  });

  test('needs GetMetricData and no more', () => {
    const owner = { cluster: 'shop', service: 'worker' };
    expect(sourcePermissions({ type: 'sns', topicArn: ARN }, owner, 'source')).toEqual([
      { actions: ['cloudwatch:GetMetricData'], resources: ['*'], reason: expect.any(String) },
    ]);
  });

  test.each([
    [{}, /topicArn: give either topicArn or topicName/],
    [{ topicArn: ARN, topicName: 'orders' }, /topicArn: give either topicArn or topicName/],
    [{ topicArn: 'orders' }, /expected the ARN of a topic/],
    [{ topicName: 'or ders' }, /expected the name of a topic/],
  ])('%j is refused', (given, why) => {
    const problems = problemsOf(() => parseSource({ type: 'sns', ...given }, sourceSchema, 'source'));
    expect(problems.join('\n')).toMatch(why);
  });
});
