/** A lane that sleeps, on the real machine: it costs one tick a minute, loses nothing, and wakes with all it knew. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { readLease } from '../../lambdas/store/lease-object.ts';
import { setPaused } from '../../local/lane.ts';
import { violationsOf } from './invariants.ts';
import { type Stage, type StageOptions, startStage } from './stage.ts';

const IDLE = 120;
/** A look a minute, and what it takes. */
const LOOK = 65;

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.stop();
  stage = undefined;
});

const play = async (options: StageOptions = {}): Promise<Stage> => {
  stage = await startStage({ idle: IDLE, ...options });
  stage.start();
  return stage;
};

const objectOf = async (on: Stage) => {
  const found = await on.clock.hold(readLease(on.store, on.lane));
  return 'lease' in found ? found.lease : undefined;
};
const sleeps = ({ recording }: Stage): boolean =>
  recording.leases.findLast(({ lease }) => lease !== undefined)?.lease?.asleep === true;
const sleepsWithin = (on: Stage, seconds: number): Promise<boolean> => on.until(() => sleeps(on), seconds);
/** Since that many executions. */
const executionsSince = (on: Stage, before: number) => on.recording.executions.slice(before);
const isRight = (on: Stage) => (): boolean => on.desired() === on.right();

test('a tick a minute while it sleeps; a look or an alarm wakes it, with its cooldowns', async () => {
  const on = await play({ cooldown: 100 });
  await on.load(35);
  expect(await on.until(isRight(on), 30)).toBe(true);
  await on.load(0);
  expect(await on.until(isRight(on), 120)).toBe(true);
  const emptied = on.clock.now();
  expect(await sleepsWithin(on, 200)).toBe(true);
  expect(on.clock.now() - emptied).toBeGreaterThanOrEqual(IDLE * 1000);
  expect(on.clock.now() - emptied).toBeLessThanOrEqual((IDLE + 15) * 1000);

  // Five minutes: every look is one execution with one tick, which writes nothing and hands over to nobody.
  const { executions, ticks } = on.recording;
  const written = on.recording.leases.length;
  const [slept, ticked, memory] = [executions.length, ticks.length, (await objectOf(on))?.memory];
  const since = (await objectOf(on))?.asleepSince;
  await on.seconds(300);
  expect(executionsSince(on, slept).map(({ by }) => by)).toEqual(Array(5).fill('reviver'));
  expect(ticks.length - ticked).toBe(5);
  expect(on.recording.acquisitions.filter(({ revived }) => revived)).toEqual([]);
  expect(on.recording.leases.length).toBe(written);
  const object = await objectOf(on);
  expect(object).toMatchObject({ asleep: true, asleepSince: since, memory });

  // A look finds the burst.
  await on.load(70);
  expect(await on.until(isRight(on), LOOK)).toBe(true);
  expect(on.desired()).toBe(7);
  expect(sleeps(on)).toBe(false);
  const lastIn = object?.memory[on.keys[0] ?? '']?.lastIn?.at;
  expect((await objectOf(on))?.memory[on.keys[0] ?? '']?.lastIn).toMatchObject({ at: lastIn, streak: 0 });

  await on.load(0);
  expect(await on.until(isRight(on), 120)).toBe(true);
  expect(await sleepsWithin(on, 200)).toBe(true);

  // An alarm starts it at once.
  await on.load(20);
  on.start();
  expect(await on.until(isRight(on), 3)).toBe(true);
  const recording = await on.stop();
  stage = undefined;
  expect(recording.publications.map(({ body }) => [body.from, body.to])).toEqual([
    [0, 4],
    [0, 7],
    [0, 2],
  ]);
  expect(violationsOf(recording)).toEqual([]);
}, 60_000);

describe('falling asleep', () => {
  const sleep = {
    api: 'lambda:lease',
    where: ({ act }: { readonly act?: string }) => act === 'sleep',
  } as const;

  test('it dies in the middle of it: revived like any other, and asleep again later', async () => {
    const on = await play();
    const before = ({ execution = '' }) => on.kill(execution);
    const death = on.inject({ ...sleep, how: 'none', times: 1, before });
    expect(await on.until(() => death.hits() === 1, 200)).toBe(true);
    await on.load(30);
    expect(await on.until(isRight(on), 120)).toBe(true);
    expect(on.recording.acquisitions.some(({ revived }) => revived)).toBe(true);
    await on.load(0);
    expect(await sleepsWithin(on, 300)).toBe(true);
    const recording = await on.stop();
    stage = undefined;
    expect(violationsOf(recording)).toEqual([]);
  }, 60_000);

  test('it cannot: it ticks on; nobody hears the answer: it is asked again, and sleeps', async () => {
    const on = await play();
    const refused = on.inject({ ...sleep, how: 'error' });
    expect(await on.until(() => refused.hits() > 0, 200)).toBe(true);
    const ticked = on.recording.ticks.length;
    await on.seconds(60);
    expect(on.recording.ticks.length - ticked).toBeGreaterThanOrEqual(4);
    refused.end();
    const lost = on.inject({ ...sleep, how: 'lost', times: 1 });
    expect(await sleepsWithin(on, 30)).toBe(true);
    await on.seconds(5);
    expect(lost.hits()).toBe(1);
    expect(on.holder()).toBeUndefined();
    const recording = await on.stop();
    stage = undefined;
    expect(violationsOf(recording)).toEqual([]);
  }, 60_000);
});

test('a look that fails hands over to one that takes the lane; one that sees nothing wakes it', async () => {
  const on = await play();
  expect(await sleepsWithin(on, IDLE + 30)).toBe(true);
  const slept = on.recording.executions.length;
  const failing = on.inject({ api: 'lambda:collect', how: 'error', times: 2 });
  expect(await on.until(() => on.recording.acquisitions.at(-1)?.term === 4, LOOK + 30)).toBe(true);
  expect(failing.hits()).toBe(2);
  expect(executionsSince(on, slept).map(({ by }) => by)).toEqual(['reviver', 'hand-over']);
  // It has seen nothing to do and sleeps on.
  expect(await sleepsWithin(on, 15)).toBe(true);
  await on.load(30);
  expect(await on.until(isRight(on), LOOK)).toBe(true);

  await on.load(0);
  expect(await sleepsWithin(on, 300)).toBe(true);
  const blind = on.inject({ how: 'deny', api: 'sqs:GetQueueAttributes' });
  expect(await on.until(() => on.holder() !== undefined, LOOK)).toBe(true);
  blind.end();
  const recording = await on.stop();
  stage = undefined;
  expect(violationsOf(recording)).toEqual([]);
}, 60_000);

test('what cannot be seen keeps it awake, and a pause lasts in its sleep', async () => {
  const on = await play();
  await on.until(() => on.recording.ticks.length > 0, 30);
  const blind = on.inject({ how: 'deny', api: 'sqs:GetQueueAttributes' });
  await on.seconds(IDLE + 30);
  expect(sleeps(on)).toBe(false);
  blind.end();
  const seen = on.clock.now();
  expect(await sleepsWithin(on, IDLE + 30)).toBe(true);
  expect(on.clock.now() - seen).toBeGreaterThanOrEqual((IDLE - 5) * 1000);

  await on.clock.hold(setPaused(on.store, on.lane, true));
  const ticked = on.recording.ticks.length;
  await on.load(50);
  await on.seconds(2 * LOOK);
  expect([on.recording.ticks.length, on.desired()]).toEqual([ticked, 0]);
  await on.clock.hold(setPaused(on.store, on.lane, false));
  expect(await on.until(isRight(on), LOOK)).toBe(true);
  const recording = await on.stop();
  stage = undefined;
  expect(violationsOf(recording)).toEqual([]);
}, 60_000);
