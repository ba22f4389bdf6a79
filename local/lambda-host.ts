/**
 * Runs in a worker thread of its own and plays Lambda: keeps the handlers warm and answers one message per invocation. It
 * has its own environment, so that the handlers find theirs in `process.env` as they do in AWS.
 */
import { parentPort } from 'node:worker_threads';
import type { Room } from '../lambdas/log.ts';

export interface Invocation {
  readonly id: number;
  readonly room: Room;
  readonly event: string;
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

parentPort?.on('message', async (invocation: Invocation) =>
  parentPort?.postMessage(await respond(invocation)),
);
