import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Snapshot } from '../../../local/views/event-stream.ts';
import { type Page, servePage } from '../../../local/views/page.ts';
import { decision, hold, loop, notice, type TestRunner, testRunner, world } from './fixtures.ts';
import { ask, openStream } from './page-client.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function serve(runner: TestRunner = testRunner(), port = 0): Promise<Page> {
  const page = await servePage(runner, { port });
  closing.push(page.close);
  return page;
}

/** Something else that listens, as a second `npm start` would. */
async function occupy(port: number): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const post = (url: string, body?: unknown, headers: Record<string, string> = {}) =>
  ask(url, { method: 'POST', headers, ...(body !== undefined && { body: JSON.stringify(body) }) });

describe('the port', () => {
  test('is the one asked for when it is free', async () => {
    const { moved, url } = await serve();
    expect(moved).toBe(false);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  test('is the next free one when it is taken, and the page says that it moved', async () => {
    const taken = await occupy(0);
    const page = await serve(testRunner(), taken);
    expect(page.moved).toBe(true);
    expect(Number(new URL(page.url).port)).toBeGreaterThan(taken);
    expect((await ask(page.url)).status).toBe(200);
  });

  test('when none is free, the error says what to do and the runner is left alone', async () => {
    await occupy(65_535);
    const runner = testRunner();
    await expect(servePage(runner, { port: 65_535 })).rejects.toThrow(/65535.*taken.*--no-page/);
    expect(runner.listeners()).toBe(0);
  });

  test('is never opened to the network', async () => {
    await expect(servePage(testRunner(), { host: '0.0.0.0' })).rejects.toThrow(
      /only listens on 127\.0\.0\.1/,
    );
  });
});

describe('the files', () => {
  test('every file that the page and its modules name is there, with its type', async () => {
    const { url } = await serve();
    const types: Record<string, RegExp> = { js: /javascript/, css: /text\/css/, svg: /image\/svg/ };
    const wanted = new Set(['/']);
    for (const path of wanted) {
      const { status, headers, text } = await ask(url + path);
      expect([path, status]).toEqual([path, 200]);
      expect(headers['content-type']).toMatch(types[path.split('.').at(-1) ?? ''] ?? /text\/html/);
      if (path.includes('uPlot')) continue;
      for (const [, name = ''] of text.matchAll(/(?:src|href|from)[= ]["']([^"']+)["']/g)) {
        wanted.add(new URL(name, `${url}${path}`).pathname);
      }
    }
    expect([...wanted]).toEqual(
      expect.arrayContaining(['/page.js', '/chart.js', '/node_modules/uplot/dist/uPlot.esm.js']),
    );
  });

  test('come with headers that let nothing in from outside, and no inline script', async () => {
    const { url } = await serve();
    const { headers, text } = await ask(url);
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(text).not.toMatch(/<script(?![^>]*src=)|\son\w+=|https?:\/\//);
  });

  test.each(['/package.json', '/../page.ts', '/%2e%2e/page.ts', '/node_modules/uplot/package.json'])(
    '%s is not one of them',
    async (path) => {
      const { url } = await serve();
      expect((await ask(url + path)).status).toBe(404);
    },
  );
});

describe('a request', () => {
  test.each(['evil.example', 'evil.example:8700', '127.0.0.1.evil.example', 'localhost.evil', '[::1].evil'])(
    'for the host "%s" is refused',
    async (host) => {
      const runner = testRunner();
      const { url } = await serve(runner);
      expect((await ask(url, { headers: { host } })).status).toBe(403);
      expect((await post(`${url}/actions/pause`, undefined, { host })).status).toBe(403);
      expect(runner.calls).toEqual([]);
    },
  );

  test.each(['localhost', 'LOCALHOST:8700', '127.0.0.1:8700', '[::1]:8700'])(
    'for the host %s is answered',
    async (host) => {
      const { url } = await serve();
      expect((await ask(url, { headers: { host } })).status).toBe(200);
    },
  );

  test.each(['https://evil.example', 'null', 'http://127.0.0.1:1', 'http://localhost'])(
    'of a page from %s does nothing',
    async (origin) => {
      const runner = testRunner();
      const { url } = await serve(runner);
      expect((await post(`${url}/actions/burst`, { messages: 5 }, { origin })).status).toBe(403);
      expect(runner.calls).toEqual([]);
    },
  );

  test('with the wrong method is told the right one', async () => {
    const { url } = await serve();
    const { status, headers } = await ask(`${url}/actions/pause`);
    expect([status, headers.allow]).toEqual([405, 'POST']);
    expect((await post(`${url}/events`)).status).toBe(405);
  });
});

describe('an action', () => {
  test('reaches the runner, from the page itself and from a script', async () => {
    const runner = testRunner();
    const { url } = await serve(runner);
    const answer = await post(`${url}/actions/burst`, { messages: 600 }, { origin: url });
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { ok: true }]);
    for (const action of ['stop-queue', 'start-queue', 'pause', 'resume'])
      await post(`${url}/actions/${action}`);
    await post(`${url}/actions/burst`, { messages: 5, to: 'all' });
    const expected = ['burst 600', 'stopQueue', 'startQueue', 'pause', 'resume', 'burst 5 all'];
    expect(runner.calls).toEqual(expected);
    expect((await post(`${url}/actions/burst`, { messages: 5, to: 7 })).status).toBe(400);
  });

  test.each([0, -1, 1.5, 100_001, '600', null, undefined])(
    'a burst of %p messages is refused with the rule',
    async (messages) => {
      const runner = testRunner();
      const { url } = await serve(runner);
      const { status, text } = await post(`${url}/actions/burst`, { messages });
      expect(status).toBe(400);
      expect(JSON.parse(text).error).toMatch(/whole number from 1 to 100000/);
      expect(runner.calls).toEqual([]);
    },
  );

  test('a body that is no JSON, or far too long, is refused', async () => {
    const { url } = await serve();
    const burst = `${url}/actions/burst`;
    expect((await ask(burst, { method: 'POST', body: '{' })).status).toBe(400);
    expect((await ask(burst, { method: 'POST' })).status).toBe(400);
    expect((await ask(burst, { method: 'POST', body: 'x'.repeat(100_000) })).status).toBe(413);
  });

  test('that the runner cannot do is a 500 with its sentence', async () => {
    const { url } = await serve(testRunner({ fails: 'there is no queue endpoint with --aws' }));
    const { status, text } = await post(`${url}/actions/stop-queue`);
    expect(status).toBe(500);
    expect(JSON.parse(text).error).toContain('there is no queue endpoint with --aws');
  });

  test('that does not exist is told which ones do', async () => {
    const { url } = await serve();
    const { status, text } = await post(`${url}/actions/explode`);
    expect(status).toBe(404);
    expect(text).toContain('stop-queue');
  });
});

describe('the stream of events', () => {
  test('begins with the facts and the history, then goes on live', async () => {
    const runner = testRunner();
    const { url } = await serve(runner);
    const before = [world(), { kind: 'decision', ...decision() } as const, notice(), loop('paused')];
    runner.emit(...before);
    const stream = await openStream(url);
    expect(stream.headers['content-type']).toContain('text/event-stream');
    const { event, data } = await stream.next();
    const snapshot = data as Snapshot;
    expect(event).toBe('snapshot');
    expect(snapshot.runner).toEqual({
      services: runner.services,
      interval: 5,
      lane: 'default',
      addresses: runner.addresses,
      queues: runner.queues,
    });
    expect(snapshot.state).toEqual({ paused: true, queueStopped: false });
    expect(snapshot.events.map((each) => each.event)).toEqual(expect.arrayContaining(before));
    runner.emit({ kind: 'decision', ...hold() });
    expect(await stream.next()).toMatchObject({
      event: 'message',
      data: { event: { kind: 'decision', to: 2 } },
    });
    stream.close();
  });

  test('a client that goes away is forgotten, and the others go on', async () => {
    const runner = testRunner();
    const { url } = await serve(runner);
    const [gone, staying] = [await openStream(url), await openStream(url)];
    await staying.next();
    gone.close();
    await gone.ended;
    for (let i = 0; i < 100; i += 1) runner.emit(world({ t: i }));
    expect(await staying.next()).toMatchObject({ data: { event: { t: 0 } } });
    expect(runner.listeners()).toBe(1);
    staying.close();
  });

  test('ends within a second when the page is closed, and with it the subscription', async () => {
    const runner = testRunner();
    const page = await serve(runner);
    const streams = await Promise.all([openStream(page.url), openStream(page.url)]);
    const began = Date.now();
    await page.close();
    await Promise.all(streams.map((stream) => stream.ended));
    expect(Date.now() - began).toBeLessThan(1000);
    expect(runner.listeners()).toBe(0);
    await expect(ask(page.url)).rejects.toThrow('ECONNREFUSED');
  });
});
