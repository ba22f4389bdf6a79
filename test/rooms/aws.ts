/**
 * The real handlers against the embedded endpoints: real SDK clients, real wire formats. `process.env` is what the handlers
 * will find, so this has to be called before their first invocation.
 */
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type Endpoints, startEndpoints } from '../../local/endpoints/aws.ts';
import { advance, createWorld, findService, setDesired, type World } from '../../local/world.ts';

export interface TestAws {
  readonly endpoints: Endpoints;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly calls: Map<string, number>;
  readonly desired: (service: string) => number | undefined;
  readonly set: (service: string, desired: number) => void;
  readonly pass: (seconds: number) => void;
  readonly putJson: (key: string, value: unknown) => Promise<void>;
  readonly getJson: (key: string) => Promise<Record<string, unknown>>;
  readonly close: () => Promise<void>;
}

export const BUCKET = 'state';
export const QUEUE_URL = 'https://sqs.us-east-1.amazonaws.com/123456789012/orders';

/** @param services of cluster `shop`, with their counts */
export const startAws = async (services: Readonly<Record<string, number>>): Promise<TestAws> => {
  let world: World = createWorld({
    seed: 1,
    startUpMs: 8000,
    startUpSigma: 0,
    services: Object.entries(services).map(([service, desired]) => ({ cluster: 'shop', service, desired })),
  });
  const calls = new Map<string, number>();
  const set = (cluster: string, service: string, desired: number): void => {
    world = setDesired(world, cluster, service, desired);
  };
  const endpoints = await startEndpoints({
    services: () => world.services,
    setDesired: set,
    count: (api) => calls.set(api, (calls.get(api) ?? 0) + 1),
  });
  Object.assign(process.env, endpoints.env, { PULSESCALE_BUCKET: BUCKET, LOG_LEVEL: 'SILENT' });
  const s3 = new S3Client({});
  const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await sqs.send(new CreateQueueCommand({ QueueName: 'orders' }));
  calls.clear();
  return {
    endpoints,
    s3,
    sqs,
    calls,
    desired: (service) => findService(world, 'shop', service)?.desired,
    set: (service, desired) => set('shop', service, desired),
    pass: (seconds) => {
      world = advance(world, seconds * 1000);
    },
    putJson: async (key, value) => {
      const Body = typeof value === 'string' ? value : JSON.stringify(value);
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body }));
    },
    getJson: async (key) => {
      const object = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
      return JSON.parse((await object.Body?.transformToString()) ?? '') as Record<string, unknown>;
    },
    close: async () => {
      s3.destroy();
      sqs.destroy();
      await endpoints.close();
    },
  };
};
