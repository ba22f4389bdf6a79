/**
 * Runs in a worker thread of its own and plays Lambda: keeps the handlers warm and answers one message per invocation. It
 * has its own environment, so that the handlers find theirs in `process.env` as they do in AWS. And as in AWS their requests say
 * which invocation they belong to, where it has a trace.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { parentPort } from 'node:worker_threads';
import type { Room } from '../lambdas/log.ts';

export interface Invocation {
  readonly id: number;
  readonly room: Room;
  readonly event: string;
  /** What its requests carry as `X-Amzn-Trace-Id`. */
  readonly trace?: string | undefined;
}

export type Response = { readonly id: number } & (
  | { readonly result: string }
  | { readonly error: { readonly name: string; readonly message: string } }
);

const handlers: Readonly<Record<Room, () => Promise<{ handler: (event: unknown) => Promise<unknown> }>>> = {
  lease: () => import('../lambdas/lease/handler.ts'),
  collect: () => import('../lambdas/collect/handler.ts'),
  decide: () => import('../lambdas/decide/handler.ts'),
  apply: () => import('../lambdas/apply/handler.ts'),
};

const respond = async ({ id, room, event }: Invocation): Promise<Response> => {
  try {
    const { handler } = await handlers[room]();
    return { id, result: JSON.stringify(await handler(JSON.parse(event))) };
  } catch (thrown) {
    const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
    return { id, error: { name, message } };
  }
};

const traces = new AsyncLocalStorage<string | undefined>();

subscribe('http.client.request.created', (message) => {
  const trace = traces.getStore();
  if (trace !== undefined)
    (message as { readonly request: ClientRequest }).request.setHeader('X-Amzn-Trace-Id', trace);
});

parentPort?.on('message', async (invocation: Invocation) =>
  parentPort?.postMessage(await traces.run(invocation.trace, () => respond(invocation))),
);
