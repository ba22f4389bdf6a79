/**
 * The demo's RabbitMQ queue: durable, with persistent messages; a task is a consumer with prefetch 1 that acknowledges after
 * the work. A broker that goes away hands out again what was not acknowledged.
 *
 * It is watched by the management API where that is known, in the form that asks the queue itself and not the statistics; else
 * over AMQP, which does not tell what is in flight.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { openRequester } from '../../../lambdas/collect/sources/http/request.ts';
import {
  baseUrlOf,
  brokerOf,
  loginOf,
  managementTls,
  type Options,
  serverName,
} from '../../../lambdas/collect/sources/rabbitmq/options.ts';
import { type DemoTask, defineDemoQueue } from '../queue.ts';

const LIMIT_MS = 2000;
const GOODBYE_MS = 500;

interface Line {
  readonly channel: ConfirmChannel;
  /** Rejects when the connection has ended. */
  readonly ended: Promise<never>;
  readonly close: () => Promise<void>;
}

const closed = async (model: ChannelModel): Promise<void> => {
  // A broker that is going away does not say good-bye.
  await Promise.race([model.close().catch(() => undefined), sleep(GOODBYE_MS)]);
};

const lineTo = async (options: Options): Promise<Line> => {
  const { connect } = await import('amqplib');
  const { host: hostname, port, tls } = brokerOf(options);
  const server = { protocol: tls === undefined ? 'amqp' : 'amqps', hostname, port, vhost: options.vhost };
  const socket = { ...tls, noDelay: true, timeout: LIMIT_MS };
  const model = await connect({ ...server, ...loginOf(options) }, socket);
  // Errors without a listener would end the runner; whoever waits is told by `ended`.
  model.on('error', () => undefined);
  const ended = new Promise<never>((_, reject) => {
    model.once('close', () => reject(new Error(`${serverName(options)} has ended the connection`)));
  });
  ended.catch(() => undefined);
  const channel = await model.createConfirmChannel();
  channel.on('error', () => undefined);
  return { channel, ended, close: () => closed(model) };
};

/** The demo's own connection, opened when it is needed and again after it was lost. */
const keptLine = (options: Options) => {
  let kept: Promise<Line> | undefined;
  const lose = (line: Promise<Line>): void => {
    if (kept === line) kept = undefined;
  };
  const open = (): Promise<Line> => {
    const line = lineTo(options);
    line.then(({ ended }) => ended).catch(() => lose(line));
    return line;
  };
  const end = (line: Promise<Line> | undefined): Promise<void> =>
    Promise.resolve(line?.then(({ close }) => close())).catch(() => undefined);
  return {
    use: async <T>(work: (channel: ConfirmChannel) => Promise<T>): Promise<T> => {
      kept ??= open();
      const line = kept;
      try {
        const { channel, ended } = await line;
        return await Promise.race([work(channel), ended]);
      } catch (thrown) {
        // A channel that was refused something is closed.
        lose(line);
        void end(line);
        throw thrown;
      }
    },
    close: () => end(kept),
  };
};
type KeptLine = ReturnType<typeof keptLine>;

/** As the configuration's owner made it, if it is there. */
const makeQueue = ({ use }: KeptLine, queue: string): Promise<unknown> =>
  use((channel) => channel.checkQueue(queue)).catch((thrown: { code?: unknown }) => {
    if (thrown.code !== 404) throw thrown;
    return use((channel) => channel.assertQueue(queue, { durable: true }));
  });

interface Counted {
  readonly name: string;
  readonly messages_ready?: number;
  readonly messages_unacknowledged?: number;
}

const watcherBy = (options: Options, managementUrl: string) => {
  const { queue, vhost } = options;
  const requester = openRequester(loginOf(options), managementTls({ ...options, managementUrl }));
  const url = `${baseUrlOf(managementUrl)}/api/queues/${encodeURIComponent(vhost)}?disable_stats=true&enable_queue_totals=true`;
  return {
    depth: async () => {
      const text = await requester.ask({ url, signal: AbortSignal.timeout(LIMIT_MS) });
      const found = (JSON.parse(text) as readonly Counted[]).find(({ name }) => name === queue);
      const { messages_ready: backlog, messages_unacknowledged: inFlight } = found ?? {};
      if (backlog === undefined || inFlight === undefined)
        throw new Error(`RabbitMQ does not tell how many messages are in ${queue}`);
      return { backlog, inFlight };
    },
    close: requester.close,
  };
};

const workOn = async (
  { channel, ended, close }: Line,
  queue: string,
  task: DemoTask,
  workMs: number,
  stop: AbortSignal,
): Promise<void> => {
  const { promise: stopped, resolve, reject } = Promise.withResolvers<void>();
  stop.addEventListener('abort', () => resolve(), { once: true });
  if (stop.aborted) resolve();
  let busy: Promise<void> | undefined;
  await channel.prefetch(1);
  const { consumerTag } = await channel.consume(queue, (message) => {
    // What still comes after the stop is handed to another task.
    if (message === null || stop.aborted) return;
    busy = task.work(workMs, message.properties.messageId).then(() => channel.ack(message));
    busy.catch(reject);
  });
  try {
    await Promise.race([stopped, ended]);
    await channel.cancel(consumerTag);
    await busy;
    // After the acknowledgement, on the same channel: so it has arrived.
    await channel.close();
  } finally {
    await close();
  }
};

export const rabbitmq = defineDemoQueue<Options>({
  type: 'rabbitmq',
  server: {
    name: 'rabbitmq',
    settings: 'RABBITMQ_HOST and RABBITMQ_PORT, or host and port of the source',
    named: (options) => {
      if (options.host === undefined)
        throw new Error(
          'the demo sends and consumes over AMQP: give host and port of the broker besides managementUrl',
        );
      const { host, port } = brokerOf(options);
      return { places: [{ host, port }], ...loginOf(options) };
    },
    demo: ({ host, port, managementUrl, username, password = '' }) => ({
      source: {
        type: 'rabbitmq',
        host,
        port,
        managementUrl,
        queue: 'orders',
        username,
        password: '%(PULSESCALE_DEMO_PASSWORD)',
      },
      env: { PULSESCALE_DEMO_PASSWORD: password },
    }),
  },
  open: async (options, { key, server }) => {
    const { queue } = options;
    const line = keptLine(options);
    await makeQueue(line, queue);
    const managementUrl = server.managementUrl ?? options.managementUrl;
    const watcher = managementUrl === undefined ? undefined : watcherBy(options, managementUrl);
    return {
      key,
      send: (messages) =>
        line.use(async (channel) => {
          const burst = Date.now();
          for (let sent = 0; sent < messages; sent += 1) {
            const properties = { persistent: true, messageId: `${burst}-${sent}` };
            channel.sendToQueue(queue, Buffer.from(JSON.stringify({ order: sent })), properties);
          }
          await channel.waitForConfirms();
        }),
      depth: async () => {
        if (watcher !== undefined) return watcher.depth();
        const { messageCount } = await line.use((channel) => channel.checkQueue(queue));
        return { backlog: messageCount, inFlight: null };
      },
      work: async (task, workMs, stop) => workOn(await lineTo(options), queue, task, workMs, stop),
      close: async () => {
        watcher?.close();
        await line.close();
      },
    };
  },
});
