/**
 * The main job on one machine: the unmodified state machine with the unmodified handlers, started, revived and watched as
 * AWS would, and everything that happens told to whoever subscribes.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../lambdas/contract/config.ts';
import { messageOf } from '../lambdas/contract/errors.ts';
import { substitute } from '../lambdas/contract/substitute.ts';
import { loopDefinition } from './assets.ts';
import { type EmbeddedOptions, startEmbedded } from './embedded.ts';
import type { LoopEvent, Runner, RunnerEvent } from './events.ts';
import { startLambdas } from './lambdas.ts';
import { setPaused } from './lane.ts';
import { createMachine } from './machine.ts';
import { useAws } from './real-aws.ts';
import { createSleepWatch } from './sleep-watch.ts';
import { createWitness } from './witness.ts';

export interface RunnerOptions {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  /** Use AWS itself in place of the embedded endpoints. */
  readonly aws: boolean;
  readonly demo: Pick<
    EmbeddedOptions,
    'seed' | 'startUpSeconds' | 'workSeconds' | 'stopTimeoutSeconds' | 'protect' | 'servers'
  >;
  /** Where the handlers' log lines go. */
  readonly log: NodeJS.WritableStream;
}

export interface RunningLoop extends Runner {
  /** How often the loop has called each API so far. */
  readonly calls: ReadonlyMap<string, number>;
  /** Starts the first execution, as a person would from the console: with an empty input. */
  readonly begin: () => void;
  readonly stop: () => Promise<void>;
}

/** EventBridge's shortest schedule. */
const REVIVER_MS = 60_000;

/** With the variables of these names replaced; one that is not set leaves them as written. */
const withNames = <T extends object>(each: T, names: object, env: NodeJS.ProcessEnv): T => {
  try {
    return { ...each, ...substitute(names, env) };
  } catch {
    return each;
  }
};

/** With the names as they are in AWS; a variable that is not set leaves its name as written, and the loop says so. */
const resolved = (config: Config, env: NodeJS.ProcessEnv): Config => ({
  ...config,
  services: config.services.map((each) =>
    withNames(each, { cluster: each.cluster, service: each.service }, env),
  ),
  ...(config.clusters && {
    clusters: config.clusters.map(({ cluster, capacity, ...rest }) =>
      withNames({ cluster, capacity, ...rest }, { cluster, capacity }, env),
    ),
  }),
});

/** What the handlers find beside them, as in AWS they find it in a layer. */
const deploy = (config: Config): { readonly file: string; readonly remove: () => void } => {
  const folder = mkdtempSync(join(tmpdir(), 'pulsescale-'));
  const file = join(folder, 'pulsescale.json');
  writeFileSync(file, JSON.stringify(config));
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

export const startRunner = async (options: RunnerOptions): Promise<RunningLoop> => {
  const { env } = options;
  const config = resolved(options.config, env);
  const began = Date.now();
  const seconds = (): number => Math.round((Date.now() - began) / 100) / 10;
  const listeners = new Set<(event: RunnerEvent) => void>();
  const tell = (event: RunnerEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const say = (event: LoopEvent['event'], message: string, service?: string): void => {
    const at = new Date().toISOString();
    tell({ kind: 'event', at, t: seconds(), event, message, ...(service === undefined ? {} : { service }) });
  };

  const sleepWatch = createSleepWatch(config, say, () => void machine.start({}));
  const surroundings = options.aws
    ? useAws(env)
    : await startEmbedded({
        ...options.demo,
        config,
        env,
        onNotice: (subject, body) => tell({ kind: 'notice', subject, ...body }),
        say,
        onWorld: (world) => {
          tell({ kind: 'world', t: seconds(), ...world });
          sleepWatch.look(world);
        },
        onHosts: (hosts) => tell({ kind: 'hosts', t: seconds(), ...hosts }),
      });
  const deployed = deploy(options.config);
  const lambdas = startLambdas(
    { LOG_LEVEL: 'SILENT', ...env, ...surroundings.env, PULSESCALE_CONFIG_FILE: deployed.file },
    options.log,
  );

  const witness = createWitness({ tell, say: sleepWatch.say, seconds, showsWorld: options.aws });
  const machine = createMachine(loopDefinition(), {
    invoke: async (room, event) => {
      const result = await lambdas.invoke(room, event);
      sleepWatch.see(room, event, result);
      witness.see(room, event, result);
      return result;
    },
    publish: surroundings.publish,
    topicArn: surroundings.topicArn,
    onTrouble: (kind, where, why) => say(kind, `${where}: ${why}`),
    onHandOver: (term) => say('hand-over', `term ${term} hands over to the next execution`),
  });
  const reviver = setInterval(() => witness.expectStandBy(machine.start({})), REVIVER_MS);
  const lane = config.loop.name;
  let stopped: Promise<void> | undefined;

  const stop = async (): Promise<void> => {
    clearInterval(reviver);
    await machine.stop();
    // So that whoever comes next need not wait until the lease expires.
    const execution = witness.holder();
    const leave = { act: 'release', lane, execution, at: new Date().toISOString() };
    if (execution !== undefined) await lambdas.invoke('lease', leave).catch(() => undefined);
    await lambdas.stop();
    await surroundings.stop();
    deployed.remove();
    say('stopped', 'the loop has stopped');
  };

  return {
    services: config.services.map(({ cluster, service, tasks }) => ({ cluster, service, ...tasks })),
    interval: config.loop.interval,
    lane,
    addresses: surroundings.addresses,
    queues: surroundings.queues,
    calls: surroundings.calls,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    begin: () => {
      say('started', `lane ${lane}, a tick every ${config.loop.interval} s`);
      machine.start({});
    },
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
    actions: {
      burst: async (messages, to) => {
        const service = surroundings.queues.find((key) => key === to || key.endsWith(`/${to}`));
        say('burst', `${messages} messages${to === undefined ? '' : ` to ${to}`}`, service);
        await surroundings.burst(messages, to).catch((error: unknown) => {
          throw new Error(`the burst could not be sent: ${messageOf(error)}`);
        });
      },
      stopQueue: async () => {
        say('queue-stopped', await surroundings.stopQueue());
      },
      startQueue: async () => {
        say('queue-started', await surroundings.startQueue());
      },
      pause: async () => {
        await setPaused(surroundings.store, lane, true);
        say(
          'paused',
          `lane ${lane}: nothing is changed from now on, and the loop stands by from its next hand-over`,
        );
      },
      resume: async () => {
        await setPaused(surroundings.store, lane, false);
        say('resumed', `lane ${lane}`);
        witness.expectStandBy(machine.start({}));
      },
    },
  };
};
