import type { Client } from '@stomp/stompjs';
import { openSession, type StompSession } from '../../lambdas/collect/sources/activemq/stomp.ts';
import type { ServerAddress } from '../../local/demo/queue.ts';
import type { SourceCase } from './case.ts';

const queueOf = (index: number): string => `orders-${index}`;

const sessionAt = (port: number, { username, password }: ServerAddress): Promise<StompSession> =>
  openSession(
    { url: `stomp://127.0.0.1:${port}`, host: '127.0.0.1', port, secure: false },
    { login: { username, password }, tls: {}, signal: AbortSignal.timeout(5000) },
  );

const makeQueues = async (address: ServerAddress, queues: number): Promise<void> => {
  const { client, end } = await sessionAt(address.stompPort ?? 61613, address);
  for (let index = 0; index < queues; index += 1)
    client.publish({ destination: `/queue/${queueOf(index)}`, body: 'a' });
  // The broker answers a goodbye after it has read what came before.
  await end();
};

const FIRST_MESSAGE = 'ActiveMQ.Statistics.Destination.Include.First.Message.Timestamp';

/** Asks as the source does; one session's answers come in the order of its questions. */
const asker = (client: Client): ((index: number) => Promise<unknown>) => {
  const asked: ((answer: unknown) => void)[] = [];
  client.subscribe('/temp-queue/bench', ({ body }) => asked.shift()?.(JSON.parse(body)), {
    transformation: 'jms-map-json',
  });
  return (index) =>
    new Promise((resolve) => {
      asked.push(resolve);
      const destination = `/topic/ActiveMQ.Statistics.Destination.queue://${queueOf(index)}`;
      const headers = { 'reply-to': '/temp-queue/bench', [FIRST_MESSAGE]: 'true' };
      client.publish({ destination, headers });
    });
};

export const activemqStatistics: SourceCase = {
  name: 'activemq statistics',
  server: 'activemq',
  open: async (address, queues, network) => {
    const { stompPort = 61613, username = '', password = '' } = address;
    process.env.BENCH_PASSWORD = password;
    await makeQueues(address, queues);
    const port = await network.to(stompPort);
    return {
      options: (index) => ({
        type: 'activemq',
        endpoints: [`stomp://127.0.0.1:${port}`],
        username,
        password: '%(BENCH_PASSWORD)',
        queueName: queueOf(index),
      }),
      bare: async () => {
        const { client, end } = await sessionAt(port, address);
        return { ask: asker(client), close: end };
      },
      close: () => undefined,
    };
  },
};

export const activemqJolokia: SourceCase = {
  name: 'activemq jolokia',
  server: 'activemq',
  open: async (address, queues, network) => {
    const { jolokiaUrl = '', username = '', password = '' } = address;
    process.env.BENCH_PASSWORD = password;
    await makeQueues(address, queues);
    const url = `http://127.0.0.1:${await network.to(Number(new URL(jolokiaUrl).port))}`;
    const headers = {
      authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
      origin: 'http://localhost',
      'content-type': 'application/json',
    };
    return {
      options: (index) => ({
        type: 'activemq',
        endpoints: [url],
        username,
        password: '%(BENCH_PASSWORD)',
        queueName: queueOf(index),
      }),
      bare: async () => ({
        ask: async (index) => {
          const mbean = `org.apache.activemq:type=Broker,brokerName=localhost,destinationType=Queue,destinationName=${queueOf(index)}`;
          const attribute = ['QueueSize', 'InFlightCount', 'EnqueueCount', 'DequeueCount'];
          const body = JSON.stringify({ type: 'read', mbean, attribute });
          const answer = await fetch(`${url}/api/jolokia`, { method: 'POST', headers, body });
          return answer.json();
        },
        close: () => undefined,
      }),
      close: () => undefined,
    };
  },
};
