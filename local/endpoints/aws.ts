/**
 * AWS on this machine: fauxqs for SQS, SNS and S3 (its conditional writes enforced), ECS on the world. Unmodified SDK
 * clients find them by the `AWS_ENDPOINT_URL…` variables of {@link Endpoints.env}.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buildApp } from 'fauxqs';
import { enforceConditionalWrites } from './conditional-writes.ts';
import { type EcsBackend, ecsEndpoint } from './ecs.ts';
import { openGate } from './gate.ts';

/** Clients of the demo itself carry this in their user agent, so that their calls are not counted as the loop's. */
export const DEMO_AGENT = 'pulsescale-demo';

/** What a client of the embedded endpoints is given besides its endpoint; they accept any credentials. */
export const LOCAL = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
} as const;

export interface Endpoints {
  /** For whoever should use these endpoints, credentials included. */
  readonly env: Readonly<Record<string, string>>;
  /** The same queues, past the gate: for watching. */
  readonly directUrl: string;
  readonly addresses: Readonly<Record<string, string>>;
  readonly stopQueue: () => Promise<void>;
  readonly startQueue: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const apiOf = (method: string, target: unknown, type: unknown): string => {
  if (typeof target === 'string') return `sqs:${target.split('.')[1]}`;
  if (String(type).includes('x-www-form-urlencoded')) return 'sns:Publish';
  return `s3:${method === 'PUT' ? 'PutObject' : 'GetObject'}`;
};

const portOf = (address: AddressInfo | string | null): number =>
  typeof address === 'object' && address !== null ? address.port : 0;

export const startEndpoints = async (backend: EcsBackend): Promise<Endpoints> => {
  const fauxqs = buildApp({ logger: false });
  fauxqs.addHook('onRequest', async ({ headers, method }) => {
    const agent = String(headers['user-agent']);
    if (agent.includes('aws-sdk-js') && !agent.includes(DEMO_AGENT)) {
      backend.count(apiOf(method, headers['x-amz-target'], headers['content-type']));
    }
  });
  enforceConditionalWrites(fauxqs);
  const directUrl = await fauxqs.listen({ port: 0, host: '127.0.0.1' });
  const gate = await openGate(Number(new URL(directUrl).port));
  const ecs = ecsEndpoint(backend).listen(0, '127.0.0.1');
  await once(ecs, 'listening');

  const queueUrl = `http://127.0.0.1:${gate.port}`;
  const ecsUrl = `http://127.0.0.1:${portOf(ecs.address())}`;
  return {
    env: {
      AWS_ENDPOINT_URL: directUrl,
      AWS_ENDPOINT_URL_SQS: queueUrl,
      AWS_ENDPOINT_URL_ECS: ecsUrl,
      AWS_REGION: LOCAL.region,
      AWS_ACCESS_KEY_ID: LOCAL.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: LOCAL.credentials.secretAccessKey,
    },
    directUrl,
    addresses: { SQS: queueUrl, 'SNS, S3': directUrl, ECS: ecsUrl },
    stopQueue: gate.shut,
    startQueue: gate.open,
    close: async () => {
      ecs.closeAllConnections();
      ecs.close();
      await Promise.all([gate.shut(), fauxqs.close()]);
    },
  };
};
