/** Somebody lays hands on the lane's object while an execution acts under it. */
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { leaseKey } from '../../../lambdas/store/lease-object.ts';
import type { Stage } from '../stage.ts';
import type { Around, Row } from './row.ts';

const textOf = async ({ store: { s3, bucket: Bucket }, lane }: Stage): Promise<string> => {
  const object = await s3.send(new GetObjectCommand({ Bucket, Key: leaseKey(lane) }));
  return (await object.Body?.transformToString()) ?? '';
};

/** A format that ours could never be: `owner` means something else. */
export const otherVersion = (text: string): string =>
  JSON.stringify({ version: 7, owner: { execution: 'x' }, content: JSON.parse(text) });

export const truncated = (text: string): string => text.slice(0, Math.floor(text.length / 2));

const MOMENTS = ['idle', 'scale-out', 'hand-over'] as const;

export const damageRow = (
  how: string,
  damaged: (text: string) => string | undefined,
  story: Around,
): Row => ({
  fault: `the lane's object: ${how} at ${story}`,
  story,
  dies: true,
  during: async (stage) => stage.damage(damaged(await textOf(stage))),
});

export const objectRows: readonly Row[] = [
  ...MOMENTS.map((story) => damageRow('deleted', () => undefined, story)),
  ...MOMENTS.map((story) => damageRow('truncated', truncated, story)),
  damageRow('empty', () => '', 'scale-out'),
  damageRow("in another version's format", otherVersion, 'scale-out'),
];
