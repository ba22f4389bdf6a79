/**
 * One program of a server: started, waited for until it answers, stopped and started again.
 *
 * It dies with the process that started it, even if that one is killed: `setpriv --pdeathsig` asks the kernel for it
 * (Linux; elsewhere the exit hook has to do). The signal reaches the started program alone and not its children, so a
 * program must be the broker itself and not a shell script around it. Each has a process group of its own: Ctrl-C in a
 * terminal reaches us only, and we end it in order.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../lambdas/contract/errors.ts';

export interface ProgramOptions {
  /** Names its log, `<name>.log` in its folder. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to our own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where it runs and logs. */
  readonly folder: string;
  /** Rejects while it does not answer yet. */
  readonly answers: () => Promise<unknown>;
  /** Whether it is a server of its own in the count of a run; default true. */
  readonly counts?: boolean;
}

export interface Program {
  readonly counts: boolean;
  /** Resolves when it answers; a running one is left alone. */
  readonly start: () => Promise<void>;
  /** In order, with its data on the disk; killed after {@link STOP_SECONDS}. */
  readonly stop: () => Promise<void>;
  /** At once, for a program whose data is thrown away. */
  readonly kill: () => Promise<void>;
}

/** Two cores and other people's brokers: a JVM that takes 5 s alone was seen to take 40 s. */
const START_SECONDS = 90;
const STOP_SECONDS = 20;
const LOG_LINES = 25;
const SETPRIV = '/usr/bin/setpriv';

const children = new Set<ChildProcess>();
const killGroup = (child: ChildProcess, signal: NodeJS.Signals): void => {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // It has gone already.
  }
};
process.on('exit', () => {
  for (const child of children) killGroup(child, 'SIGKILL');
});

/** Tries until it succeeds, or until `ended` says why it never will. */
export const until = async (
  attempt: () => Promise<unknown>,
  ended: () => string | undefined = () => undefined,
): Promise<void> => {
  const deadline = Date.now() + START_SECONDS * 1000;
  for (;;) {
    const failure = await attempt().then(
      () => undefined,
      (thrown: unknown) => messageOf(thrown),
    );
    if (failure === undefined) return;
    const end = ended() ?? (Date.now() > deadline ? `did not answer within ${START_SECONDS} s` : undefined);
    if (end !== undefined) throw new Error(`${end} (last try: ${failure})`);
    await pause(50);
  }
};

export const programOf = (options: ProgramOptions): Program => {
  const { name, folder } = options;
  const log = join(folder, `${name}.log`);
  let child: ChildProcess | undefined;

  const isRunning = () => child !== undefined && child.exitCode === null && child.signalCode === null;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child;
    if (ending === undefined || !isRunning()) return;
    const gone = once(ending, 'exit');
    killGroup(ending, signal);
    const timer = setTimeout(() => killGroup(ending, 'SIGKILL'), STOP_SECONDS * 1000);
    await gone;
    clearTimeout(timer);
    // What it left behind in its group, a helper of its own, say.
    killGroup(ending, 'SIGKILL');
  };

  return {
    counts: options.counts ?? true,
    start: async () => {
      if (isRunning()) return;
      const [command, args] = existsSync(SETPRIV)
        ? [SETPRIV, ['--pdeathsig', 'KILL', options.command, ...options.args]]
        : [options.command, options.args];
      const output = openSync(log, 'a');
      const started = spawn(command, args, {
        cwd: folder,
        env: { ...process.env, ...options.env },
        detached: true,
        stdio: ['ignore', output, output],
      });
      closeSync(output);
      child = started;
      children.add(started);
      started.once('exit', () => children.delete(started));
      let failedToStart: string | undefined;
      started.once('error', ({ message }) => {
        failedToStart = message;
        children.delete(started);
      });
      try {
        await until(options.answers, () => {
          if (failedToStart !== undefined) return `could not be started: ${failedToStart}`;
          return isRunning()
            ? undefined
            : `ended with ${started.signalCode ?? `exit code ${started.exitCode}`}`;
        });
      } catch (failure) {
        await end('SIGKILL');
        const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-LOG_LINES).join('\n  ');
        throw new Error(`${name} ${messageOf(failure)}\n${options.command}, the end of its log:\n  ${lines}`);
      }
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
};
