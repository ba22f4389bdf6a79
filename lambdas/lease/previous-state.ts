/**
 * Whoever moves here from fast-autoscaler keeps their cooldowns: where this lane remembers nothing of a service, the two
 * objects that system left are read,
 * `autoscaling-state/{cluster}/{service}/{up|down}-last-action.json`, JSON with `timestamp` (epoch seconds; ISO in old
 * ones) and `count` (scale-ins in a row).
 *
 * Whatever cannot be read counts as "scaled in just now": scale-out stays allowed, scale-in waits out its cooldown.
 */
import * as z from 'zod';
import { explain } from '../contract/aws-errors.ts';
import type { Memory, ServiceMemory } from '../contract/records.ts';
import type { LeaseStore } from '../store/lease-object.ts';

const actionSchema = z.object({
  timestamp: z.union([z.number(), z.string()]).transform((given, context) => {
    const number = Number(given);
    const time = Number.isFinite(number) ? number * 1000 : Date.parse(String(given));
    const date = new Date(time);
    if (!Number.isNaN(date.getTime())) return date.toISOString();
    context.addIssue({ code: 'custom', message: 'neither epoch seconds nor an ISO date' });
    return z.NEVER;
  }),
  count: z.coerce.number().int().nonnegative().catch(1),
});

export interface PreviousState {
  readonly memory: ServiceMemory;
  /** One sentence for each object that was there and could not be read. */
  readonly trouble: readonly string[];
}

const statePath = (key: string, direction: 'up' | 'down'): string =>
  `autoscaling-state/${key}/${direction}-last-action.json`;

const readAction = async (
  { s3, bucket }: LeaseStore,
  key: string,
): Promise<z.infer<typeof actionSchema> | undefined | { readonly trouble: string }> => {
  const { GetObjectCommand } = await import('@aws-sdk/client-s3');
  try {
    const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return actionSchema.parse(JSON.parse((await object.Body?.transformToString()) ?? ''));
  } catch (thrown) {
    if ((thrown as { name?: string }).name === 'NoSuchKey') return undefined;
    return { trouble: explain(thrown, 's3:GetObject', `arn:aws:s3:::${bucket}/${key}`) };
  }
};

/** @param key `cluster/service` @param at ISO 8601 */
export const readPreviousState = async (
  store: LeaseStore,
  key: string,
  at: string,
): Promise<PreviousState> => {
  const [up, down] = await Promise.all([
    readAction(store, statePath(key, 'up')),
    readAction(store, statePath(key, 'down')),
  ]);
  const trouble = [up, down].flatMap((action) =>
    action !== undefined && 'trouble' in action ? [action.trouble] : [],
  );
  return {
    memory: {
      ...(up !== undefined && 'timestamp' in up ? { lastOut: { at: up.timestamp } } : {}),
      ...(down !== undefined && 'timestamp' in down
        ? { lastIn: { at: down.timestamp, streak: down.count } }
        : {}),
      ...(trouble.length > 0 ? { lastIn: { at, streak: 1 } } : {}),
    },
    trouble,
  };
};

/**
 * Completes a memory: services it says nothing about get what the previous system remembered.
 *
 * @param bucket where that system kept its state; undefined: this lane's own
 */
export const withPreviousState = async (
  store: LeaseStore,
  bucket: string | undefined,
  keys: readonly string[],
  memory: Memory,
  at: string,
): Promise<{ readonly memory: Memory; readonly trouble: readonly string[] }> => {
  const from = { ...store, bucket: bucket ?? store.bucket };
  const missing = keys.filter((key) => memory[key] === undefined);
  const read = await Promise.all(
    missing.map(async (key) => [key, await readPreviousState(from, key, at)] as const),
  );
  return {
    memory: { ...memory, ...Object.fromEntries(read.map(([key, state]) => [key, state.memory])) },
    trouble: read.flatMap(([, state]) => state.trouble),
  };
};
