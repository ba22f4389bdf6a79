/**
 * The demo's Redis queue: a list whose messages move to the processing list while they are worked on, or a stream with a
 * consumer group.
 *
 * Gotchas: a server that goes away in the middle of a message leaves it among those in flight. A task so remembers what it
 * has finished and could not acknowledge, and does that first when the server is back. Redis hands out nothing again by
 * itself either: what a killed task has left behind is taken over by the next one, as a reaper would.
 */
import {
  isCluster,
  type Options,
  placesIn,
  serverName,
  tlsOf,
} from '../../../lambdas/collect/sources/redis/options.ts';
import { type DemoTask, defineDemoQueue } from '../queue.ts';

/** So many are sent with one command. */
const BATCH = 1000;

/** A blocking command this short lets a stopped task go soon. */
const BLOCK_SECONDS = 1;

/** Where the configuration names no group, the demo's own; the loop then counts the stream's entries. */
const OWN_GROUP = 'pulsescale-demo';

const clientOf = async (options: Options, reconnect: boolean) => {
  const { createClient } = await import('redis');
  const { host = '', port, username, password, database } = options;
  const tls = tlsOf(options);
  const socket = { host, port, connectTimeout: 2000, reconnectStrategy: reconnect ? 250 : (false as const) };
  const client = createClient({
    socket: tls === undefined ? socket : { ...socket, ...tls, tls: true },
    database,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    // Without this a command would wait for the server to be back, in place of saying that it is away.
    disableOfflineQueue: true,
  });
  // An error that nobody listens to would end the runner; whoever sends a command gets it as well.
  client.on('error', () => undefined);
  await client.connect();
  return client;
};
type Client = Awaited<ReturnType<typeof clientOf>>;

/** How a list and a stream differ. A receipt is what acknowledges a message. */
interface Shape {
  readonly create: (client: Client) => Promise<unknown>;
  readonly send: (client: Client, messages: readonly string[]) => Promise<unknown>;
  readonly take: (client: Client, task: DemoTask) => Promise<string | undefined>;
  /** Takes what another task has left behind: puts it back to be taken next, or answers its receipt. */
  readonly takeOver: (client: Client, task: DemoTask, receipt: string) => Promise<string | undefined>;
  readonly acknowledge: (client: Client, receipt: string) => Promise<unknown>;
  readonly depth: (client: Client) => Promise<{ readonly backlog: number; readonly inFlight: number }>;
}

const list = ({ queueKey, processingKey = `${queueKey}:processing` }: Options): Shape => ({
  create: async () => undefined,
  send: (client, messages) => client.rPush(queueKey, [...messages]),
  take: async (client) =>
    (await client.blMove(queueKey, processingKey, 'LEFT', 'RIGHT', BLOCK_SECONDS)) ?? undefined,
  takeOver: async (client, _task, receipt) => {
    await client.multi().lRem(processingKey, 1, receipt).lPush(queueKey, receipt).exec();
    return undefined;
  },
  acknowledge: (client, receipt) => client.lRem(processingKey, 1, receipt),
  depth: async (client) => {
    const [backlog, inFlight] = await Promise.all([client.lLen(queueKey), client.lLen(processingKey)]);
    return { backlog, inFlight };
  },
});

const stream = ({ queueKey, consumerGroup }: Options): Shape => {
  const group = consumerGroup ?? OWN_GROUP;
  return {
    create: (client) =>
      client.xGroupCreate(queueKey, group, '0', { MKSTREAM: true }).catch((thrown: Error) => {
        if (!thrown.message.startsWith('BUSYGROUP')) throw thrown;
      }),
    send: (client, messages) =>
      Promise.all(messages.map((message) => client.xAdd(queueKey, '*', { message }))),
    take: async (client, { id }) => {
      // First what was handed to this task and got lost on the way.
      for (const from of ['0', '>']) {
        const found = await client.xReadGroup(
          group,
          id,
          { key: queueKey, id: from },
          { COUNT: 1, BLOCK: BLOCK_SECONDS * 1000 },
        );
        const [entry] = found?.[0]?.messages ?? [];
        if (entry !== undefined) return entry.id;
      }
      return undefined;
    },
    takeOver: async (client, { id }, receipt) => {
      await client.xClaim(queueKey, group, id, 0, receipt);
      return receipt;
    },
    acknowledge: async (client, receipt) => {
      await client.xAck(queueKey, group, receipt);
      if (consumerGroup === undefined) await client.xDel(queueKey, receipt);
    },
    depth: async (client) => {
      const [length, { pending }] = await Promise.all([
        client.xLen(queueKey),
        client.xPending(queueKey, group),
      ]);
      if (consumerGroup === undefined) return { backlog: length - pending, inFlight: pending };
      const groups = await client.xInfoGroups(queueKey);
      const lag = groups.find(({ name }) => name === group)?.lag;
      if (typeof lag !== 'number') throw new Error(`Redis does not know the lag of group ${group}`);
      return { backlog: lag, inFlight: pending };
    },
  };
};

export const redis = defineDemoQueue<Options>({
  type: 'redis',
  server: {
    name: 'redis',
    settings: 'REDIS_HOST and REDIS_PORT, or host and port of the source',
    named: (options) => ({
      places: placesIn(options),
      username: options.username,
      password: options.password,
    }),
    demo: ({ host, port, password }) => ({
      source: {
        type: 'redis',
        host,
        port,
        queueKey: 'orders',
        processingKey: 'orders:processing',
        ...(password === undefined ? {} : { password: '%(PULSESCALE_DEMO_PASSWORD)' }),
      },
      ...(password === undefined ? {} : { env: { PULSESCALE_DEMO_PASSWORD: password } }),
    }),
  },
  open: async (options, { key }) => {
    if (isCluster(options) || options.sentinels !== undefined || options.queueType === 'bullmq') {
      throw new Error(
        `the demo works on a list or a stream of a single Redis server, not on ${serverName(options)} with queueType ${options.queueType}; run without --queue to have it scaled only`,
      );
    }
    const shape = options.queueType === 'stream' ? stream(options) : list(options);
    const direct = await clientOf(options, true);
    await shape.create(direct);
    const finished = new Set<string>();
    const orphaned = new Set<string>();
    const acknowledge = async (client: Client, receipt: string): Promise<void> => {
      finished.add(receipt);
      await shape.acknowledge(client, receipt);
      finished.delete(receipt);
    };

    return {
      key,
      send: async (messages) => {
        const burst = Date.now();
        for (let sent = 0; sent < messages; sent += BATCH) {
          const orders = Array.from({ length: Math.min(BATCH, messages - sent) }, (_, index) =>
            JSON.stringify({ order: `${burst}-${sent + index}` }),
          );
          await shape.send(direct, orders);
        }
      },
      depth: () => shape.depth(direct),
      work: async (task, workMs, stop) => {
        const client = await clientOf(options, false);
        try {
          for (const receipt of finished) await acknowledge(client, receipt);
          while (!stop.aborted) {
            const [orphan] = orphaned;
            if (orphan !== undefined) orphaned.delete(orphan);
            const taken = orphan === undefined ? undefined : await shape.takeOver(client, task, orphan);
            const receipt = taken ?? (await shape.take(client, task));
            if (receipt === undefined) continue;
            await task.work(workMs, receipt).catch((thrown: unknown) => {
              orphaned.add(receipt);
              throw thrown;
            });
            await acknowledge(client, receipt);
          }
        } finally {
          client.destroy();
        }
      },
      close: async () => direct.destroy(),
    };
  },
});
