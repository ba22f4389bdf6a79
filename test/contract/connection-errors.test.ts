/** Failures as Node and its clients really throw them: made here, not written down. */
import { once } from 'node:events';
import { request } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { expect, test } from '@jest/globals';
import { explainConnection } from '../../lambdas/contract/connection-errors.ts';

const failureOf = async (socket: { once: (event: 'error', listener: (error: Error) => void) => unknown }) => {
  const [error] = await once(socket as never, 'error');
  return explainConnection(error, 'redis://cache:6379');
};

const listening = async (onSocket: Parameters<typeof createServer>[1]) => {
  const server = createServer(onSocket);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
};

test('nobody listens', async () => {
  const { server, port } = await listening(() => undefined);
  server.close();
  await once(server, 'close');
  expect(await failureOf(connect(port, '127.0.0.1'))).toMatch(/redis:\/\/cache:6379 refused the connection/);
});

test('a name that nobody knows', async () => {
  expect(await failureOf(connect(6379, 'cache.invalid'))).toMatch(/has no address/);
});

test('TLS to a plain port', async () => {
  const { server, port } = await listening((socket) => socket.end('-ERR unknown command\r\n'));
  expect(await failureOf(tlsConnect(port, '127.0.0.1'))).toMatch(/TLS port, and is tls set right/);
  server.close();
});

test('a connection that is cut', async () => {
  const { server, port } = await listening((socket) => socket.destroy());
  expect(await failureOf(request({ port, host: '127.0.0.1' }).end())).toMatch(/closed the connection/);
  server.close();
});

test('no answer', () => {
  expect(explainConnection(new DOMException('late', 'TimeoutError'), 'it')).toMatch(/did not answer in time/);
});

test('the cause inside an error counts, and in every one of several', () => {
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  expect(explainConnection(new Error('fetch failed', { cause: refused }), 'it')).toMatch(/refused/);
  expect(explainConnection(new AggregateError([refused], ''), 'it')).toMatch(/refused/);
});

test('what is no failure of the connection is left to the source', () => {
  expect(explainConnection(new Error('WRONGTYPE Operation against a key'), 'it')).toBeUndefined();
});
