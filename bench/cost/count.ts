/**
 * Counts what a lane uses: the unmodified state machine, the unmodified handlers in a thread of their own and with the log as it is deployed,
 * and the embedded endpoints, which count the calls. An execution is counted from one lease to the next, so that its hand-over and the line with its ticks
 * are in it once.
 *
 * Gotcha: the waits between the ticks are a millisecond, since nothing that is counted depends on how long they are: neither calls nor invocations,
 * and a time has as many digits. So the execution of a minute is counted in a second.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { loopDefinition } from '../../local/assets.ts';
import { DEMO_AGENT, LOCAL, startEndpoints } from '../../local/endpoints/aws.ts';
import { startLambdas } from '../../local/lambdas.ts';
import { changeLane, setPaused } from '../../local/lane.ts';
import { createMachine } from '../../local/machine.ts';
import { createWorld, setDesired } from '../../local/world.ts';
import { configOf, desiredIn, isChanging, type Lane, namesOf, openQueues } from './lane.ts';
import { createTally, together, type Used } from './used.ts';

export interface Counted {
  readonly execution: Used;
  /** A start by the schedule that finds the lane taken. */
  readonly revival: Used;
  /** A start by the schedule that finds the lane paused. */
  readonly paused: Used;
  /** Of an `idle` lane: a start by the schedule that finds it asleep, looks once, and lets it sleep on. */
  readonly asleep?: Used;
  /** The same every nine minutes, when it takes the lane and writes that somebody looks. */
  readonly asleepWritten?: Used;
}

const BUCKET = 'state';

/** What Lambda and the stack set, as far as it decides how much is logged. */
const DEPLOYED = {
  LOG_LEVEL: 'INFO',
  DISABLE_SCALE_IN: 'no',
  _X_AMZN_TRACE_ID: 'Root=1-67400000-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=0',
};

/** Log lines come through a pipe of their own, a moment after the answer. */
const PIPE_MS = 50;

/** Seconds after which a look takes the lane (`lambdas/lease/peek.ts`). */
const WRITTEN_AFTER = 480;

export const countLane = async (lane: Lane): Promise<Counted> => {
  const names = namesOf(lane);
  const tally = createTally();
  let world = createWorld({
    ...{ seed: 1, startUpMs: 0, startUpSigma: 0 },
    services: names.map((service) => ({ cluster: 'shop', service, desired: desiredIn(lane) })),
  });
  const endpoints = await startEndpoints({
    services: () => world.services,
    setDesired: (cluster, service, count) => {
      world = setDesired(world, cluster, service, count);
    },
    count: tally.called,
  });
  const s3 = new S3Client({ ...LOCAL, endpoint: endpoints.directUrl, customUserAgent: DEMO_AGENT });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const queues = await openQueues(endpoints.directUrl, names);
  const folder = mkdtempSync(join(tmpdir(), 'pulsescale-cost-'));
  const file = join(folder, 'pulsescale.json');
  writeFileSync(file, JSON.stringify(configOf(lane, queues.urlOf)));
  const log = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      tally.logged(chunk.toString());
      done();
    },
  });
  const env = { ...process.env, ...endpoints.env, PULSESCALE_BUCKET: BUCKET, PULSESCALE_CONFIG_FILE: file };
  const lambdas = startLambdas({ ...env, ...DEPLOYED }, log);

  let ticks = 0;
  const stir = async (): Promise<void> => {
    ticks += 1;
    if (lane.load !== 'quiet' && lane.load !== 'idle') await queues.stir(ticks);
    if (!isChanging(lane)) return;
    for (const name of names) world = setDesired(world, 'shop', name, desiredIn(lane));
  };
  /** Told what was used until then each time that a lease was asked for. */
  let leased: (used: Used) => void = () => undefined;
  let leases = 0;
  let looking = false;
  let ended: () => void = () => undefined;
  let failed: (error: Error) => void = () => undefined;
  const machine = createMachine(loopDefinition(), {
    invoke: async (room, event) => {
      if (room === 'collect') await stir();
      tally.invoked(room);
      const answer = await lambdas.invoke(room, event);
      if (room !== 'lease') return answer;
      await sleep(PIPE_MS);
      leases += 1;
      leased(tally.take());
      // The third execution is of no interest, and must not go on.
      return leases < 3 || looking ? answer : { ...(answer as object), acquired: false };
    },
    publish: async () => tally.called('sns:Publish'),
    topicArn: 'arn:aws:sns:us-east-1:000000000000:notices',
    onTrouble: (_kind, where, why) => failed(new Error(`${where}: ${why}`)),
    onHandOver: () => undefined,
    onEnd: () => ended(),
    onState: (_name, data) => tally.entered(data),
    pauses: { waitTimeOverrides: { Wait: 1 } },
  });
  const nextLease = (): Promise<Used> =>
    new Promise((resolve, reject) => {
      leased = resolve;
      failed = reject;
    });
  const start = (): Promise<Used> => {
    const used = nextLease();
    machine.start({});
    return used;
  };

  /** Where it takes the lane, it asks for the lease twice: to have it, and to fall asleep again. */
  const look = async (sleptSeconds: number): Promise<Used> => {
    const store = { bucket: BUCKET, s3 };
    const since = Math.round(Date.now() / 1000) - 3600;
    const memory = Object.fromEntries(
      names.map((name) => [`shop/${name}`, { desired: 0, kept: { idle: [since] } }]),
    );
    await changeLane(store, 'default', (lease, now) => ({
      ...{ ...lease, memory, asleep: true },
      expiresAt: new Date(now.getTime() - sleptSeconds * 1000).toISOString(),
      asleepSince: new Date(since * 1000).toISOString(),
    }));
    tally.take();
    looking = true;
    const asked = await start();
    const over = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const again = sleptSeconds > WRITTEN_AFTER ? [await nextLease()] : [];
    await over;
    await sleep(PIPE_MS);
    return [...again, tally.take()].reduce(together, asked);
  };

  try {
    await start();
    await nextLease();
    const execution = await nextLease();
    const revival = await start();
    await setPaused({ bucket: BUCKET, s3 }, 'default', true);
    tally.take();
    const paused = await start();
    if (lane.load !== 'idle') return { execution, revival, paused };
    await setPaused({ bucket: BUCKET, s3 }, 'default', false);
    const asleep = await look(60);
    return { execution, revival, paused, asleep, asleepWritten: await look(WRITTEN_AFTER + 60) };
  } finally {
    await machine.stop();
    await lambdas.stop();
    queues.close();
    s3.destroy();
    await endpoints.close();
    rmSync(folder, { recursive: true, force: true });
  }
};
