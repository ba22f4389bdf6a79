/**
 * The lease handler before an S3 whose Date the test sets: whole seconds, as S3's own are. Its conditions are enforced by the embedded
 * endpoints, its clock is the front's.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { startFront } from '../faults/front.ts';
import { createInjections, type Injections } from '../faults/injections.ts';
import { BUCKET, QUEUE_URL, startAws, type TestAws } from './aws.ts';

export type Answer = Record<string, unknown> & { readonly memory: Record<string, Record<string, unknown>> };

export interface LaneBucket {
  readonly aws: TestAws;
  readonly injections: Injections;
  /** S3's time, and so many seconds. */
  readonly at: (seconds?: number) => string;
  readonly pass: (seconds: number) => void;
  readonly put: (key: string, value: unknown) => Promise<void>;
  readonly drop: (key: string) => Promise<void>;
  readonly text: (key: string) => Promise<string>;
  /** The lane's object; empty where there is none. */
  readonly lease: (lane: string) => Promise<Record<string, unknown>>;
  readonly keys: (prefix: string) => Promise<readonly string[]>;
  /** An execution of that name asks for the lane, its clock so many seconds ahead of S3's. */
  readonly ask: (lane: string, execution: string, given?: object, ahead?: number) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

/** @param services of cluster `shop`, all configured */
export const startLaneBucket = async (services: readonly string[]): Promise<LaneBucket> => {
  const aws = await startAws(Object.fromEntries(services.map((service) => [service, 2])));
  // The SDK takes a refusal for one of its signature when clocks are five minutes apart, so this one begins at the real time.
  let now = Math.floor(Date.now() / 1000) * 1000;
  const injections = createInjections(() => now, []);
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  const front = await startFront({ AWS_ENDPOINT_URL_S3: aws.endpoints.directUrl }, { clock, injections });
  const folder = mkdtempSync(join(tmpdir(), 'pulsescale-lease-'));
  const file = join(folder, 'pulsescale.json');
  const shop = services.map((service) => ({
    cluster: 'shop',
    service,
    tasks: { max: 50 },
    source: { type: 'sqs', queueUrl: QUEUE_URL },
    policy: { type: 'target', backlogPerTask: 10 },
  }));
  writeFileSync(file, JSON.stringify({ services: shop }));
  Object.assign(process.env, front.env, { PULSESCALE_CONFIG_FILE: file });
  const { handler } = await import('../../lambdas/lease/handler.ts');
  const s3 = new S3Client({});
  const at = (seconds = 0): string => new Date(now + seconds * 1000).toISOString();
  const text = async (Key: string): Promise<string> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    return (await Body?.transformToString()) ?? '';
  };
  return {
    aws,
    injections,
    at,
    pass: (seconds) => {
      now += seconds * 1000;
    },
    put: async (Key, value) => {
      const Body = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
    },
    text,
    lease: async (lane) => JSON.parse(await text(`lanes/${lane}/lease.json`).catch(() => '{}')),
    drop: async (Key) => {
      await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));
    },
    keys: async (Prefix) => {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix }));
      return Contents.map(({ Key = '' }) => Key);
    },
    ask: async (lane, execution, given = {}, ahead = 0) =>
      (await handler({ act: 'acquire', lane, execution, at: at(ahead), ...given })) as unknown as Answer,
    close: async () => {
      s3.destroy();
      await front.close();
      await aws.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
