/**
 * One connection per server, shared by every service that reads there and kept warm between invocations. One that
 * failed is closed and built again at the next tick.
 */
import type { Connection, Source } from '../contract/source.ts';

const open = new Map<string, Promise<Connection<unknown>>>();

const keyFor = (source: Source, options: unknown): string => `${source.type} ${source.server(options)}`;

export const connectionTo = (source: Source, options: unknown): Promise<Connection<unknown>> => {
  const key = keyFor(source, options);
  const existing = open.get(key);
  if (existing !== undefined) return existing;
  const made = source.connect(options);
  open.set(key, made);
  // A server that could not be reached must not stay unreachable.
  made.catch(() => open.delete(key));
  return made;
};

/** Forgets and closes a connection that has failed. */
export const drop = async (source: Source, options: unknown): Promise<void> => {
  const key = keyFor(source, options);
  const broken = open.get(key);
  open.delete(key);
  await broken?.then((connection) => connection.close()).catch(() => undefined);
};
