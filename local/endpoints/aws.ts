/**
 * AWS on this machine: fauxqs for SQS, SNS and S3 (its conditional writes enforced), ECS and EC2 Auto Scaling on the world, and whatever else a
 * demo's queue needs. Unmodified SDK clients find them by the `AWS_ENDPOINT_URL…` variables of {@link Endpoints.env}.
 */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildApp } from 'fauxqs';
import { applicationAutoScalingEndpoint, type ScalableTargets } from './application-auto-scaling.ts';
import { autoScalingEndpoint } from './auto-scaling.ts';
import { enforceConditionalWrites } from './conditional-writes.ts';
import type { EcsBackend } from './ecs/backend.ts';
import { ecsEndpoint } from './ecs.ts';
import { openGate } from './gate.ts';

/** Clients of the demo itself carry this in their user agent, so that their calls are not counted as the loop's. */
export const DEMO_AGENT = 'pulsescale-demo';

/** Nobody who looks at a demo has anything to do with them. */
const UNSEEN = ['APPLICATION_AUTO_SCALING', 'AUTO_SCALING'];

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

/** @returns where it listens */
const serve = async (server: Server): Promise<string> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${portOf(server.address())}`;
};

/**
 * @param more services by their name in `AWS_ENDPOINT_URL_<NAME>`: a server to be put on a free port and closed with the
 * others, or the URL of one that is somebody else's
 */
export const startEndpoints = async (
  backend: EcsBackend & ScalableTargets,
  more: Readonly<Record<string, Server | string>> = {},
): Promise<Endpoints> => {
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
  const queueUrl = `http://127.0.0.1:${gate.port}`;

  const others = Object.entries({
    ECS: ecsEndpoint(backend),
    APPLICATION_AUTO_SCALING: applicationAutoScalingEndpoint(backend),
    AUTO_SCALING: autoScalingEndpoint(backend),
    ...more,
  });
  const servers = others.flatMap(([, server]) => (typeof server === 'string' ? [] : [server]));
  const urls = await Promise.all(
    others.map(async ([name, server]) => [name, typeof server === 'string' ? server : await serve(server)]),
  );
  return {
    env: {
      AWS_ENDPOINT_URL: directUrl,
      AWS_ENDPOINT_URL_SQS: queueUrl,
      ...Object.fromEntries(urls.map(([name, url]) => [`AWS_ENDPOINT_URL_${name}`, url])),
      AWS_REGION: LOCAL.region,
      AWS_ACCESS_KEY_ID: LOCAL.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: LOCAL.credentials.secretAccessKey,
    },
    directUrl,
    addresses: {
      SQS: queueUrl,
      'SNS, S3': directUrl,
      ...Object.fromEntries(urls.filter(([name = '']) => !UNSEEN.includes(name))),
    },
    stopQueue: gate.shut,
    startQueue: gate.open,
    close: async () => {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
      await Promise.all([gate.shut(), fauxqs.close()]);
    },
  };
};
