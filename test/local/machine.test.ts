/** What the local machine does as Step Functions and Lambda would, on a clock that skips what nobody does anything in. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createMachine, type StartOptions } from '../../local/machine.ts';
import type { MachineParts } from '../../local/machine-parts.ts';
import { createSkippingClock, type SkippingClock } from '../faults/skipping-clock.ts';

const BEGAN = Date.parse('2027-01-04T09:00:00.000Z');
const folder = mkdtempSync(join(tmpdir(), 'pulsescale-machine-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let clock: SkippingClock;
beforeEach(() => {
  clock = createSkippingClock(BEGAN);
});

const seconds = (): number => Math.round((clock.now() - BEGAN) / 1000);

/** Asks the lease room with all that its state's context tells. */
const asking = (given: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:lambda:us-east-1:000000000000:function:lease',
  Parameters: { 'retry.$': '$$.State.RetryCount', 'at.$': '$$.State.EnteredTime' },
  ResultPath: null,
  TimeoutSeconds: 12,
  End: true,
  ...given,
});

interface Asked {
  readonly retry: number;
  readonly at: string;
}

/** Plays states from `AcquireLease` on until every execution is over; `answer` is the lease room's, told how often it was asked. */
const play = async (
  states: object,
  answer: (nth: number) => unknown,
  parts: Partial<MachineParts> = {},
  options: readonly StartOptions[] = [{}],
) => {
  const file = join(folder, 'machine.asl.json');
  writeFileSync(file, JSON.stringify({ StartAt: 'AcquireLease', States: states }));
  const asked: Asked[] = [];
  const ends: string[] = [];
  const trouble: string[] = [];
  const machine = createMachine(pathToFileURL(file), {
    clock,
    invoke: async (_room, event) => {
      asked.push(event as Asked);
      return answer(asked.length);
    },
    publish: async () => undefined,
    topicArn: 'arn:aws:sns:us-east-1:000000000000:t',
    onTrouble: (_kind, _where, why) => trouble.push(why),
    onHandOver: () => undefined,
    onEnd: (_doer, how) => ends.push(`${how} after ${seconds()} s`),
    ...parts,
  });
  const ids = options.map((each) => machine.start({}, each));
  for (let passed = 0; ends.length < ids.length && passed < 400; passed += 1) await clock.pass(1000);
  clock.stop();
  return { asked, ends, trouble, ids, machine };
};

const named = (name: string): Error => Object.assign(new Error('injected'), { name });
const failing = (name: string) => {
  throw named(name);
};

describe('a task that is tried again', () => {
  const Retry = [{ ErrorEquals: ['StoreError'], IntervalSeconds: 3, MaxAttempts: 2, BackoffRate: 2 }];

  test('is told how often, and when its state was entered, however long it takes', async () => {
    const { asked, ends } = await play({ AcquireLease: asking({ Retry }) }, (nth) =>
      nth < 3 ? failing('StoreError') : {},
    );
    expect(asked.map(({ retry }) => retry)).toEqual([0, 1, 2]);
    expect(new Set(asked.map(({ at }) => at)).size).toBe(1);
    // 3 s and twice that.
    expect(ends).toEqual(['done after 9 s']);
  });

  test('begins anew when its state is entered again', async () => {
    const states = {
      AcquireLease: asking({
        Retry,
        End: undefined,
        Next: 'Wait',
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Wait' }],
      }),
      Wait: { Type: 'Wait', Seconds: 10, Next: 'Over?' },
      'Over?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.over', IsPresent: true, Next: 'Done' }],
        Default: 'AcquireLease',
      },
      Done: { Type: 'Succeed' },
    };
    // Fails for good, then is asked once more and fails again.
    const { asked } = await play(states, (nth) => (nth > 6 ? failing('Over') : failing('StoreError')));
    expect(asked.slice(0, 6).map(({ retry }) => retry)).toEqual([0, 1, 2, 0, 1, 2]);
    const [first, , , second] = asked;
    expect(Date.parse(second?.at ?? '') - Date.parse(first?.at ?? '')).toBeGreaterThanOrEqual(19_000);
  });

  test('is not tried again for another error, and then the execution fails with it', async () => {
    const { asked, ends } = await play({ AcquireLease: asking({ Retry }) }, () => failing('ConfigError'));
    expect(asked).toHaveLength(1);
    expect(ends).toEqual(['failed: ConfigError after 0 s']);
  });
});

describe('time limits', () => {
  const silence = () => new Promise<never>(() => undefined);

  test("a function's own, which Lambda keeps", async () => {
    let ended: AbortSignal | undefined;
    const invoke: MachineParts['invoke'] = (_room, _event, _doer, signal) => {
      ended = signal;
      return silence();
    };
    const { ends } = await play({ AcquireLease: asking() }, silence, { invoke });
    expect(ends).toEqual(['failed: Sandbox.Timedout after 10 s']);
    expect(ended?.aborted).toBe(true);
  });

  test("a state's, which does not end the function", async () => {
    let ended: AbortSignal | undefined;
    const invoke: MachineParts['invoke'] = (_room, _event, _doer, signal) => {
      ended = signal;
      return silence();
    };
    const { ends } = await play({ AcquireLease: asking({ TimeoutSeconds: 4 }) }, silence, { invoke });
    expect(ends).toEqual(['failed: States.Timeout after 4 s']);
    expect(ended?.aborted).toBe(false);
  });

  test("an execution's, whatever it does", async () => {
    const states = {
      AcquireLease: asking({ End: undefined, Next: 'Wait' }),
      Wait: { Type: 'Wait', Seconds: 7, Next: 'Over?' },
      'Over?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.over', IsPresent: true, Next: 'Done' }],
        Default: 'AcquireLease',
      },
      Done: { Type: 'Succeed' },
    };
    const { ends, trouble, asked } = await play(states, () => ({}));
    expect(ends).toEqual(['timed-out after 300 s']);
    expect(trouble).toEqual(['States.Timeout: longer than 300 s']);
    expect(asked).toHaveLength(43);
  });
});

test('more than 256 KiB end an execution, and no Catch helps', async () => {
  const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Done' }];
  const states = { AcquireLease: asking({ Catch, ResultPath: '$' }), Done: { Type: 'Succeed' } };
  const answer = (length: number) => () => ({ text: 'x'.repeat(length) });
  expect((await play(states, answer(256 * 1024 - 20))).ends).toEqual(['done after 0 s']);
  clock = createSkippingClock(BEGAN);
  const { ends } = await play(states, answer(256 * 1024));
  expect(ends).toEqual(['failed: States.DataLimitExceeded after 0 s']);
});

test('an execution whose clock is ahead says so, and waits by it', async () => {
  const states = {
    AcquireLease: asking({ End: undefined, Next: 'Wait' }),
    Wait: { Type: 'Wait', Timestamp: '2027-01-04T09:00:50Z', End: true },
  };
  const { asked, ends } = await play(states, () => ({}), { skewOf: () => 30_000 });
  expect(Date.parse(asked[0]?.at ?? '') - BEGAN).toBeGreaterThanOrEqual(30_000);
  expect(ends).toEqual(['done after 20 s']);
});

test('the same execution delivered twice has one id, and each delivery a number', async () => {
  const doers: string[] = [];
  const onStart: MachineParts['onStart'] = ({ execution, delivery }) =>
    doers.push(`${execution} ${delivery}`);
  const { ends } = await play({ AcquireLease: asking() }, () => ({}), { onStart }, [
    { execution: 'e' },
    { execution: 'e' },
  ]);
  expect(doers).toEqual(['e 1', 'e 2']);
  expect(ends).toHaveLength(2);
});

test('whatever a killed execution still does is void', async () => {
  const states = {
    AcquireLease: asking({ End: undefined, Next: 'Collect', Retry: [{ ErrorEquals: ['States.ALL'] }] }),
    Collect: asking(),
  };
  const rooms: string[] = [];
  let answerIt: (answer: object) => void = () => undefined;
  const invoke: MachineParts['invoke'] = (room) => {
    rooms.push(room);
    return new Promise((resolve) => {
      answerIt = resolve;
    });
  };
  const file = join(folder, 'killed.asl.json');
  writeFileSync(file, JSON.stringify({ StartAt: 'AcquireLease', States: states }));
  const ends: string[] = [];
  const machine = createMachine(pathToFileURL(file), {
    ...{ clock, invoke, topicArn: 'arn:aws:sns:us-east-1:000000000000:t' },
    ...{ publish: async () => undefined, onTrouble: () => undefined, onHandOver: () => undefined },
    onEnd: (_doer, how) => ends.push(how),
  });
  const execution = machine.start({});
  await clock.pass(2000);
  machine.kill(execution);
  answerIt({});
  await clock.pass(5000);
  clock.stop();
  expect(ends).toEqual(['killed']);
  expect(rooms).toEqual(['lease']);
});

describe('the next execution', () => {
  const states = {
    AcquireLease: {
      Type: 'Task',
      Resource: 'arn:aws:lambda:us-east-1:000000000000:function:lease',
      ResultPath: '$.answer',
      Next: 'Enough?',
    },
    'Enough?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.term', IsPresent: true, Next: 'Done' }],
      Default: 'HandOver',
    },
    HandOver: {
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution',
      Parameters: { Input: { term: 1 } },
      TimeoutSeconds: 5,
      Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 1 }],
      Next: 'Done',
    },
    Done: { Type: 'Succeed' },
  };

  test('is started as it says', async () => {
    const started: string[] = [];
    const onStart: MachineParts['onStart'] = ({ execution }) => started.push(execution);
    await play(states, () => ({}), { onStart });
    expect(new Set(started).size).toBe(2);
  });

  test('may not be startable, or its start may not be answered', async () => {
    const inputs: unknown[] = [];
    const startNext: MachineParts['startNext'] = async (_begin, _doer, input) => {
      inputs.push(input);
      throw named('StepFunctions.AccessDeniedException');
    };
    const { ends } = await play(states, () => ({}), { startNext });
    expect(ends).toEqual(['failed: StepFunctions.AccessDeniedException after 1 s']);
    expect(inputs).toEqual([{ term: 1 }, { term: 1 }]);
    clock = createSkippingClock(BEGAN);
    const silent = await play(states, () => ({}), { startNext: () => new Promise(() => undefined) });
    expect(silent.ends).toEqual(['failed: States.Timeout after 11 s']);
  });
});
