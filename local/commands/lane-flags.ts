/** Which lane a command is about, and how to get at its object. */
import { InvalidArgumentError } from 'commander';
import { duration } from '../../lambdas/contract/duration.ts';
import type { LeaseStore } from '../../lambdas/store/lease-object.ts';
import { DEMO_BUCKET } from '../embedded.ts';
import { DEMO_AGENT, LOCAL } from '../endpoints/aws.ts';

export interface LaneFlags {
  readonly bucket?: string;
  readonly lane?: string;
  readonly region?: string;
  /** The port of a loop on this machine (`npm start`), in place of a bucket. */
  readonly local?: number;
}

/** A person waits: what has not answered by then is down. */
const PATIENCE = { requestTimeout: 5000, connectionTimeout: 3000, throwOnRequestTimeout: true };

/** @throws Error when no bucket is named */
export const storeOf = async ({ bucket, region, local }: LaneFlags): Promise<LeaseStore> => {
  const { S3Client } = await import('@aws-sdk/client-s3');
  if (local !== undefined) {
    const endpoint = `http://127.0.0.1:${local}`;
    const s3 = new S3Client({ ...LOCAL, endpoint, customUserAgent: DEMO_AGENT, requestHandler: PATIENCE });
    return { bucket: DEMO_BUCKET, s3 };
  }
  if (bucket === undefined || bucket === '')
    throw new Error(
      'which lane? Give --bucket (the output BucketName of the stack), or --local with the port that npm start shows',
    );
  const where = region === undefined ? {} : { region };
  return { bucket, s3: new S3Client({ ...where, followRegionRedirects: true, requestHandler: PATIENCE }) };
};

export const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const WEEKS_4 = 28 * 24 * 3600;
const pauseLength = duration({ min: 1, max: WEEKS_4 });

/** `30m` → 1800. */
export const pauseSeconds = (text: string): number => {
  const given = /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  const parsed = pauseLength.safeParse(given);
  if (!parsed.success)
    throw new InvalidArgumentError(
      `expected a duration from 1s to ${WEEKS_4 / 86_400}d, such as 90s, 30m or 2h.`,
    );
  return parsed.data;
};
