/**
 * The unmodified state machine with the unmodified handlers against the embedded endpoints, every call in reach of a fault, in skipped
 * time. A story starts a stage, sets loads, injects faults, kills and damages, lets time pass, and is left with a recording.
 */
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { keyOf } from '../../lambdas/contract/config.ts';
import type { LeaseStore } from '../../lambdas/store/lease-object.ts';
import { loopDefinition } from '../../local/assets.ts';
import { LOCAL, startEndpoints } from '../../local/endpoints/aws.ts';
import { createMachine, type StartOptions } from '../../local/machine.ts';
import { deploy, PER_TASK } from './deployment.ts';
import { createDisturbances, type Disturbances } from './disturbances.ts';
import type { Fault, Injected } from './fault.ts';
import { STORY_AGENT, startFront } from './front.ts';
import { startFunctions } from './functions.ts';
import { createInjections } from './injections.ts';
import { createInvocations } from './invocations.ts';
import { logInto } from './log-lines.ts';
import { nextExecution } from './next-execution.ts';
import { openQueues } from './queues.ts';
import { createRecorder } from './recorder.ts';
import type { RecordedExecution, Recording } from './recording.ts';
import { keepReviving } from './schedule.ts';
import { createServices } from './services.ts';
import { createSkippingClock, type SkippingClock } from './skipping-clock.ts';
import { openTopic } from './topic.ts';

export interface StageOptions {
  /** How many services, 1 to 3. Default 1. */
  readonly services?: number;
  readonly seed?: number;
  /** Seconds between ticks. */
  readonly interval?: number;
  /** How far the clock of each execution is ahead, in milliseconds; executions count from 1. */
  readonly skewOf?: (delivery: number) => number;
  /** Whether the schedule starts an execution once a minute. Default: it does. */
  readonly reviver?: boolean;
  /** Seconds between scale-ins; each further service has 5 s more. Default 20, which is over before a dead lane is back. */
  readonly cooldown?: number;
  /** Seconds without work and tasks after which the lane may sleep. Default: it never does, and keeps a task of each service. */
  readonly idle?: number;
}

export interface Stage extends Disturbances {
  readonly clock: SkippingClock;
  readonly lane: string;
  /** `cluster/service` of each. */
  readonly keys: readonly string[];
  /** What has been recorded so far; the story's end comes with {@link Stage.stop}. */
  readonly recording: Recording;
  /** The lane's store, past all faults. */
  readonly store: LeaseStore;
  readonly inject: (fault: Fault) => Injected;
  /** Lets that many seconds pass. */
  readonly seconds: (seconds: number) => Promise<void>;
  /** Lets time pass until it holds, at most that long. @returns whether it does */
  readonly until: (holds: () => boolean, seconds: number) => Promise<boolean>;
  /** Sets a backlog; of the first service unless said. */
  readonly load: (messages: number, key?: string) => Promise<void>;
  readonly desired: (key?: string) => number | undefined;
  /** The count that the backlog asks for. */
  readonly right: (key?: string) => number;
  /** Starts an execution, as a person or the schedule would. @returns its id */
  readonly start: (input?: unknown, options?: StartOptions) => string;
  /** The execution that took the lane last, if it still runs. */
  readonly holder: () => string | undefined;
  /** From now on whatever this execution does is void; unless said, the one that holds the lane. */
  readonly kill: (execution?: string) => void;
  /** The process of the handlers dies, and a new one starts. */
  readonly crash: () => void;
  /** Writes a sentence into the recording. */
  readonly note: (what: string) => void;
  readonly stop: () => Promise<Recording>;
}

const BUCKET = 'state';
/** How often a story looks whether what it waits for has come about. */
const LOOK_MS = 500;

export const startStage = async (options: StageOptions = {}): Promise<Stage> => {
  const { services: count = 1, interval = 5, seed = 1 } = options;
  const { config, file, remove } = deploy(count, interval, options.cooldown, options.idle);
  const clock = createSkippingClock(Date.now());
  const recorder = createRecorder(config, clock.now);
  const { recording, note } = recorder;
  const injections = createInjections(clock.now, recording.faults);
  const invocations = createInvocations(clock.now);
  const keys = config.services.map(keyOf);
  const nameOf = (key = keys[0]): string => key?.split('/')[1] ?? '';

  const services = createServices(config, seed, clock, recorder.setDesired);
  const desired = (key = keys[0] ?? ''): number | undefined => services.desired(key);
  const endpoints = await startEndpoints(services.backend);
  const queues = await openQueues(endpoints.directUrl, keys.map(nameOf));
  const targets = Object.entries(endpoints.env).filter(([name]) => name.startsWith('AWS_ENDPOINT_URL'));
  const front = await startFront(Object.fromEntries(targets), {
    clock,
    injections,
    callerOf: (trace) => {
      const one = invocations.by(trace);
      return one?.dead ? 'dead' : one;
    },
    onAccepted: (call, trace, answered) =>
      recorder.accepted(call, trace === undefined ? undefined : invocations.by(trace), answered),
  });
  const { AWS_ENDPOINT_URL: endpoint = '' } = front.env;
  const s3 = new S3Client({ ...LOCAL, endpoint, customUserAgent: STORY_AGENT });
  const store: LeaseStore = { s3, bucket: BUCKET };
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const topic = await openTopic(endpoint, clock, invocations);

  const over = new Set<number>();
  const functions = startFunctions({
    env: {
      ...{ ...process.env, ...endpoints.env, ...front.env, LOG_LEVEL: 'WARN' },
      ...{ PULSESCALE_BUCKET: BUCKET, PULSESCALE_CONFIG_FILE: file },
    },
    log: logInto(note),
    ...{ clock, injections, invocations, recorder },
    isOver: ({ delivery }) => over.has(delivery),
  });

  let startedBy: RecordedExecution['by'] = 'story';
  const startAs = (by: RecordedExecution['by'], begin: () => string): string => {
    startedBy = by;
    const id = begin();
    startedBy = 'story';
    return id;
  };

  const startNext = nextExecution({ clock, injections, isOver: (delivery) => over.has(delivery) });
  const machine = createMachine(loopDefinition(), {
    clock,
    invoke: functions.invoke,
    ...{ publish: topic.publish, topicArn: topic.arn },
    startNext: (begin, doer, input) => startNext(() => startAs('hand-over', begin), doer, input),
    onTrouble: (kind, where, why) => note(`${kind} ${where}: ${why}`),
    onHandOver: () => undefined,
    onStart: ({ execution, delivery, skewMs }) =>
      void recording.executions.push({ execution, delivery, began: clock.now(), by: startedBy, skewMs }),
    onEnd: ({ delivery }, how) => {
      const one = recording.executions.find((each) => each.delivery === delivery);
      over.add(delivery);
      if (one !== undefined) Object.assign(one, { ended: clock.now(), how });
    },
    ...(options.skewOf === undefined ? {} : { skewOf: options.skewOf }),
  });

  const holder = (): string | undefined => {
    const last = recording.acquisitions.findLast(({ acquired }) => acquired);
    return last === undefined || over.has(last.delivery) ? undefined : last.execution;
  };
  const right = (key = keys[0] ?? ''): number => {
    const { min = 0, max = 0 } = recording.services.find((each) => each.key === key) ?? {};
    return Math.min(max, Math.max(min, Math.ceil(queues.backlog(nameOf(key)) / PER_TASK)));
  };
  const stopped = new AbortController();
  const revive = () => void startAs('reviver', () => machine.start({}));
  if (options.reviver !== false) void keepReviving(clock, revive, stopped.signal);

  return {
    ...{ clock, keys, recording, note, desired, right, holder },
    lane: config.loop.name,
    store,
    inject: injections.inject,
    seconds: (seconds) => clock.pass(seconds * 1000),
    until: async (holds, seconds) => {
      const end = clock.now() + seconds * 1000;
      while (!holds() && clock.now() < end) await clock.pass(Math.min(LOOK_MS, end - clock.now()));
      return holds();
    },
    load: async (messages, key = keys[0] ?? '') => {
      await clock.hold(queues.fill(nameOf(key), messages));
      recording.loads.push({ time: clock.now(), key, messages });
    },
    start: (input = {}, start = {}) => startAs('story', () => machine.start(input, start)),
    kill: (execution = holder()) => {
      if (execution === undefined) return;
      note(`execution ${execution} is killed`);
      for (const one of recording.executions) if (one.execution === execution) over.add(one.delivery);
      machine.kill(execution);
    },
    crash: () => {
      note('the process of the handlers dies');
      functions.crash();
    },
    ...createDisturbances(store, services, clock, recorder, keys[0]),
    stop: async () => {
      recording.ended = clock.now();
      for (const key of keys) recording.counts.push({ key, desired: desired(key) ?? 0, right: right(key) });
      stopped.abort();
      await machine.stop();
      clock.stop();
      await functions.stop();
      s3.destroy();
      for (const client of [topic, queues]) client.close();
      await front.close();
      await endpoints.close();
      remove();
      return recording;
    },
  };
};
