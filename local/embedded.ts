/** AWS, the queues and the workers, all on this machine and all speaking the real protocols. */
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { type Config, keyOf } from '../lambdas/contract/config.ts';
import type { Notice } from '../lambdas/contract/records.ts';
import { burstQueues } from './demo/bursts.ts';
import { type CrewOptions, openCrews } from './demo/crews.ts';
import { groupsOf, looksOf, needsOf } from './demo/hosts.ts';
import { subscribeToNotices } from './demo/notices.ts';
import { demoSources, openQueues } from './demo/open.ts';
import type { DemoQueue } from './demo/queue.ts';
import { loopbackOf } from './demo/queues/nginx.ts';
import type { DemoServers } from './demo/servers.ts';
import { DEMO_AGENT, LOCAL, startEndpoints } from './endpoints/aws.ts';
import type { HostsEvent, WorldEvent } from './events.ts';
import type { Surroundings } from './surroundings.ts';
import { advance, createWorld, setDesired, type WorldService } from './world.ts';

/** Where the lane of an embedded loop lies. */
export const DEMO_BUCKET = 'pulsescale-state';

export interface EmbeddedOptions extends CrewOptions {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  readonly seed: number;
  /** Median start-up of a task. */
  readonly startUpSeconds: number;
  /** The servers of what `--queue` asks for, and of what is made unasked; other queues live in the embedded endpoints or not at all. */
  readonly servers?: DemoServers | undefined;
  readonly onNotice: (subject: string, body: Notice['body']) => void;
  readonly onWorld: (world: Omit<WorldEvent, 'kind' | 't'>) => void;
  readonly onHosts: (hosts: Omit<HostsEvent, 'kind' | 't'>) => void;
}

/** How often the world moves on and the workers follow it. */
const STEP_MS = 100;

/** σ of the logarithm of the start-up time: tasks do not start all at the same moment. */
const START_UP_SIGMA = 0.04;

export const startEmbedded = async (options: EmbeddedOptions): Promise<Surroundings> => {
  const { config, env, servers } = options;
  const startUpMs = options.startUpSeconds * 1000;
  const groups = groupsOf(config, startUpMs);
  let world = createWorld({
    ...{ seed: options.seed, startUpMs, startUpSigma: START_UP_SIGMA },
    services: config.services.map((each) => ({
      cluster: each.cluster,
      service: each.service,
      desired: each.tasks.min,
      needs: needsOf(config, each),
    })),
    ...(groups.length > 0 && { groups }),
  });
  const sources = demoSources(config, servers?.asked ?? [], env);
  const calls = new Map<string, number>();
  const endpoints = await startEndpoints(
    {
      services: () => world.services,
      setDesired: (cluster, service, desired) => {
        world = setDesired(world, cluster, service, desired);
      },
      hosts: {
        world: () => world,
        change: (how) => {
          world = how(world);
        },
      },
      addressOf: ({ id }) => loopbackOf(id),
      count: (api) => calls.set(api, (calls.get(api) ?? 0) + 1),
    },
    Object.assign({}, ...sources.map(({ kind }) => kind.endpoints?.()), servers?.endpoints),
  );
  const { env: awsEnv, directUrl } = endpoints;
  const clientConfig = { ...LOCAL, endpoint: directUrl };
  const s3 = new S3Client({ ...clientConfig, customUserAgent: DEMO_AGENT });
  // fast-autoscaler's bucket too, where one is configured: here it is empty, which is not the same as out of reach.
  for (const Bucket of new Set([DEMO_BUCKET, config.loop.previousState ?? DEMO_BUCKET]))
    await s3.send(new CreateBucketCommand({ Bucket }));
  const subscription = await subscribeToNotices(directUrl, options.onNotice);
  const sns = new SNSClient(clientConfig);

  const queues = await openQueues(
    sources,
    { ...env, ...awsEnv },
    options.workSeconds * 1000,
    (options) => servers?.addressOf(options) ?? {},
  );
  const crews = await openCrews(queues, options, {
    now: () => world,
    change: (how) => {
      world = how(world);
    },
  });

  const isBehindGate = servers === undefined || sources.some(({ kind }) => kind.server === undefined);

  let last = performance.now();
  const step = setInterval(() => {
    const now = performance.now();
    world = advance(world, now - last);
    last = now;
    crews.follow(world.services);
  }, STEP_MS);
  const watch = (): void => {
    for (const service of world.services) void show(service, queues, options.onWorld);
    for (const look of looksOf(world)) options.onHosts(look);
    crews.report();
  };
  // The first look comes before the first tick, so that no view has to begin with a question mark.
  const looks = [setTimeout(watch, 50), setInterval(watch, 1000)];

  return {
    env: { ...awsEnv, PULSESCALE_BUCKET: DEMO_BUCKET },
    addresses: {
      ...servers?.addresses,
      ...endpoints.addresses,
      status: `npx pulsescale status --local ${new URL(directUrl).port}  (or pause, resume, stop)`,
    },
    topicArn: subscription.topicArn,
    store: { bucket: DEMO_BUCKET, s3 },
    publish: (publication) => sns.send(new PublishCommand(publication)),
    calls,
    queues: queues.map(({ key }) => key),
    burst: async (messages, to) => {
      await Promise.all(burstQueues(queues, config, to).map((queue) => queue.send(messages)));
    },
    stopQueue: async () => {
      const said = await servers?.stop();
      if (isBehindGate) await endpoints.stopQueue();
      return together(said, isBehindGate && 'the queue endpoint refuses connections');
    },
    startQueue: async () => {
      const said = await servers?.start();
      if (isBehindGate) await endpoints.startQueue();
      return together(said, isBehindGate && 'the queue endpoint answers again');
    },
    stop: async () => {
      clearInterval(step);
      for (const look of looks) clearInterval(look);
      subscription.stop();
      const finished = crews.stop();
      // What a server that lives on has handed out must be acknowledged; all others end with us.
      if (servers?.outliveUs) await finished;
      await Promise.allSettled(queues.map((queue) => queue.close()));
      await endpoints.close();
      crews.close();
    },
  };
};

const together = (...said: readonly (string | false | undefined)[]): string =>
  said.filter(Boolean).join('; ');

const show = async (
  found: WorldService,
  queues: readonly DemoQueue[],
  onWorld: EmbeddedOptions['onWorld'],
): Promise<void> => {
  const { cluster, service, desired, tasks } = found;
  const queue = queues.find(({ key }) => key === keyOf(found));
  const depth = await queue?.depth().catch(() => undefined);
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
