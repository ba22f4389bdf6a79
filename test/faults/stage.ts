/**
 * The unmodified state machine with the unmodified handlers against the embedded endpoints, every call in reach of a fault, in skipped
 * time. A story starts a stage, sets loads, injects faults, kills and damages, lets time pass, and is left with a recording.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { anySource, configSchema, keyOf } from '../../lambdas/contract/config.ts';
import { type LeaseStore, leaseKey } from '../../lambdas/store/lease-object.ts';
import { loopDefinition } from '../../local/assets.ts';
import { failure } from '../../local/clock.ts';
import { LOCAL, startEndpoints } from '../../local/endpoints/aws.ts';
import { createMachine, type Doer, type StartOptions } from '../../local/machine.ts';
import { advance, createWorld, findService, setDesired, type World } from '../../local/world.ts';
import type { Call, Fault, Injected } from './fault.ts';
import { STORY_AGENT, startFront } from './front.ts';
import { startFunctions } from './functions.ts';
import { createInjections } from './injections.ts';
import { createInvocations } from './invocations.ts';
import { openQueues, queueUrlOf } from './queues.ts';
import { createRecorder } from './recorder.ts';
import type { RecordedExecution, Recording } from './recording.ts';
import { errorNameOf } from './refusal.ts';
import { createSkippingClock, type SkippingClock } from './skipping-clock.ts';

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
}

export interface Stage {
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
  /** Puts a text in place of the lane's object; without one, deletes it. */
  readonly damage: (text?: string) => Promise<void>;
  /** Somebody else deletes a service, makes it again, or sets its count. */
  readonly removeService: (key?: string) => void;
  readonly addService: (desired: number, key?: string) => void;
  readonly setDesired: (desired: number, key?: string) => void;
  /** Writes a sentence into the recording. */
  readonly note: (what: string) => void;
  readonly stop: () => Promise<Recording>;
}

const BUCKET = 'state';
const CLUSTER = 'shop';
const NAMES = ['orders', 'mails', 'images'];
const PER_TASK = 10;
const REVIVER_SECONDS = 60;
/** How often a story looks whether what it waits for has come about. */
const LOOK_MS = 500;

const configOf = ({ services = 1, interval = 5 }: StageOptions) => ({
  loop: { name: 'main', interval },
  services: NAMES.slice(0, services).map((service, nth) => ({
    cluster: CLUSTER,
    service,
    tasks: { min: 1, max: 20 },
    source: { type: 'sqs', queueUrl: queueUrlOf(service) },
    policy: { type: 'target', backlogPerTask: PER_TASK },
    cooldown: { in: 20 + 5 * nth },
  })),
});

/** Log lines at WARN or worse become events. */
const logInto = (note: (what: string) => void): Writable =>
  new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      for (const line of chunk.toString().split('\n')) {
        const [, level] = /"level":"(WARN|ERROR|CRITICAL)"/.exec(line) ?? [];
        if (level !== undefined) note(line.slice(0, 500));
      }
      done();
    },
  });

export const startStage = async (options: StageOptions = {}): Promise<Stage> => {
  const given = configOf(options);
  const config = configSchema(anySource).parse(given);
  const clock = createSkippingClock(Date.now());
  const recorder = createRecorder(config, clock.now);
  const { recording, note } = recorder;
  const injections = createInjections(clock.now, recording.faults);
  const invocations = createInvocations(clock.now);
  const keys = config.services.map(keyOf);
  const nameOf = (key = keys[0]): string => key?.split('/')[1] ?? '';

  let world: World = createWorld({
    ...{ seed: options.seed ?? 1, startUpMs: 8000, startUpSigma: 0.04 },
    services: config.services.map(({ cluster, service, tasks }) => ({
      cluster,
      service,
      desired: tasks.min,
    })),
  });
  const began = clock.now();
  const now = (): World => {
    world = advance(world, Math.max(0, clock.now() - began - world.now));
    return world;
  };
  const set = (key: string, desired: number): void => {
    world = setDesired(now(), CLUSTER, nameOf(key), desired);
  };
  const desired = (key?: string): number | undefined => findService(now(), CLUSTER, nameOf(key))?.desired;

  const endpoints = await startEndpoints({
    services: () => now().services,
    setDesired: (cluster, service, to) => {
      const key = keyOf({ cluster, service });
      recorder.setDesired(key, desired(key) ?? 0, to);
      set(key, to);
    },
    count: () => undefined,
  });
  const direct = { ...LOCAL, endpoint: endpoints.directUrl };
  const queues = await openQueues(
    endpoints.directUrl,
    config.services.map(({ service }) => service),
  );
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
  const behind = { ...LOCAL, endpoint: front.env.AWS_ENDPOINT_URL ?? '' };
  const s3 = new S3Client({ ...behind, customUserAgent: STORY_AGENT });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const topics = new SNSClient(direct);
  const { TopicArn = '' } = await topics.send(new CreateTopicCommand({ Name: 'notices' }));
  const sns = new SNSClient({ ...behind, maxAttempts: 1 });

  const folder = mkdtempSync(join(tmpdir(), 'pulsescale-stage-'));
  const file = join(folder, 'pulsescale.json');
  writeFileSync(file, JSON.stringify(given));
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

  /** StartExecution, or what has become of it. */
  const startNext = async (begin: () => string, { execution, delivery }: Doer, input: unknown) => {
    const call: Call = {
      ...{ api: 'states:StartExecution', execution, delivery, path: '' },
      body: JSON.stringify(input),
    };
    const fault = injections.meet(call) ?? { how: 'none' };
    const { how, lateSeconds = 8 } = fault;
    const next = (): string => startAs('hand-over', begin);
    const never = new Promise<never>(() => undefined);
    await fault.before?.(call);
    if (over.has(delivery)) return never;
    if (how === 'refuse' || how === 'error' || how === 'throttle' || how === 'deny')
      throw failure(errorNameOf(call.api, how), 'injected');
    if (how === 'silent') return never;
    if (how === 'garbage') return '';
    if (how === 'late') {
      void clock.sleep(lateSeconds * 1000).then(next);
      return never;
    }
    const id = next();
    if (how === 'twice') next();
    await fault.after?.(call);
    if (how === 'mute') return never;
    if (how === 'lost') throw failure(errorNameOf(call.api, how), 'injected');
    return id;
  };

  const machine = createMachine(loopDefinition(), {
    clock,
    invoke: functions.invoke,
    publish: (publication, doer, ended) => {
      const call = invocations.open(doer, undefined, undefined);
      const { trace } = call;
      // Whatever is answered after that reaches nobody.
      ended.addEventListener('abort', () => {
        call.dead = true;
      });
      const command = new PublishCommand(publication);
      command.middlewareStack.add(
        (go) => (args) => {
          (args.request as { readonly headers: Record<string, string> }).headers['x-amzn-trace-id'] = trace;
          return go(args);
        },
        { step: 'build' },
      );
      // Step Functions makes nothing of an answer that is none; this SDK takes a page of HTML for one without an id.
      const sent = sns.send(command, { abortSignal: ended }).then((answer) => {
        if (answer.MessageId === undefined) throw failure('SNS.SdkClientException', 'no answer of SNS');
        return answer;
      });
      return clock.hold(sent, ended);
    },
    topicArn: TopicArn,
    startNext,
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
  const revive = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(REVIVER_SECONDS * 1000, stopped.signal);
      if (stopped.signal.aborted) return;
      startAs('reviver', () => machine.start({}));
    }
  };
  if (options.reviver !== false) void revive();

  return {
    ...{ clock, keys, recording, note, desired, right, holder },
    lane: config.loop.name,
    store: { s3, bucket: BUCKET },
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
    damage: async (text) => {
      note(text === undefined ? "the lane's object is deleted" : "the lane's object is overwritten");
      const object = { Bucket: BUCKET, Key: leaseKey(config.loop.name) };
      if (text === undefined)
        recording.leases.push({ time: clock.now(), key: object.Key, text: '', by: 'story' });
      await clock.hold(
        text === undefined
          ? s3.send(new DeleteObjectCommand(object))
          : s3.send(new PutObjectCommand({ ...object, Body: text })),
      );
    },
    removeService: (key) => {
      note(`service ${nameOf(key)} is deleted`);
      world = { ...now(), services: world.services.filter(({ service }) => service !== nameOf(key)) };
    },
    addService: (count, key = keys[0] ?? '') => {
      note(`service ${nameOf(key)} is made with ${count} tasks`);
      const made = { cluster: CLUSTER, service: nameOf(key), desired: 0, tasks: [] };
      world = { ...now(), services: [...world.services, made] };
      set(key, count);
    },
    setDesired: (count, key = keys[0] ?? '') => {
      note(`somebody sets ${nameOf(key)} to ${count}`);
      set(key, count);
    },
    stop: async () => {
      recording.ended = clock.now();
      for (const key of keys) recording.counts.push({ key, desired: desired(key) ?? 0, right: right(key) });
      stopped.abort();
      await machine.stop();
      clock.stop();
      await functions.stop();
      for (const client of [s3, sns, topics, queues]) 'destroy' in client ? client.destroy() : client.close();
      await front.close();
      await endpoints.close();
      rmSync(folder, { recursive: true, force: true });
      return recording;
    },
  };
};
