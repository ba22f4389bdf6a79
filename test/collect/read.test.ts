import { createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { closeConnections } from '../../lambdas/collect/connections.ts';
import { readOne, settles } from './sources/behaviour.ts';

afterEach(closeConnections);

test('a server that keeps silent is waited for less and less, says so, and is read when it is back', async () => {
  const held = new Set<Socket>();
  let silent = true;
  const server = createServer((socket) => {
    held.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => {
      const text = '{"waiting":7}';
      if (!silent)
        socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\nconnection: close\r\n\r\n${text}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const given = { type: 'http', url: `http://127.0.0.1:${port}/`, field: 'waiting', timeLimit: '1s' };
  try {
    const whole = /did not answer in time[^()]*$/;
    const short = /did not answer in time.*\(given 300 ms of 1000, since it keeps silent\)$/;
    for (const why of [whole, whole, short, short, whole, short])
      expect(await readOne(given)).toMatchObject({ known: false, why: expect.stringMatching(why) });
    silent = false;
    await settles(given, { known: true, value: 7 });
    silent = true;
    expect(await readOne(given)).toMatchObject({ known: false, why: expect.stringMatching(whole) });
  } finally {
    for (const socket of held) socket.destroy();
    server.close();
  }
}, 30_000);
