/** What is decided with the equivalents of KEDA and Application Auto Scaling, by the numbers that the originals would have. */
import { expect, test } from '@jest/globals';
import { sourceSchema } from '../../../lambdas/collect/sources/registry.ts';
import { dialects } from '../../../lambdas/contract/dialects/registry.ts';
import { parseConfig } from '../../../lambdas/contract/parse.ts';
import { handler } from '../../../lambdas/decide/handler.ts';
import { readDocuments } from './documents.ts';

const AT = '2026-11-18T09:00:00.000Z';

const serviceIn = (file: string) => {
  const written = { name: file, documents: readDocuments(`test/contract/dialects/${file}`) };
  const dialect = dialects.find(({ recognises }) => recognises(written));
  return parseConfig(dialect?.translate(written, {}).config, sourceSchema).services[0];
};

const decided = async (file: string, desired: number, readings: readonly object[], at = AT) => {
  const sample = {
    service: serviceIn(file),
    readings: readings.map((reading) => ({ known: true, at, ...reading })),
    counts: { desired, running: desired, pending: 0, deploying: false },
  };
  const { decisions } = await handler({ at, lane: 'default', term: 1, samples: [sample], memory: {} });
  return decisions[0]?.to;
};

const queue = (visible: number, inFlight = 0, delayed = 0) => ({ visible, inFlight, delayed });

test.each([
  ['at the threshold of activation nothing starts', 'keda/kafka.yaml', 0, [{ visible: 3 }], 0],
  ['above it what the lag needs starts at once', 'keda/kafka.yaml', 0, [{ visible: 500 }], 10],
  ['ten per cent are tolerated', 'keda/kafka.yaml', 10, [{ visible: 540 }], 10],
  ['idle is 0', 'keda/activemq.yaml', 0, [queue(0)], 0],
  ['and active at least the minReplicaCount', 'keda/activemq.yaml', 0, [queue(1)], 3],
  ['messages in flight count in Jolokia', 'keda/activemq.yaml', 3, [queue(200, 50)], 10],
  ['a window of cron has its replicas', 'keda/cron.yaml', 0, [{ value: 0 }], 4],
  ['a formula composes', 'keda/composed.yaml', 5, [queue(200, 5), queue(50, 10, 40), { value: 50 }], 25],
  ['half of the shards have a task', 'keda/kinesis.yaml', 1, [{ visible: 9, parallelism: 10 }], 5],
  ['the upper step adds more', 'application-auto-scaling/steps.json', 10, [queue(500)], 16],
  ['the lower step adds less', 'application-auto-scaling/steps.json', 10, [queue(100)], 12],
  ['between the alarms it stays', 'application-auto-scaling/steps.json', 10, [queue(50)], 10],
  [
    'the backlog is shared out',
    'application-auto-scaling/metric-math.yaml',
    4,
    [queue(900), { value: 0 }, { value: 0 }],
    18,
  ],
  ['CPU multiplies', 'application-auto-scaling/cpu.yaml', 4, [{ value: 90 }], 6],
  ['scale-in may be disabled', 'application-auto-scaling/cpu.yaml', 4, [{ value: 10 }], 4],
  ['an action sets the least', 'application-auto-scaling/schedule.yaml', 1, [{ value: 10 }, { value: 5 }], 4],
])('%s: %s at %d', async (_, file, desired, readings, to) =>
  expect(await decided(file, desired, readings)).toBe(to),
);

test('outside of its windows cron asks for nothing', async () =>
  expect(await decided('keda/cron.yaml', 0, [{ value: 0 }], '2026-11-22T09:00:00.000Z')).toBe(0));
