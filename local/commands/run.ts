/** `pulsescale run`, which is `npm start`: the loop on this machine, with its views. */

import { sourceSchema } from '../../lambdas/collect/sources/registry.ts';
import type { Config } from '../../lambdas/contract/config.ts';
import { fromEnvironment } from '../../lambdas/contract/dialects/fast-autoscaler.ts';
import { messageOf } from '../../lambdas/contract/errors.ts';
import { parseConfig } from '../../lambdas/contract/parse.ts';
import { loadConfigFile } from '../../lib/config-file.ts';
import { demoConfig } from '../assets.ts';
import { type RunningLoop, startRunner } from '../runner.ts';
import { jsonLines } from '../views/json-lines.ts';
import { type Page, servePage } from '../views/page.ts';
import { terminal } from '../views/terminal.ts';

export interface Burst {
  readonly messages: number;
  /** Seconds after the start. */
  readonly at: number;
}

export interface RunFlags {
  readonly config?: string;
  readonly seconds?: number;
  readonly json?: boolean;
  readonly burst?: readonly Burst[];
  readonly page: boolean;
  readonly port: number;
  readonly startUp: number;
  readonly work: number;
  readonly seed: number;
  readonly aws?: boolean;
}

/** What somebody sees who just types `npm start`. */
const DEMO_BURST: readonly Burst[] = [{ messages: 600, at: 10 }];

/** Long enough for everything to close, short enough for a person at Ctrl-C. */
const STOP_LIMIT_MS = 1500;

const configFrom = (flags: RunFlags): { readonly config: Config; readonly demo: boolean } => {
  if (flags.config !== undefined)
    return { config: loadConfigFile(flags.config, sourceSchema, process.env), demo: false };
  const fromOldSystem = fromEnvironment(process.env);
  if (fromOldSystem !== undefined) {
    return { config: parseConfig(fromOldSystem, sourceSchema, 'the environment'), demo: false };
  }
  if (flags.aws) throw new Error('--aws needs a configuration: --config FILE');
  return { config: loadConfigFile(demoConfig(), sourceSchema, process.env), demo: true };
};

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

export const runCommand = async (flags: RunFlags): Promise<void> => {
  if (flags.aws && flags.burst !== undefined)
    throw new Error('--burst is for the embedded queue, not for --aws');
  const { config, demo } = configFrom(flags);
  const runner = await startRunner({
    config,
    env: process.env,
    aws: flags.aws ?? false,
    demo: { seed: flags.seed, startUpSeconds: flags.startUp, workSeconds: flags.work },
    log: process.stderr,
  });
  const ended = untilAsked(flags.seconds);
  const page = await pageOf(runner, flags);
  if (flags.json) jsonLines(runner, process.stdout);
  const closeView = flags.json ? () => undefined : terminal(runner, process.stderr, page?.url);
  runner.begin();

  const bursts = flags.burst ?? (demo && !flags.json && !flags.aws ? DEMO_BURST : []);
  for (const { messages, at } of bursts) {
    setTimeout(() => {
      runner.actions.burst(messages).catch((error: unknown) => process.stderr.write(`${messageOf(error)}\n`));
    }, at * 1000).unref();
  }

  await ended;
  const limit = setTimeout(() => process.exit(0), STOP_LIMIT_MS);
  await page?.close();
  await runner.stop();
  closeView();
  clearTimeout(limit);
  process.exit(0);
};
