/** What the runner tells of a lane that sleeps, and when it plays the alarm. */
import { beforeEach, expect, test } from '@jest/globals';
import { sourceSchema } from '../../lambdas/collect/sources/registry.ts';
import { parseConfig } from '../../lambdas/contract/parse.ts';
import { createSleepWatch, type SleepWatch } from '../../local/sleep-watch.ts';

const queueUrl = 'https://sqs.us-east-1.amazonaws.com/000000000000/orders';
const common = { cluster: 'shop', tasks: { max: 5 }, idle: { after: '1m' } };
const config = parseConfig(
  {
    services: [
      { ...common, service: 'orders', source: { type: 'sqs', queueUrl } },
      { ...common, service: 'cached', source: { type: 'redis', host: 'cache', queueKey: 'q' } },
    ],
  },
  sourceSchema,
);

let said: string[];
let starts: number;
let watch: SleepWatch;
beforeEach(() => {
  [said, starts] = [[], 0];
  watch = createSleepWatch(
    config,
    (event, message) => said.push(`${event}: ${message}`),
    () => {
      starts += 1;
    },
  );
});

const sleep = (why = 'asleep: there is nothing to do') => watch.see('lease', { act: 'sleep' }, { why });
const world = (backlog: number | null, service = 'orders') =>
  watch.look({ cluster: 'shop', service, backlog });
const asleep = expect.stringMatching(/^asleep: /);

test('it says once that the lane sleeps, and nothing of looks that find nothing', () => {
  watch.say('lease-taken', 'term 1');
  sleep();
  for (const term of [2, 3]) {
    watch.say('lease-taken', `term ${term}`);
    watch.see('decide', {}, { asleep: true });
    sleep();
  }
  expect(said).toEqual(['lease-taken: term 1', asleep]);
});

test('a look that finds something to do wakes it', () => {
  sleep();
  watch.see('decide', {}, { asleep: false });
  watch.say('lease-taken', 'term 2');
  watch.see('decide', {}, { asleep: false });
  expect(said).toEqual([asleep, expect.stringContaining('woken: the look'), 'lease-taken: term 2']);
  expect(starts).toBe(0);
});

test('the first message in a queue starts it at once, and only once', () => {
  world(0);
  sleep();
  world(0);
  expect(starts).toBe(0);
  world(3);
  world(4);
  expect(starts).toBe(1);
  expect(said).toEqual([asleep, expect.stringContaining('woken: a message for shop/orders')]);
  sleep();
  world(5);
  // As with a real alarm: it was on already, and what goes on is no change.
  expect(starts).toBe(1);
  world(0);
  world(1);
  expect(starts).toBe(2);
});

test('no alarm while it ticks, none of a queue that cannot be asked, none where CloudWatch has no metric', () => {
  world(3);
  world(0);
  sleep();
  world(null);
  world(9, 'cached');
  expect(starts).toBe(0);
});

test('a lane that was not ours to put to sleep does not sleep', () => {
  sleep('term 4 of lane default is stale');
  watch.say('lease-taken', 'term 5');
  expect(said).toEqual(['lease-taken: term 5']);
});
