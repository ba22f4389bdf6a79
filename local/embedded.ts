/** AWS, the queue and the workers, all on this machine and all speaking the real protocols. */
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { type Config, keyOf } from '../lambdas/contract/config.ts';
import type { Notice } from '../lambdas/contract/records.ts';
import { subscribeToNotices } from './demo/notices.ts';
import { createQueues, type DemoQueue, depthOf, sendBurst } from './demo/queue.ts';
import { createWorkers } from './demo/workers.ts';
import { DEMO_AGENT, LOCAL, startEndpoints } from './endpoints/aws.ts';
import type { WorldEvent } from './events.ts';
import type { Surroundings } from './surroundings.ts';
import { advance, createWorld, setDesired, type WorldService } from './world.ts';

const BUCKET = 'pulsescale-state';

export interface EmbeddedOptions {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  readonly seed: number;
  /** Median start-up of a task. */
  readonly startUpSeconds: number;
  /** How long a worker is busy with one message. */
  readonly workSeconds: number;
  readonly onNotice: (subject: string, body: Notice['body']) => void;
  readonly onWorld: (world: Omit<WorldEvent, 'kind' | 't'>) => void;
}

/** How often the world moves on and the workers follow it. */
const STEP_MS = 100;

/** σ of the logarithm of the start-up time: tasks do not start all at the same moment. */
const START_UP_SIGMA = 0.04;

export const startEmbedded = async (options: EmbeddedOptions): Promise<Surroundings> => {
  const { config, env } = options;
  let world = createWorld({
    seed: options.seed,
    startUpMs: options.startUpSeconds * 1000,
    startUpSigma: START_UP_SIGMA,
    services: config.services.map(({ cluster, service, tasks }) => ({
      cluster,
      service,
      desired: tasks.min,
    })),
  });
  const calls = new Map<string, number>();
  const endpoints = await startEndpoints({
    services: () => world.services,
    setDesired: (cluster, service, desired) => {
      world = setDesired(world, cluster, service, desired);
    },
    count: (api) => calls.set(api, (calls.get(api) ?? 0) + 1),
  });
  const { env: awsEnv, directUrl } = endpoints;
  const clientConfig = { ...LOCAL, endpoint: directUrl };
  const s3 = new S3Client({ ...clientConfig, customUserAgent: DEMO_AGENT });
  // fast-autoscaler's bucket too, where one is configured: here it is empty, which is not the same as out of reach.
  for (const Bucket of new Set([BUCKET, config.loop.previousState ?? BUCKET]))
    await s3.send(new CreateBucketCommand({ Bucket }));
  const subscription = await subscribeToNotices(directUrl, options.onNotice);
  const sns = new SNSClient(clientConfig);

  const queues = await createQueues(config, env, {
    endpoint: awsEnv.AWS_ENDPOINT_URL_SQS ?? directUrl,
    directUrl,
  });
  const crews = queues.map((queue) => ({
    queue,
    workers: createWorkers(queue.client, options.workSeconds * 1000),
  }));

  let last = performance.now();
  const step = setInterval(() => {
    const now = performance.now();
    world = advance(world, now - last);
    last = now;
    for (const { queue, workers } of crews) workers.follow(queue.url, runningIn(world.services, queue.key));
  }, STEP_MS);
  const watch = (): void => {
    for (const service of world.services) void show(service, queues, options.onWorld);
  };
  // The first look comes before the first tick, so that no view has to begin with a question mark.
  const looks = [setTimeout(watch, 50), setInterval(watch, 1000)];

  return {
    env: { ...awsEnv, PULSESCALE_BUCKET: BUCKET },
    addresses: endpoints.addresses,
    topicArn: subscription.topicArn,
    store: { bucket: BUCKET, s3 },
    publish: (publication) => sns.send(new PublishCommand(publication)),
    calls,
    burst: async (messages) => {
      const [first] = queues;
      if (first === undefined)
        throw new Error('no service has an sqs source, so there is no queue to send a burst to');
      await sendBurst(first, messages);
    },
    stopQueue: endpoints.stopQueue,
    startQueue: endpoints.startQueue,
    stop: async () => {
      clearInterval(step);
      for (const look of looks) clearInterval(look);
      subscription.stop();
      for (const { workers } of crews) workers.stop();
      await endpoints.close();
    },
  };
};

const runningIn = (services: readonly WorldService[], key: string): readonly string[] =>
  (services.find((each) => keyOf(each) === key)?.tasks ?? []).flatMap(({ id, status }) =>
    status === 'RUNNING' ? [id] : [],
  );

const show = async (
  found: WorldService,
  queues: readonly DemoQueue[],
  onWorld: EmbeddedOptions['onWorld'],
): Promise<void> => {
  const { cluster, service, desired, tasks } = found;
  const queue = queues.find(({ key }) => key === keyOf(found));
  const depth = queue === undefined ? undefined : await depthOf(queue).catch(() => undefined);
  const running = tasks.filter(({ status }) => status === 'RUNNING').length;
  const counts = { desired, running, pending: tasks.length - running };
  onWorld({
    cluster,
    service,
    backlog: depth?.backlog ?? null,
    inFlight: depth?.inFlight ?? null,
    ...counts,
  });
};
