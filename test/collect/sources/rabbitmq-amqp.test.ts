/** What only AMQP has: channels, connections that the broker ends, and two zeros that may be none. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeConnections } from '../../../lambdas/collect/connections.ts';
import type { Reading } from '../../../lambdas/contract/records.ts';
import { decide } from '../../../lambdas/decide/decide.ts';
import { startSecretsManager } from '../../endpoints/secrets-manager.ts';
import { circumstances, counts, sample, service } from '../../samples.ts';
import { type RabbitmqAddress, startRabbitmq } from '../../servers/rabbitmq.ts';
import { type Server, START_LIMIT_MS } from '../../servers/server.ts';
import { type Options, readAll, readOne, settles, sockets } from './behaviour.ts';
import { type RabbitmqClient, rabbitmqClient } from './rabbitmq-client.ts';

let server: Server<RabbitmqAddress>;
let client: RabbitmqClient;
let of: (queue: string, more?: Options) => Options;
beforeAll(async () => {
  server = await startRabbitmq({ tls: true });
  client = rabbitmqClient(server.address);
  const { host, port, username, password } = server.address;
  of = (queue, more = {}) => ({ type: 'rabbitmq', host, port, username, password, queue, ...more });
}, START_LIMIT_MS);
afterAll(async () => {
  await closeConnections();
  await server?.close();
});

test('fifty services are read in one tick over one connection', async () => {
  const queues = Array.from({ length: 50 }, (_, index) => `q${index}`);
  for (const [index, queue] of queues.entries()) {
    await client.create(queue);
    await client.send(queue, index % 5);
  }
  await readAll(queues.map((queue) => of(queue)));
  const before = sockets();
  const readings = await readAll(queues.map((queue) => of(queue)));
  expect(readings).toMatchObject(queues.map((_, index) => ({ known: true, visible: index % 5 })));
  expect(sockets()).toBe(before);
}, 60_000);

test('nothing is consumed, and nothing is said about messages in flight', async () => {
  await client.create('untouched');
  await client.send('untouched', 3);
  for (let reading = 0; reading < 20; reading += 1) await readOne(of('untouched'));
  expect(await readOne(of('untouched'))).toEqual({ known: true, visible: 3, at: expect.any(String) });
  const message = await client.run((channel) => channel.get('untouched'));
  expect(message).toMatchObject({ fields: { redelivered: false, messageCount: 2 } });
});

test('an exclusive queue is unknown', async () => {
  const [channel, close] = await client.open();
  await channel.assertQueue('mine', { exclusive: true });
  expect(await readOne(of('mine'))).toMatchObject({
    known: false,
    why: expect.stringMatching(/exclusive to another connection: give managementUrl/),
  });
  await close();
});

describe('neither messages nor consumers', () => {
  test('is a floor only where somebody consumed a moment ago: it lowers no count', async () => {
    await client.create('consumed');
    expect(await readOne(of('consumed'))).not.toHaveProperty('atLeast');

    const [channel, close] = await client.open();
    await channel.consume('consumed', (message) => message && channel.ack(message));
    const drained = await readOne(of('consumed'));
    expect(drained).toMatchObject({ known: true, visible: 0 });
    expect(drained).not.toHaveProperty('atLeast');
    await close();

    const left = {
      visible: 0,
      atLeast: true,
      notes: [expect.stringMatching(/quorum queue without a leader/)],
    };
    await settles(of('consumed'), left);
    // Nor does a new connection forget it: a node that goes away takes the connections along.
    await client.closeConnections();
    await settles(of('consumed'), left);

    const policy = { type: 'target', backlogPerTask: 1, count: 'visible' };
    const to = (reading: Reading) =>
      decide(
        sample({ service: service({ policy }), counts: counts(5), readings: [reading] }),
        circumstances(),
      ).decision.to;
    expect(to(drained)).toBe(0);
    expect(to(await readOne(of('consumed')))).toBe(5);
  }, 30_000);

  test('is a 0 again once messages have been seen without a consumer', async () => {
    await client.create('polled');
    const [channel, close] = await client.open();
    await channel.consume('polled', () => undefined);
    await readOne(of('polled'));
    await close();
    await settles(of('polled'), { visible: 0, atLeast: true });
    await client.send('polled', 1);
    await settles(of('polled'), { visible: 1 });
    await client.finish('polled', 1);
    const empty = await readOne(of('polled'));
    expect(empty).toMatchObject({ known: true, visible: 0 });
    expect(empty).not.toHaveProperty('atLeast');
  }, 30_000);
});

test('a connection that the broker ends costs a tick at most', async () => {
  await client.create('ended');
  await client.send('ended', 2);
  await settles(of('ended'), { known: true, visible: 2 });
  await client.closeConnections();
  expect(await readOne(of('ended'))).toMatchObject({
    known: false,
    why: expect.stringMatching(/closed the connection: it is opened again at the next tick/),
  });
  await settles(of('ended'), { known: true, visible: 2 });
}, 30_000);

test('a rotated password is fetched and used within the reading', async () => {
  const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:rabbit-AbCdEf';
  const secrets = await startSecretsManager();
  Object.assign(process.env, secrets.env);
  const rotate = async (password: string) => {
    await client.api('PUT', '/users/rotated', { password, tags: '' });
    secrets.set(arn, JSON.stringify({ username: 'rotated', password }));
  };
  await rotate('first');
  await client.api('PUT', '/permissions/%2F/rotated', { configure: '', write: '', read: '.*' });
  await client.create('kept');
  const { username: _, password: __, ...bare } = of('kept');
  const given = { ...bare, username: 'rotated', passwordSecret: arn };
  expect(await readOne(given)).toMatchObject({ known: true, visible: 0 });
  await rotate('second');
  await closeConnections();
  expect(await readOne(given)).toMatchObject({ known: true, visible: 0 });
  expect(secrets.calls(arn)).toBe(2);
  await secrets.close();
});

describe('TLS', () => {
  test('what a wrong idea of it comes to', async () => {
    const { port, tlsPort = 0, ca = '' } = server.address;
    await client.create('orders');
    expect(
      await readAll([
        of('orders', { port: tlsPort, timeLimit: '500ms' }),
        of('orders', { port, tls: true, timeLimit: '500ms' }),
        of('orders', { port: tlsPort, tls: { verify: false } }),
        of('orders', { host: 'localhost', port: tlsPort, tls: { ca } }),
        of('orders', { port: tlsPort, tls: { ca, serverName: 'elsewhere' } }),
      ]),
    ).toMatchObject([
      { known: false, why: expect.stringMatching(/closed the connection|in time|TLS/) },
      { known: false, why: expect.stringMatching(/does not speak TLS/) },
      { known: true },
      { known: true },
      { known: false, why: expect.stringMatching(/tls\.serverName/) },
    ]);
  });

  test('a server that never shakes hands is left without a trace', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { readonly port: number };
    const gone = once(silent, 'connection').then(([socket]) => once(socket.resume(), 'close'));
    await readOne(of('orders', { port, tls: true, timeLimit: '300ms' }));
    await gone;
    silent.close();
  }, 10_000);
});
