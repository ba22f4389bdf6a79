/**
 * What the lanes of the bench run in: the embedded endpoints on one world, the servers that were started, the queues, and a worker for
 * each service that has a running task. One lane after the other runs on the same stage.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { type Config, keyOf } from '../../lambdas/contract/config.ts';
import { loopDefinition } from '../../local/assets.ts';
import { subscribeToNotices } from '../../local/demo/notices.ts';
import { demoSources, openQueues } from '../../local/demo/open.ts';
import type { DemoQueue, ServerAddress } from '../../local/demo/queue.ts';
import { kinds as demoKinds } from '../../local/demo/queues/registry.ts';
import { createWorkers } from '../../local/demo/workers.ts';
import { LOCAL, startEndpoints } from '../../local/endpoints/aws.ts';
import { AwsFault, awsJson } from '../../local/endpoints/aws-json.ts';
import { startLambdas } from '../../local/lambdas.ts';
import { createMachine } from '../../local/machine.ts';
import { advance, createWorld, setDesired } from '../../local/world.ts';
import type { Member } from './fleet.ts';
import type { Watch } from './watch.ts';

const BUCKET = 'pulsescale-state';
const STEP_MS = 100;
const START_UP_MS = 1000;
const WORK_MS = 20;

export interface Stage {
  /** By `cluster/service`, of the healthy ones and of those whose ECS service fails. */
  readonly queues: ReadonlyMap<string, DemoQueue>;
  /** Starts a lane; resolves with what ends it. */
  readonly play: (config: Config, watch: Watch) => { readonly stop: () => Promise<void> };
  readonly close: () => Promise<void>;
}

/** Whoever has a queue of its own; what fails may still be its ECS service. */
const hasQueue = ({ failure }: Member): boolean => failure === undefined || failure.ecs !== undefined;

const openAll = async (
  members: readonly Member[],
  config: Config,
  env: NodeJS.ProcessEnv,
  addressOf: (type: string) => ServerAddress,
): Promise<readonly DemoQueue[]> => {
  const types = [...new Set(members.map(({ type }) => type))];
  const opened = await Promise.all(
    types.map((type) => {
      const keys = new Set(members.filter((each) => each.type === type).map(keyOf));
      const services = config.services.filter((each) => keys.has(keyOf(each)));
      return openQueues(demoSources({ ...config, services }, [type], env), env, WORK_MS, () =>
        addressOf(type),
      );
    }),
  );
  return opened.flat();
};

const noSecret = (): never => {
  throw new AwsFault('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
};

/** @param config with every member in it */
export const openStage = async (
  members: readonly Member[],
  config: Config,
  secrets: Readonly<Record<string, string>>,
  addressOf: (type: string) => ServerAddress,
): Promise<Stage> => {
  const real = members.filter(hasQueue);
  const denied = new Set(members.filter(({ failure }) => failure?.ecs === 'denied').map(keyOf));
  const inEcs = members.filter(({ failure }) => failure?.ecs === undefined || failure.ecs === 'denied');
  let world = createWorld({
    ...{ seed: 1, startUpMs: START_UP_MS, startUpSigma: 0.04 },
    services: inEcs.map(({ cluster, service }) => ({ cluster, service, desired: 0 })),
  });
  const refuse = (key: string): never => {
    const message = `User: arn:aws:sts::000000000000:assumed-role/apply is not authorized to perform: ecs:UpdateService on resource: ${key}`;
    throw new AwsFault('AccessDeniedException', message);
  };
  const kinesis = members.some(({ type, failure }) => type === 'kinesis' && failure === undefined);
  const endpoints = await startEndpoints(
    {
      services: () => world.services,
      setDesired: (cluster, service, desired) => {
        if (denied.has(keyOf({ cluster, service }))) refuse(keyOf({ cluster, service }));
        world = setDesired(world, cluster, service, desired);
      },
      count: () => undefined,
    },
    {
      SECRETS_MANAGER: awsJson('1.1', { GetSecretValue: noSecret }),
      ...(kinesis ? demoKinds['kinesis']?.server?.endpoints?.(addressOf('kinesis'), []) : {}),
    },
  );
  const client = { ...LOCAL, endpoint: endpoints.directUrl };
  await new S3Client({ ...client, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: BUCKET }));
  const subscription = await subscribeToNotices(endpoints.directUrl, () => undefined);
  const sns = new SNSClient(client);
  const env = { ...process.env, ...endpoints.env, ...secrets, DISABLE_SCALE_IN: 'no' };

  const queues = await openAll(real, config, env, addressOf);
  const crews = queues.map((queue) => ({ queue, workers: createWorkers(queue, { workMs: WORK_MS }) }));
  let last = performance.now();
  const step = setInterval(() => {
    const now = performance.now();
    world = advance(world, now - last);
    last = now;
    const working = new Map(
      world.services.map((each) => [keyOf(each), each.tasks.find(({ status }) => status === 'RUNNING')]),
    );
    // One consumer is enough to empty a queue; two hundred of them would be what the machine is busy with.
    for (const { queue, workers } of crews) {
      const task = working.get(queue.key);
      workers.follow(task === undefined ? [] : [task.id]);
    }
  }, STEP_MS);

  return {
    queues: new Map(queues.map((queue) => [queue.key, queue])),
    play: (own, watch) => {
      const folder = mkdtempSync(join(tmpdir(), 'pulsescale-many-'));
      const file = join(folder, 'pulsescale.json');
      writeFileSync(file, JSON.stringify(own));
      const lambdas = startLambdas(
        { ...env, LOG_LEVEL: 'SILENT', PULSESCALE_BUCKET: BUCKET, PULSESCALE_CONFIG_FILE: file },
        process.stderr,
      );
      const machine = createMachine(loopDefinition(), {
        invoke: (room, event) => watch.around(room, event, () => lambdas.invoke(room, event)),
        publish: (publication) => sns.send(new PublishCommand(publication)),
        topicArn: subscription.topicArn,
        onTrouble: (_kind, where, why) => watch.trouble(`${where}: ${why}`),
        onHandOver: () => undefined,
      });
      machine.start({});
      return {
        stop: async () => {
          await machine.stop();
          // Nobody waits for it; but to the next lane these services would be those of another one that lives.
          const leave = { act: 'release', lane: own.loop.name, execution: watch.holder() };
          await lambdas.invoke('lease', { ...leave, at: new Date().toISOString() }).catch(() => undefined);
          await lambdas.stop();
          rmSync(folder, { recursive: true, force: true });
        },
      };
    },
    close: async () => {
      clearInterval(step);
      subscription.stop();
      await Promise.all(crews.map(({ workers }) => workers.stop()));
      await Promise.allSettled(queues.map((queue) => queue.close()));
      await endpoints.close();
    },
  };
};
