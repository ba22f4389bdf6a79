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
const otherVersion = (text: string): string =>
  JSON.stringify({ version: 7, owner: { execution: 'x' }, content: JSON.parse(text) });

const ways: Readonly<Record<string, (text: string) => string | undefined>> = {
  deleted: () => undefined,
  truncated: (text) => text.slice(0, Math.floor(text.length / 2)),
  empty: () => '',
  "in another version's format": otherVersion,
};

const row = (how: string, damaged: (text: string) => string | undefined, story: Around): Row => ({
  fault: `the lane's object: ${how} (${story})`,
  story,
  dies: true,
  during: async (stage) => stage.damage(damaged(await textOf(stage))),
});

export const objectRows: readonly Row[] = Object.entries(ways).flatMap(([how, damaged]) =>
  (['idle', 'scale-out', 'hand-over'] as const).map((story) => row(how, damaged, story)),
);
