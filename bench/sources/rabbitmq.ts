import { connect } from 'amqplib';
import type { SourceCase } from './case.ts';

const queueOf = (index: number): string => `orders-${index}`;

interface Login {
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

const brokerAt = ({ port, username, password }: Login) =>
  connect({ protocol: 'amqp', hostname: '127.0.0.1', port, username, password, vhost: '/' });

const makeQueues = async (login: Login, queues: number): Promise<void> => {
  const connection = await brokerAt(login);
  const channel = await connection.createChannel();
  for (let index = 0; index < queues; index += 1) {
    await channel.assertQueue(queueOf(index), { durable: false });
    channel.sendToQueue(queueOf(index), Buffer.from('a'));
  }
  await channel.close();
  await connection.close();
};

/** Ready messages only, by a passive declaration. */
export const rabbitmqAmqp: SourceCase = {
  name: 'rabbitmq amqp',
  server: 'rabbitmq',
  open: async ({ port = 5672, username = '', password = '' }, queues, network) => {
    process.env.BENCH_PASSWORD = password;
    await makeQueues({ port, username, password }, queues);
    const login = { port: await network.to(port), username, password };
    return {
      options: (index) => ({
        type: 'rabbitmq',
        host: '127.0.0.1',
        ...login,
        password: '%(BENCH_PASSWORD)',
        queue: queueOf(index),
      }),
      bare: async () => {
        const connection = await brokerAt(login);
        connection.on('error', () => undefined);
        const channel = await connection.createChannel();
        return { ask: (index) => channel.checkQueue(queueOf(index)), close: () => connection.close() };
      },
      close: () => undefined,
    };
  },
};

/** Everything, by the management API. */
export const rabbitmqManagement: SourceCase = {
  name: 'rabbitmq management',
  server: 'rabbitmq',
  open: async ({ port = 5672, managementUrl = '', username = '', password = '' }, queues, network) => {
    process.env.BENCH_PASSWORD = password;
    await makeQueues({ port, username, password }, queues);
    const managementPort = await network.to(Number(new URL(managementUrl).port));
    const url = `http://127.0.0.1:${managementPort}`;
    const headers = { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
    return {
      options: (index) => ({
        type: 'rabbitmq',
        managementUrl: url,
        username,
        password: '%(BENCH_PASSWORD)',
        queue: queueOf(index),
      }),
      bare: async () => ({
        ask: async (index) => (await fetch(`${url}/api/queues/%2F/${queueOf(index)}`, { headers })).json(),
        close: () => undefined,
      }),
      close: () => undefined,
    };
  },
};
