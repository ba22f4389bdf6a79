/** `pulsescale run`, which is `npm start`: the loop on this machine, with its views. */

import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../lambdas/contract/errors.ts';
import { type RunningLoop, startRunner } from '../runner.ts';
import { jsonLines } from '../views/json-lines.ts';
import { type Page, servePage } from '../views/page.ts';
import { terminal } from '../views/terminal.ts';
import { settingOf } from './setting.ts';

export interface Burst {
  readonly messages: number;
  /** `all`, or a service; unset: the first. */
  readonly to?: string;
  /** Seconds after the start. */
  readonly at: number;
}

export interface Outage {
  readonly seconds: number;
  /** Seconds after the start. */
  readonly at: number;
}

export interface RunFlags {
  readonly config?: string;
  readonly queue?: readonly string[];
  readonly seconds?: number;
  /** Seconds from tick to tick, in place of `loop.interval`. */
  readonly interval?: number;
  readonly json?: boolean;
  readonly burst?: readonly Burst[];
  readonly stopQueue?: readonly Outage[];
  readonly page: boolean;
  readonly port: number;
  readonly startUp: number;
  readonly work: number;
  readonly stopTimeout: number;
  readonly protect?: boolean;
  readonly seed: number;
  readonly aws?: boolean;
}

/** What somebody sees who just types `npm start`, or gives a configuration and nothing else: each service in its turn. */
const demoBursts = (queues: readonly string[], workSeconds: number): readonly Burst[] => {
  // Ten minutes of work at first sight, five where several share the screen.
  const worth = (seconds: number): number =>
    Math.min(seconds, Math.max(6, Math.round(seconds / workSeconds)));
  if (queues.length === 1) return [{ messages: worth(600), at: 10 }];
  return queues.map((to, nth) => ({ messages: worth(300), at: 10 + 6 * nth, to }));
};

/** Long enough for everything to close, short enough for a person at Ctrl-C. */
const STOP_LIMIT_MS = 1500;

/** A broker takes longer; it goes on ending itself when this is over. */
const SERVER_STOP_LIMIT_MS = 8000;

const pageOf = async (runner: RunningLoop, flags: RunFlags): Promise<Page | undefined> => {
  if (flags.json || !flags.page) return undefined;
  const page = await servePage(runner, { port: flags.port });
  if (page.moved) process.stderr.write(`port ${flags.port} is taken, the page is at ${page.url}\n`);
  return page;
};

/** Resolves at Ctrl-C, at SIGTERM, after the given seconds, or when the reader of stdout has gone. */
const untilAsked = (seconds: number | undefined): Promise<void> =>
  new Promise((resolve) => {
    const done = () => resolve();
    process.once('SIGINT', done);
    process.once('SIGTERM', done);
    process.stdout.once('error', done);
    if (seconds !== undefined) setTimeout(done, seconds * 1000);
  });

const refuseWithAws = ({ aws, burst, stopQueue, queue }: RunFlags): void => {
  if (!aws) return;
  const embedded = { '--burst': burst, '--stop-queue': stopQueue, '--queue': queue };
  const [name] = Object.entries(embedded).find(([, value]) => value !== undefined) ?? [];
  if (name !== undefined) throw new Error(`${name} is for a queue on this machine, not for --aws`);
};

const complain = (error: unknown): void => {
  process.stderr.write(`${messageOf(error)}\n`);
};

const later = (atSeconds: number, act: () => Promise<void>): void => {
  setTimeout(() => act().catch(complain), atSeconds * 1000).unref();
};

export const runCommand = async (flags: RunFlags): Promise<void> => {
  refuseWithAws(flags);
  const { config: given, demo, env, servers } = await settingOf(flags, process.env, process.stderr);
  const { interval = given.loop.interval } = flags;
  const config = { ...given, loop: { ...given.loop, interval } };
  if (flags.stopQueue !== undefined) servers?.refuseForeign();
  const runner = await startRunner({
    config,
    env,
    aws: flags.aws ?? false,
    demo: {
      ...{ seed: flags.seed, startUpSeconds: flags.startUp, workSeconds: flags.work },
      ...{ stopTimeoutSeconds: flags.stopTimeout, protect: flags.protect, servers },
    },
    log: process.stderr,
  });
  const ended = untilAsked(flags.seconds);
  const page = await pageOf(runner, flags);
  if (flags.json) jsonLines(runner, process.stdout);
  const closeView = flags.json ? () => undefined : terminal(runner, process.stderr, page?.url);
  runner.begin();

  const { burst, stopQueue, startQueue } = runner.actions;
  // Nobody else's queue is filled unasked.
  const isOurs = demo || !servers?.outliveUs;
  const bursts = flags.burst ?? (isOurs && !flags.json ? demoBursts(runner.queues, flags.work) : []);
  for (const { messages, at, to } of bursts) later(at, () => burst(messages, to));
  for (const { seconds, at } of flags.stopQueue ?? []) {
    later(at, async () => {
      await stopQueue();
      await sleep(seconds * 1000, undefined, { ref: false });
      await startQueue();
    });
  }

  await ended;
  const limit = setTimeout(
    () => process.exit(0),
    servers === undefined ? STOP_LIMIT_MS : SERVER_STOP_LIMIT_MS,
  );
  await page?.close();
  await runner.stop();
  await servers?.close();
  closeView();
  clearTimeout(limit);
  process.exit(0);
};
