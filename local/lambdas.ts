/** The unmodified handlers behind an `invoke`, as Step Functions sees Lambda: JSON in, JSON out, errors by name. */
import { Worker } from 'node:worker_threads';
import type { Room } from '../lambdas/log.ts';
import type { Invocation, Response } from './lambda-host.ts';

export interface Lambdas {
  /** @param trace what the requests of this invocation carry as `X-Amzn-Trace-Id` */
  readonly invoke: (room: Room, event: unknown, trace?: string) => Promise<unknown>;
  readonly stop: () => Promise<void>;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

const errorOf = ({ name, message }: { readonly name: string; readonly message: string }): Error =>
  Object.assign(new Error(message), { name });

/**
 * @param env all that the handlers see of the environment
 * @param log where their log lines go
 */
export const startLambdas = (env: NodeJS.ProcessEnv, log: NodeJS.WritableStream): Lambdas => {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./lambda-host.${extension}`, import.meta.url), {
    env,
    stdout: true,
    stderr: true,
  });
  worker.stdout.pipe(log, { end: false });
  worker.stderr.pipe(log, { end: false });

  const waiting = new Map<number, Waiting>();
  let invocations = 0;
  worker.on('message', (response: Response) => {
    const caller = waiting.get(response.id);
    waiting.delete(response.id);
    if ('error' in response) caller?.reject(errorOf(response.error));
    else caller?.resolve(JSON.parse(response.result));
  });
  const fail = (error: Error): void => {
    for (const caller of waiting.values()) caller.reject(Object.assign(error, { name: 'Lambda.Unknown' }));
    waiting.clear();
  };
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('the handlers have stopped')));

  return {
    invoke: (room, event, trace) =>
      new Promise((resolve, reject) => {
        invocations += 1;
        waiting.set(invocations, { resolve, reject });
        worker.postMessage({
          id: invocations,
          room,
          event: JSON.stringify(event),
          trace,
        } satisfies Invocation);
      }),
    stop: async () => {
      await worker.terminate();
    },
  };
};
