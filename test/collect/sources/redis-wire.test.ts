/** Servers that say something else than an answer, or nothing at all. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { closeConnections } from '../../../lambdas/collect/connections.ts';
import { readOne } from './behaviour.ts';

describe('a server that says something else', () => {
  /** Answers every command with one line. */
  const saying = async (line: string) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => socket.write(`${line}\r\n`));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return { type: 'redis', host: '127.0.0.1', port, queueKey: 'orders', close: () => server.close() };
  };

  test.each([
    ['-LOADING Redis is loading the dataset in memory', /cannot answer just now \(LOADING.*next tick/],
    ['-MASTERDOWN Link with MASTER is down', /cannot answer just now/],
    ['-CLUSTERDOWN The cluster is down', /cannot answer just now/],
    ['-BUSY Redis is busy running a script.', /cannot answer just now/],
    ['-ERR max number of clients reached', /maxclients/],
    ['-DENIED Redis is running in protected mode because', /protected mode/],
    ['-ERR invalid password', /refused the user default/],
    [
      '-ERR unknown command `LLEN`, with args beginning with: `secret-key`',
      /answered: ERR unknown command `LLEN`$/,
    ],
    ['$-1', /answered null in place of a count/],
    ['+OK', /answered "OK" in place of a count/],
    [':-1', /visible = -1/],
    ['HTTP/1.1 400 Bad Request', /did not answer in time/],
  ])('%s', async (line, why) => {
    const { close, ...options } = await saying(line);
    // Only who never gets a whole answer need be short.
    const patience = line.startsWith('HTTP') ? { timeLimit: '500ms' } : {};
    const reading = await readOne({ ...options, ...patience });
    expect(reading).toMatchObject({ known: false, why: expect.stringMatching(why) });
    await closeConnections();
    close();
  });
});

describe('a server that accepts and keeps silent', () => {
  test.each([
    ['before the password', { password: 'p' }],
    ['before the first answer', {}],
    ['before TLS', { tls: true }],
    ['as a node of a cluster', { cluster: true, password: 'p' }],
    ['as a sentinel', { sentinels: true }],
  ])(
    '%s: nothing is left open',
    async (_, more) => {
      let accepted = 0;
      const server = createServer((socket) => {
        accepted += 1;
        socket.on('error', () => undefined);
        socket.resume();
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const place = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
      const options =
        'sentinels' in more ? { sentinels: [place, place], sentinelName: 'mymaster' } : { ...place, ...more };
      expect(await readOne({ type: 'redis', queueKey: 'orders', timeLimit: '1s', ...options })).toMatchObject(
        {
          known: false,
          why: expect.stringMatching(/did not answer in time/),
        },
      );
      expect(accepted).toBeGreaterThan(0);
      // Closes when the last connection is gone, and so fails by the limit of this test if one stays.
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
    10_000,
  );
});
