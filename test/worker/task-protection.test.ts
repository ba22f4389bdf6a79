/** The helper of a worker against the agent's endpoint of the local runner. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type TaskProtection, TaskProtectionError, taskProtection } from '../../worker/index.ts';
import { type Agent, startAgent } from './agents.ts';

const THROTTLED = [400, { error: { Code: 'ThrottlingException', Message: 'Rate exceeded' } }] as const;
const DENIED = [400, { error: { Code: 'AccessDeniedException', Message: 'not authorized' } }] as const;
const STOPPING = [200, { failure: { Arn: 'a', Reason: 'TASK_NOT_VALID', Detail: null } }] as const;
const BLOCKED = [200, { failure: { Arn: 'a', Reason: 'DEPLOYMENT_BLOCKED', Detail: null } }] as const;

let agent: Agent;
let protection: TaskProtection | undefined;
const troubles: TaskProtectionError[] = [];
const onTrouble = (error: TaskProtectionError) => void troubles.push(error);

beforeEach(async () => {
  agent = await startAgent();
  troubles.length = 0;
});
afterEach(async () => {
  await protection?.close();
  agent.close();
});

const open = (options: Parameters<typeof taskProtection>[0] = {}): TaskProtection => {
  protection = taskProtection({ uri: agent.uri, lingerSeconds: 0, onTrouble, ...options });
  return protection;
};

/** Waits for what comes by a request on loopback; the last look fails the test. */
const eventually = async (look: () => void): Promise<void> => {
  for (let tries = 0; tries < 200; tries += 1) {
    try {
      return look();
    } catch {
      await sleep(20);
    }
  }
  look();
};

describe('work', () => {
  test('begins under protection, gives its answer, and lets go', async () => {
    const { busy } = open({ expiresInMinutes: 7 });
    expect(protection?.protected).toBe(false);
    const answer = await busy(async () => [agent.isOn(), protection?.protected, 'done']);
    expect(answer).toEqual([true, true, 'done']);
    await eventually(() => expect(agent.isOn()).toBe(false));
    expect(agent.puts).toEqual([7, false]);
    await eventually(() => expect(protection?.protected).toBe(false));
  });

  test('that overlaps and nests is protected once, until the last has ended', async () => {
    const { busy } = open();
    const first = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    const both = [busy(() => first.promise), busy(() => busy(() => second.promise))];
    await eventually(() => expect(agent.isOn()).toBe(true));
    first.resolve();
    await both[0];
    await sleep(100);
    expect(agent.isOn()).toBe(true);
    second.resolve();
    await Promise.all(both);
    await eventually(() => expect(agent.puts).toEqual([60, false]));
  });

  test('that throws has its error, and lets go', async () => {
    const { busy } = open();
    await expect(busy(() => Promise.reject(new Error('bad message')))).rejects.toThrow('bad message');
    await eventually(() => expect(agent.puts).toEqual([60, false]));
    expect(troubles).toEqual([]);
  });

  test('of one message after the other asks once, for the linger', async () => {
    const { busy } = open({ lingerSeconds: 600 });
    for (let message = 0; message < 20; message += 1) {
      await busy(() => sleep(2));
      await sleep(2);
    }
    expect(agent.puts).toEqual([60]);
    expect(protection?.protected).toBe(true);
  });

  test('that comes while the release is on its way is protected after it', async () => {
    const { busy } = open();
    await busy(() => undefined);
    await sleep(1);
    for (let message = 0; message < 30; message += 1) expect(await busy(() => agent.isOn())).toBe(true);
    await eventually(() => expect(agent.isOn()).toBe(false));
  });

  test('by hand: each protect needs its release, and one too many does nothing', async () => {
    const { protect, release } = open();
    await Promise.all([protect(), protect()]);
    release();
    await sleep(100);
    expect(agent.isOn()).toBe(true);
    release();
    release();
    await eventually(() => expect(agent.isOn()).toBe(false));
    await protect();
    expect(agent.isOn()).toBe(true);
  });

  test('after close is not protected, and close ends the protection of what still runs', async () => {
    const { busy, protect, close } = open({ lingerSeconds: 60 });
    await protect();
    await close();
    expect(agent.isOn()).toBe(false);
    await busy(() => expect(agent.isOn()).toBe(false));
    expect(agent.puts).toEqual([60, false]);
    await expect(taskProtection({ uri: agent.uri, strict: true }).close()).resolves.toBeUndefined();
  });
});

describe('as time goes by', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }));
  afterEach(() => void jest.useRealTimers());
  const minutes = (count: number) => jest.advanceTimersByTime(count * 60_000);

  test('the protection is renewed at half of its time, for as long as somebody is busy', async () => {
    const { protect, release } = open();
    await protect();
    for (let renewals = 1; renewals <= 3; renewals += 1) {
      minutes(29);
      expect(agent.puts).toHaveLength(renewals);
      minutes(1);
      await eventually(() => expect(agent.puts).toHaveLength(renewals + 1));
      await eventually(() => expect(jest.getTimerCount()).toBe(1));
      expect(protection?.protected).toBe(true);
    }
    release();
    jest.advanceTimersByTime(1);
    await eventually(() => expect(agent.isOn()).toBe(false));
    minutes(240);
    expect(agent.puts).toEqual([60, 60, 60, 60, false]);
  });

  test('a renewal that ECS refuses ends in a task that knows when it is not protected any more', async () => {
    const { protect } = open();
    await protect();
    agent.refuse = BLOCKED;
    minutes(30);
    await eventually(() => expect(troubles).toMatchObject([{ code: 'DEPLOYMENT_BLOCKED' }]));
    expect(protection?.protected).toBe(true);
    minutes(31);
    expect(protection?.protected).toBe(false);
  });

  test('the linger is kept in the first minute, then the first pause releases', async () => {
    const { busy } = open({ lingerSeconds: 10 });
    await busy(() => undefined);
    jest.advanceTimersByTime(9000);
    await busy(() => jest.advanceTimersByTime(51_000));
    jest.advanceTimersByTime(1);
    await eventually(() => expect(agent.puts).toEqual([60, false]));
    await busy(() => undefined);
    jest.advanceTimersByTime(9999);
    await sleep(50);
    expect(agent.puts).toEqual([60, false, 60]);
    jest.advanceTimersByTime(1);
    await eventually(() => expect(agent.puts).toEqual([60, false, 60, false]));
  });
});

describe('an agent that refuses', () => {
  test.each([
    ['throttles', THROTTLED, 'ThrottlingException', true, /Rate exceeded/],
    ['may not', DENIED, 'AccessDeniedException', false, /ecs:UpdateTaskProtection/],
    ['finds a task that stops', STOPPING, 'TASK_NOT_VALID', false, /is being stopped/],
    ['has too many', BLOCKED, 'DEPLOYMENT_BLOCKED', true, /more tasks are protected/],
    ['says something else', [502, '<html>'] as const, 'HTTP 502', true, /without JSON/],
    ['says nothing of use', [200, null] as const, 'HTTP 200', true, /HTTP 200/],
    ['says no', [200, { protection: { ProtectionEnabled: false } }] as const, 'HTTP 200', true, /HTTP 200/],
  ])('and %s: the work is done, the trouble told', async (_, refuse, code, passing, message) => {
    const { busy } = open();
    agent.refuse = refuse;
    expect(await busy(() => 'done')).toBe('done');
    expect(troubles).toMatchObject([{ name: 'TaskProtectionError', code, passing }]);
    expect(troubles[0]?.message).toMatch(message);
    expect(protection?.protected).toBe(false);
  });

  test('is away: the work is done at once from the second message on, and protected when it is back', async () => {
    const { protect } = open();
    agent.refuse = THROTTLED;
    await protect();
    for (let message = 0; message < 50; message += 1) await protect();
    expect(agent.puts).toHaveLength(1);
    agent.refuse = undefined;
    await eventually(() => expect(protection?.protected).toBe(true));
    expect(agent.puts).toEqual([60, 60]);
  });

  test('a release that was refused is repeated', async () => {
    const { protect, release } = open();
    await protect();
    agent.refuse = THROTTLED;
    release();
    await eventually(() => expect(troubles).toHaveLength(1));
    agent.refuse = undefined;
    await eventually(() => expect(agent.isOn()).toBe(false));
    expect(agent.puts).toEqual([60, false, false]);
  });

  test('nobody listens', async () => {
    const { busy } = open({ uri: 'http://127.0.0.1:1/api/a' });
    expect(await busy(() => 'done')).toBe('done');
    expect(troubles).toMatchObject([{ code: 'unreachable', passing: true }]);
  });
});

describe('strict', () => {
  test('begins no work of a task that ECS will not protect', async () => {
    const { busy } = open({ strict: true });
    agent.refuse = STOPPING;
    let begun = false;
    const work = busy(() => {
      begun = true;
    });
    await expect(work).rejects.toBeInstanceOf(TaskProtectionError);
    expect(begun).toBe(false);
    expect(agent.puts).toEqual([60]);
  });

  test('waits for what passes', async () => {
    const { busy } = open({ strict: true });
    agent.refuse = THROTTLED;
    const work = busy(() => agent.isOn());
    await eventually(() => expect(troubles).toHaveLength(1));
    agent.refuse = undefined;
    expect(await work).toBe(true);
    await eventually(() => expect(agent.isOn()).toBe(false));
  });
});

describe('what it is told', () => {
  test.each([
    { expiresInMinutes: 0 },
    { expiresInMinutes: 2881 },
    { expiresInMinutes: Number.NaN },
    { lingerSeconds: -1 },
  ])('is refused out of bounds: %j', (options) =>
    expect(() => taskProtection({ uri: agent.uri, ...options })).toThrow(RangeError),
  );

  test('outside of ECS it does nothing, and the work is done', async () => {
    const { busy, protect, release, close } = taskProtection({ uri: '', strict: true });
    expect(await busy(() => 'done')).toBe('done');
    await protect();
    release();
    await close();
  });
});
