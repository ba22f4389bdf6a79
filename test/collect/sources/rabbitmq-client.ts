/** RabbitMQ from the side of those who send, consume and administer it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type ConfirmChannel, connect } from 'amqplib';
import type { RabbitmqAddress } from '../../servers/rabbitmq.ts';

export interface RabbitmqClient {
  /** Does something on a channel of its own, and closes its connection after it. */
  readonly run: <T>(work: (channel: ConfirmChannel) => Promise<T>, vhost?: string) => Promise<T>;
  /** A channel that stays open; the second part ends it. */
  readonly open: (vhost?: string) => Promise<readonly [ConfirmChannel, close: () => Promise<void>]>;
  readonly create: (
    queue: string,
    options?: { readonly type?: string; readonly vhost?: string },
  ) => Promise<void>;
  /** Resolves when the broker has them on its disk. */
  readonly send: (queue: string, messages: number, vhost?: string) => Promise<void>;
  /** Takes so many and acknowledges them. */
  readonly finish: (queue: string, messages: number) => Promise<void>;
  /** Takes so many and keeps them; the answer puts them back. */
  readonly hold: (queue: string, messages: number) => Promise<() => Promise<void>>;
  /** The management API. @throws Error when it refuses */
  readonly api: (method: string, path: string, body?: object) => Promise<unknown>;
  /** As an operator would: the source's AMQP connection, which must be there, is told to go. */
  readonly closeConnections: () => Promise<void>;
}

interface Listed {
  readonly name: string;
  readonly user_provided_name?: string;
}

export const rabbitmqClient = (address: RabbitmqAddress): RabbitmqClient => {
  const { host, port, username, password, managementUrl } = address;

  const open: RabbitmqClient['open'] = async (vhost = '/') => {
    const model = await connect({ hostname: host, port, username, password, vhost });
    model.on('error', () => undefined);
    const channel = await model.createConfirmChannel();
    channel.on('error', () => undefined);
    return [channel, () => model.close().catch(() => undefined)];
  };
  const run: RabbitmqClient['run'] = async (work, vhost) => {
    const [channel, close] = await open(vhost);
    return work(channel).finally(close);
  };
  const take = async (channel: ConfirmChannel, queue: string, messages: number): Promise<void> => {
    for (let taken = 0; taken < messages; taken += 1)
      if ((await channel.get(queue)) === false) throw new Error(`${queue} has only ${taken} messages`);
  };
  const api: RabbitmqClient['api'] = async (method, path, body) => {
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const response = await fetch(`${managementUrl}/api${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };

  return {
    run,
    open,
    api,
    create: (queue, { type = 'classic', vhost } = {}) =>
      run(
        async (channel) =>
          void (await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': type } })),
        vhost,
      ),
    send: (queue, messages, vhost) =>
      run(async (channel) => {
        for (let sent = 0; sent < messages; sent += 1)
          channel.sendToQueue(queue, Buffer.from(`order ${sent}`), { persistent: true });
        await channel.waitForConfirms();
      }, vhost),
    finish: (queue, messages) =>
      run(async (channel) => {
        await take(channel, queue, messages);
        channel.ackAll();
        await channel.checkQueue(queue);
      }),
    hold: async (queue, messages) => {
      const [channel, close] = await open();
      await take(channel, queue, messages);
      return close;
    },
    closeConnections: async () => {
      const listed = async () => {
        const connections = (await api('GET', '/connections')) as readonly Listed[];
        return connections.filter(({ user_provided_name: name }) => name === 'pulsescale');
      };
      // The list is made of statistics.
      while ((await listed()).length === 0) await sleep(100);
      for (const { name } of await listed()) await api('DELETE', `/connections/${encodeURIComponent(name)}`);
      while ((await listed()).length > 0) await sleep(100);
    },
  };
};
