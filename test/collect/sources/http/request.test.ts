/** The request that sources share, against servers that do what servers do. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { httpTrouble } from '../../../../lambdas/collect/sources/http/http-error.ts';
import {
  type Asked,
  openRequester,
  type Requester,
} from '../../../../lambdas/collect/sources/http/request.ts';
import { messageOf } from '../../../../lambdas/contract/errors.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

const listening = async (server: Server): Promise<string> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const serve = (listener: RequestListener): Promise<string> => listening(createServer(listener));

const opened = (...given: Parameters<typeof openRequester>): Requester => {
  const requester = openRequester(...given);
  ends.push(() => void requester.close());
  return requester;
};

const plain = (): Requester => opened({}, undefined);

const asked = (url: string, more: Partial<Asked> = {}): Asked => ({
  url,
  signal: AbortSignal.timeout(10_000),
  ...more,
});

const failure = async (asking: Promise<unknown>): Promise<unknown> => {
  try {
    await asking;
  } catch (thrown) {
    return thrown;
  }
  throw new Error('it was answered');
};

describe('what is sent', () => {
  const mirror = () =>
    serve((request, response) => {
      const { method, headers, url } = request;
      let body = '';
      request.on('data', (chunk) => {
        body += String(chunk);
      });
      request.on('end', () => response.end(JSON.stringify({ method, headers, url, body })));
    });

  test.each([
    [{ username: 'söhne', password: 'p:w' }, `Basic ${Buffer.from('söhne:p:w').toString('base64')}`],
    [{ password: 'only' }, `Basic ${Buffer.from(':only').toString('base64')}`],
    [{ token: 'abc\n' }, 'Bearer abc'],
  ])('the login %j', async (login, authorization) => {
    const url = await mirror();
    const seen = JSON.parse(await opened(login, undefined).ask(asked(url)));
    expect(seen.headers).toMatchObject({ authorization, 'accept-encoding': 'identity' });
  });

  test('a body, with headers, path and query', async () => {
    const url = await mirror();
    const body = JSON.stringify({ wanted: 'ü' });
    const headers = { 'content-type': 'application/json' };
    const text = await plain().ask(asked(`${url}/a%2Fb?c=d`, { method: 'POST', body, headers }));
    expect(JSON.parse(text)).toMatchObject({ method: 'POST', body, headers, url: '/a%2Fb?c=d' });
  });
});

describe('sockets', () => {
  test('one is kept and used again; many requests share a few', async () => {
    const sockets = new Set<unknown>();
    let together = 0;
    let most = 0;
    const url = await serve(({ socket }, response) => {
      sockets.add(socket);
      together += 1;
      most = Math.max(most, together);
      setImmediate(() => {
        together -= 1;
        response.end('ok');
      });
    });
    const requester = opened({}, undefined, 3);
    await requester.ask(asked(url));
    await requester.ask(asked(url));
    expect(sockets.size).toBe(1);
    await Promise.all(Array.from({ length: 30 }, () => requester.ask(asked(url))));
    expect(sockets.size).toBeLessThanOrEqual(3);
    expect(most).toBeLessThanOrEqual(3);
  });

  test('one that the server closes as it is used again is no failure', async () => {
    // Answers once on every socket; a second request on it is met with a reset.
    const server = createSocketServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: keep-alive\r\n\r\nok');
        socket.once('data', () => socket.resetAndDestroy());
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ends.push(() => server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const requester = plain();
    await Promise.all([requester.ask(asked(url)), requester.ask(asked(url))]);
    for (let times = 0; times < 5; times += 1) expect(await requester.ask(asked(url))).toBe('ok');
    // A socket that was never used before is another matter: the server is in trouble.
    server.removeAllListeners('connection');
    server.on('connection', (socket) => socket.resetAndDestroy());
    expect(await failure(requester.ask(asked(url)))).toMatchObject({ code: 'ECONNRESET' });
  });

  test('closing lets what is under way and what waits come to its end, takes nothing new and leaves no socket', async () => {
    const sockets = new Set<unknown>();
    const answers: (() => void)[] = [];
    const server = createServer((_, response) => void answers.push(() => void response.end('ok')));
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    const url = await listening(server);
    const requester = opened({}, undefined, 2);
    const signal = AbortSignal.timeout(1000);
    const last = failure(requester.ask(asked(`${url}/never`, { signal })));
    const others = Array.from({ length: 6 }, () => requester.ask(asked(url)));
    while (answers.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    const closed = requester.close();
    expect(messageOf(await failure(requester.ask(asked(url))))).toMatch(/was closed/);
    answers.shift();
    for (let done = 0; done < 6; done += 1) {
      while (answers.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      answers.shift()?.();
    }
    expect(await Promise.all(others)).toEqual(Array.from({ length: 6 }, () => 'ok'));
    // One that is never answered ends with its time limit.
    expect(await last).toMatchObject({ name: 'TimeoutError' });
    await closed;
    while (sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  test('the time limit ends a request that has begun to be answered', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200);
      response.write('{"a":');
    });
    const signal = AbortSignal.timeout(100);
    expect(await failure(plain().ask(asked(url, { signal })))).toMatchObject({ name: 'TimeoutError' });
  });
});

describe('what is no answer', () => {
  test.each([
    [404, /\/depth\?… answered with status 404: is the path right\?/],
    [503, /status 503.*next tick/],
    [400, /status 400.*what it expects/],
    [304, /status 304/],
  ])('status %i', async (status, why) => {
    const url = await serve((_, response) => {
      response.writeHead(status).end(status === 304 ? undefined : 'the reason');
    });
    const thrown = await failure(plain().ask(asked(`${url}/depth?key=abc`)));
    expect(thrown).toMatchObject({ name: 'HttpError', status, body: status === 304 ? '' : 'the reason' });
    expect(messageOf(thrown)).toMatch(why);
    expect(messageOf(thrown)).not.toContain('abc');
    expect(httpTrouble(thrown, url, {})).toEqual({ kind: 'answered', why: messageOf(thrown) });
  });

  test('a refused login says whose it was', async () => {
    const url = await serve((_, response) => void response.writeHead(403).end());
    const thrown = await failure(plain().ask(asked(url)));
    expect(httpTrouble(thrown, url, {})).toMatchObject({
      kind: 'answered',
      why: expect.stringMatching(/credentials/),
    });
    expect(httpTrouble(thrown, url, { username: 'reader', password: 'x' })).toMatchObject({
      kind: 'login',
      why: expect.stringMatching(/refused the user reader: check username and password/),
    });
    expect(httpTrouble(thrown, url, { tokenSecret: 'arn:…' })).toMatchObject({
      kind: 'login',
      why: expect.stringMatching(/refused the token: check token/),
    });
  });

  test('more than 1 MB, of which the rest is never read', async () => {
    let written = 0;
    const url = await serve((request, response) => {
      const chunk = Buffer.alloc(65_536, ' ');
      const write = (): void => {
        while (!request.socket.destroyed) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', write);
        }
      };
      write();
    });
    expect(await failure(plain().ask(asked(url)))).toMatchObject({
      message: expect.stringMatching(/more than 1 MB/),
    });
    // A few megabytes fit into the buffers of the two sockets.
    expect(written).toBeLessThan(64 * 1_048_576);
  });

  test('1 MB is an answer', async () => {
    const url = await serve((_, response) => void response.end(Buffer.alloc(1_048_576, ' ')));
    expect(await plain().ask(asked(url))).toHaveLength(1_048_576);
  });

  test('one that is compressed although that was not asked for', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{}'));
    });
    expect(await failure(plain().ask(asked(url)))).toMatchObject({
      message: expect.stringMatching(/encoding gzip/),
    });
  });

  test('one that is cut off', async () => {
    const url = await serve(({ socket }, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half', () => socket.destroy());
    });
    expect(await failure(plain().ask(asked(url)))).toMatchObject({ code: 'ECONNRESET' });
  });

  test('something that does not speak HTTP', async () => {
    const server = createSocketServer((socket) => void socket.end('220 mail.example.com ESMTP\r\n'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ends.push(() => server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(httpTrouble(await failure(plain().ask(asked(url))), url, {})).toMatchObject({
      kind: 'broken',
      why: expect.stringMatching(/does not speak HTTP/),
    });
  });
});

describe('redirects', () => {
  const redirecting = (to: string, status: number) =>
    serve((request, response) => {
      if (request.url === '/there') response.end(request.method);
      else response.writeHead(status, { location: to }).end();
    });

  test('within the server, one is followed', async () => {
    const url = await redirecting('/there', 301);
    expect(await plain().ask(asked(url))).toBe('GET');
    expect(await plain().ask(asked(await redirecting('/there', 307), { method: 'POST', body: '{}' }))).toBe(
      'POST',
    );
  });

  test.each([
    ['/again', 302, 'GET', /status 302/],
    ['/there', 302, 'POST', /points to http:.*\/there, where it is not followed/],
    ['', 301, 'GET', /status 301/],
    ['http://[', 301, 'GET', /points to nowhere/],
  ] as const)('to "%s" with %i after %s is not', async (to, status, method, why) => {
    const url = await redirecting(to, status);
    expect(await failure(plain().ask(asked(url, { method })))).toMatchObject({
      message: expect.stringMatching(why),
    });
  });

  test('to another server is not, and that server never hears of it', async () => {
    let heard = 0;
    const other = await serve((_, response) => {
      heard += 1;
      response.end('{}');
    });
    const url = await redirecting(`${other}/there?key=abc`, 301);
    const thrown = await failure(opened({ username: 'u', password: 'p' }, undefined).ask(asked(url)));
    expect(messageOf(thrown)).toContain(`points to ${other}/there?…, where it is not followed`);
    expect(heard).toBe(0);
  });
});
