/**
 * The demo's data stream: ten shards, a lease table beside it, and what Kinesis would report to CloudWatch. A task takes a shard
 * that no other has, works on its records one by one, writes each into the lease table as done, and looks for the next
 * shard when nothing is left, so no more tasks than shards work at once.
 *
 * The application is the one that the source names, else it is called like the service, which is what the source then tries.
 */
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Options,
  regionOf,
  streamOf,
  tableOf,
} from '../../../lambdas/collect/sources/kinesis/options.ts';
import { LOCAL } from '../../endpoints/aws.ts';
import { awsJson } from '../../endpoints/aws-json.ts';
import { cloudWatchActions, metricStore } from '../../endpoints/cloudwatch.ts';
import { leaseTables } from '../../endpoints/lease-table.ts';
import { type DemoTask, defineDemoQueue, type ServerAddress } from '../queue.ts';
import { canStartServers } from '../server-process.ts';
import { type Checkpoints, checkpointsIn } from './kinesis/leases.ts';
import { type StreamMetrics, streamMetrics } from './kinesis/metrics.ts';
import { openStream, type Stream } from './kinesis/stream.ts';

/** A shard answers five calls a second, and on the average each is asked by one task. */
const PAUSE_MS = 200;

/** So many are fetched at once and then worked on one by one. */
const BATCH = 10;

/** The most that GetRecords takes. */
const MOST = 10_000;

const endpointOf = ({ endpoint, host = '127.0.0.1', port }: ServerAddress): string =>
  endpoint ?? `http://${host}:${port}`;

/** Its server is a package among the development dependencies of this clone, so it takes a second and installs nothing. */
const isAtHand = (): boolean => {
  try {
    createRequire(import.meta.url).resolve('kinesis-local');
    return canStartServers();
  } catch {
    return false;
  }
};

const serviceIn = (key: string): string => key.slice(key.lastIndexOf('/') + 1);

interface Consumer {
  readonly stream: Stream;
  readonly checkpoints: Checkpoints;
  readonly metrics: StreamMetrics;
}

/** Works on one shard until it is empty. */
const consume = async (
  { stream, checkpoints, metrics }: Consumer,
  shardId: string,
  task: DemoTask,
  workMs: number,
  stop: AbortSignal,
): Promise<void> => {
  let iterator = await stream.after(shardId, await checkpoints.get(shardId));
  while (iterator !== undefined && !stop.aborted) {
    const { records, next } = await stream.records(iterator, BATCH);
    const last = records.at(-1)?.ApproximateArrivalTimestamp?.getTime();
    metrics.read(last === undefined ? 0 : Date.now() - last);
    if (records.length === 0) return;
    for (const { SequenceNumber = '' } of records) {
      if (stop.aborted) return;
      await task.work(workMs, SequenceNumber);
      await checkpoints.set(shardId, task.id, SequenceNumber);
    }
    iterator = next;
  }
};

const waitingIn = async ({ stream, checkpoints }: Consumer, shardId: string): Promise<number> => {
  let iterator = await stream.after(shardId, await checkpoints.get(shardId));
  let waiting = 0;
  while (iterator !== undefined) {
    const { records, next } = await stream.records(iterator, MOST);
    if (records.length === 0) break;
    waiting += records.length;
    iterator = next;
  }
  return waiting;
};

export const kinesis = defineDemoQueue<Options>({
  type: 'kinesis',
  embedded: (_, { AWS_ENDPOINT_URL_KINESIS: named }) => named === undefined && isAtHand(),
  server: {
    name: 'kinesis',
    settings: 'AWS_ENDPOINT_URL_KINESIS',
    named: (_, { AWS_ENDPOINT_URL_KINESIS: endpoint }) => {
      if (endpoint === undefined) return { places: [] };
      const { hostname, port } = new URL(endpoint);
      return { places: [{ host: hostname, port: Number(port) }] };
    },
    demo: () => ({ source: { type: 'kinesis', streamName: 'orders', application: 'orders-worker' } }),
    endpoints: (address) => ({
      KINESIS: endpointOf(address),
      CLOUDWATCH: awsJson('1.0', cloudWatchActions(metricStore())),
      DYNAMODB: awsJson('1.0', leaseTables().actions),
    }),
  },
  open: async (options, { key, env, server }) => {
    const name = streamOf(options);
    const client = { ...LOCAL, region: regionOf(options) ?? LOCAL.region };
    const at = (service: string) => ({ ...client, endpoint: env[`AWS_ENDPOINT_URL_${service}`] ?? '' });
    const table = tableOf({ ...options, service: options.service ?? serviceIn(key) })?.name ?? name;
    const stream = await openStream(name, { ...client, endpoint: endpointOf(server) });
    const checkpoints = await checkpointsIn(table, at('DYNAMODB'));
    const metrics = await streamMetrics(name, at('CLOUDWATCH'));
    const consumer = { stream, checkpoints, metrics };
    for (const shardId of stream.shards) await checkpoints.create(shardId);
    const taken = new Set<string>();
    let sent = 0;

    return {
      key,
      send: async (messages) => {
        const burst = Date.now();
        await stream.send(Array.from({ length: messages }, (_, index) => `order-${burst}-${sent + index}`));
        sent += messages;
        metrics.incoming(messages);
      },
      depth: async () => {
        const waiting = await Promise.all(stream.shards.map((shardId) => waitingIn(consumer, shardId)));
        return { backlog: waiting.reduce((total, each) => total + each, 0), inFlight: null };
      },
      work: async (task, workMs, stop) => {
        for (let turn = task.index; !stop.aborted; turn += 1) {
          const shardId = stream.shards[turn % stream.shards.length] ?? '';
          if (!taken.has(shardId)) {
            taken.add(shardId);
            try {
              await consume(consumer, shardId, task, workMs, stop);
            } finally {
              taken.delete(shardId);
            }
          }
          await sleep(PAUSE_MS, undefined, { signal: stop }).catch(() => undefined);
        }
      },
      close: async () => {
        stream.close();
        checkpoints.close();
        metrics.close();
      },
    };
  },
});
