/** The stage itself: that its time is skipped, its kills kill, and its recording holds what happened. The faults are in `table.test.ts`. */
import { afterEach, expect, test } from '@jest/globals';
import { type Stage, type StageOptions, startStage } from './stage.ts';

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.stop();
  stage = undefined;
});

const play = async (options: StageOptions = {}): Promise<Stage> => {
  stage = await startStage(options);
  stage.start();
  return stage;
};

const isTicking = (on: Stage) => (): boolean => on.recording.ticks.length > 0;

test('130 s of loop: every tick on the grid, one execution after the other, a scale-out told', async () => {
  const on = await play({ services: 2 });
  const began = performance.now();
  await on.seconds(70);
  await on.load(45, on.keys[1]);
  await on.seconds(60);
  expect(performance.now() - began).toBeLessThan(60_000);
  const { recording } = on;
  expect(recording.ticks.length).toBeGreaterThanOrEqual(25);
  expect(recording.ticks.length).toBeLessThanOrEqual(27);
  expect(new Set(recording.ticks.map(({ execution }) => execution)).size).toBe(3);
  expect(recording.acquisitions.filter(({ acquired }) => acquired).map(({ term }) => term)).toEqual([
    1, 2, 3,
  ]);
  expect(recording.updates).toMatchObject([{ key: 'shop/mails', from: 1, to: 5, answered: true }]);
  expect(recording.updates[0]?.term).toBeGreaterThan(0);
  expect(recording.publications).toMatchObject([{ body: { service: 'mails', to: 5 }, answered: true }]);
  expect(recording.decisions.length).toBe(2 * recording.ticks.length);
  const written = recording.leases.filter(({ key }) => key === 'lanes/main/lease.json');
  expect(written.length).toBeGreaterThanOrEqual(4);
  expect(written.every(({ by, lease }) => by !== 'story' && lease !== undefined)).toBe(true);
  expect(recording.events).toEqual([]);
  expect(on.desired(on.keys[1])).toBe(on.right(on.keys[1]));
}, 60_000);

test('an execution that is killed is over, and the schedule brings the lane back', async () => {
  const on = await play();
  await on.until(isTicking(on), 30);
  const killed = on.holder();
  on.kill();
  expect(on.holder()).toBeUndefined();
  const ticked = on.recording.ticks.length;
  expect(await on.until(() => on.recording.ticks.length > ticked, 120)).toBe(true);
  expect(on.recording.ticks.at(-1)?.execution).not.toBe(killed);
  expect(on.recording.executions[0]).toMatchObject({ how: 'killed', by: 'story' });
}, 60_000);

test('a process that dies takes its calls with it, and the next one goes on', async () => {
  const on = await play();
  await on.until(isTicking(on), 30);
  const { hits, end } = on.inject({
    how: 'none',
    api: 'ecs:UpdateService',
    times: 1,
    before: () => on.crash(),
  });
  await on.load(95);
  expect(await on.until(() => hits() === 1, 30)).toBe(true);
  expect(on.recording.updates).toEqual([]);
  end();
  expect(await on.until(() => on.desired() === 10, 120)).toBe(true);
  expect(on.recording.invocations.find(({ error }) => error !== undefined)).toMatchObject({
    room: 'apply',
    error: 'Runtime.ExitError',
  });
}, 60_000);

test('an answer that is lost was accepted all the same', async () => {
  const on = await play();
  await on.until(isTicking(on), 30);
  const { end } = on.inject({ how: 'lost', api: 'ecs:UpdateService', room: 'apply' });
  await on.load(95);
  expect(await on.until(() => on.desired() === 10, 30)).toBe(true);
  await on.seconds(10);
  end();
  expect(on.recording.updates[0]).toMatchObject({ from: 1, to: 10, answered: false });
  expect(on.recording.faults[0]).toMatchObject({ how: 'lost', api: 'ecs:UpdateService' });
}, 60_000);

test('StartExecution may start two, and the lane is one all the same', async () => {
  const on = await play();
  const { hits } = on.inject({ how: 'twice', api: 'states:StartExecution', times: 1 });
  expect(await on.until(() => hits() === 1, 120)).toBe(true);
  await on.seconds(20);
  const started = on.recording.executions.filter(({ by }) => by === 'hand-over');
  expect(started).toHaveLength(2);
  expect(on.recording.acquisitions.filter(({ term, acquired }) => acquired && term === 2)).toHaveLength(1);
}, 60_000);

test('a function that keeps silent is ended by Lambda, and its tick is lost, no more', async () => {
  const on = await play();
  await on.until(isTicking(on), 30);
  const { hits, end } = on.inject({ how: 'silent', api: 'lambda:collect' });
  expect(await on.until(() => hits() > 0, 30)).toBe(true);
  end();
  const ticked = on.recording.ticks.length;
  expect(await on.until(() => on.recording.ticks.length > ticked, 30)).toBe(true);
  expect(on.recording.events.map(({ what }) => what).join('\n')).toContain('Sandbox.Timedout');
}, 60_000);

test("the lane's object can be looked at, damaged and deleted past all faults", async () => {
  const on = await play();
  await on.until(isTicking(on), 30);
  on.inject({ how: 'deny', api: 's3:PutObject' });
  await on.damage('no lease at all');
  expect(on.recording.leases.at(-1)).toMatchObject({ by: 'story', text: 'no lease at all' });
  expect(on.recording.leases.at(-1)?.lease).toBeUndefined();
  await on.damage();
  expect(on.recording.events.map(({ what }) => what)).toContain("the lane's object is deleted");
}, 60_000);
