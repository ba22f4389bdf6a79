import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { closeConnections } from '../../../lambdas/collect/connections.ts';
import { sourceSchema } from '../../../lambdas/collect/sources/registry.ts';
import { parseConfig, parseSource } from '../../../lambdas/contract/parse.ts';
import { basic, type JsonServer, startJsonServer } from '../../endpoints/json-server.ts';
import { AT } from '../../samples.ts';
import { certificates } from '../../servers/certificates.ts';
import { behavesAsASource, readAll, readOne, type Subject } from './behaviour.ts';

const start = async (): Promise<Subject> => {
  const { ca, wrongCa, certificateFile, keyFile } = await certificates();
  const plain = await startJsonServer();
  const secure = await startJsonServer({
    cert: readFileSync(certificateFile, 'utf8'),
    key: readFileSync(keyFile, 'utf8'),
  });
  const servers = [plain, secure];
  const depths = new Map<string, number>();
  for (const server of servers) server.want(basic('reader', 'tell-me'));
  process.env.RIGHT = 'tell-me';
  process.env.WRONG = 'tell-us';

  const pathOf = (queue: string): string => `/queues/${encodeURIComponent(queue)}`;
  const set = (queue: string, depth: number): void => {
    depths.set(queue, depth);
    for (const server of servers) server.tell(pathOf(queue), { queue: { depth } });
  };
  const options = (queue: string, password = 'RIGHT', { url }: JsonServer = plain) => ({
    type: 'http',
    url: `${url}${pathOf(queue)}`,
    field: 'queue.depth',
    username: 'reader',
    password: `%(${password})`,
  });
  return {
    options,
    create: async (queue) => set(queue, 0),
    send: async (queue, messages) => set(queue, (depths.get(queue) ?? 0) + messages),
    server: { stop: plain.stop, start: plain.start },
    close: async () => {
      await Promise.all(servers.map((server) => server.stop()));
    },
    wrongPassword: {
      options: (queue) => options(queue, 'WRONG'),
      why: /refused the user reader: check username and password/,
    },
    tls: {
      options: (queue) => ({ ...options(queue, 'RIGHT', secure), tls: { ca } }),
      wrongCa: (queue) => ({ ...options(queue, 'RIGHT', secure), tls: { ca: wrongCa } }),
    },
  };
};

behavesAsASource({
  name: 'http',
  start,
  at: (options, host, port) => ({ ...options, url: `http://${host}:${port}/` }),
  missing: /queues\/nowhere answered with status 404: is the path right\?/,
  expected: (waiting) => ({ value: waiting }),
  oddNames: ['a/b', '50%', 'two words', 'schlüssel ✓', '?a=b&c#d'],
  pooled: true,
  without: { inFlight: 'a number is no queue' },
});

describe('http', () => {
  let server: JsonServer;
  beforeAll(async () => {
    server = await startJsonServer();
  });
  beforeEach(() => {
    server.heard.length = 0;
    server.want(undefined);
  });
  afterAll(async () => {
    await closeConnections();
    await server.stop();
  });

  const at = (path: string, more: object = {}) => ({ type: 'http', url: `${server.url}${path}`, ...more });
  const read = async (answer: unknown, more: object = {}, status = 200) => {
    server.tell('/stats', answer, status);
    return readOne(at('/stats', more));
  };
  const problemIn = (more: object): string => {
    try {
      parseSource({ type: 'http', url: 'https://example.com/', ...more }, sourceSchema, 'source');
    } catch (thrown) {
      return (thrown as Error).message;
    }
    throw new Error('it was accepted');
  };

  test.each([
    [64, 64],
    ['64', 64],
    [' 6.4e1\n', 64],
    ['-0.5', -0.5],
    [0, 0],
    ['0', 0],
    [2 ** 53, 2 ** 53],
  ])('%j is the number %d', async (depth, value) => {
    const reading = await read({ depth }, { field: 'depth' });
    expect(reading).toEqual({ known: true, value, at: expect.any(String) });
  });

  test.each([
    [null, 'depth is null and no number'],
    ['', 'depth is "" and no number'],
    ['12abc', 'depth is "12abc" and no number'],
    ['0x40', 'depth is "0x40" and no number'],
    ['1,000', 'depth is "1,000" and no number'],
    ['NaN', 'depth is "NaN" and no number'],
    ['Infinity', 'depth is "Infinity" and no number'],
    [true, 'depth is true and no number'],
    [[64], 'depth is a list of 1 and no number'],
    [{ count: 64 }, 'depth is an object and no number'],
  ])('%j is none', async (depth, why) => {
    expect(await read({ depth }, { field: 'depth' })).toEqual({
      known: false,
      why: `${server.url}/stats: ${why}`,
      error: 'UnusableAnswer',
    });
  });

  test('nor is what JSON can write and no computer hold', async () => {
    expect(await read('{"depth":1e999}', { field: 'depth' })).toMatchObject({ known: false });
  });

  const nested = {
    a: { b: [{ c: 1 }, { c: '2' }], 'x.y': { z: 3 }, '0': 4, 'my key': 5, 'quote"d]': 6 },
    list: [7],
  };
  test.each([
    ['a.b[0].c', 1],
    ['a.b.1.c', 2],
    ['a["x.y"].z', 3],
    ['a.["x.y"]["z"]', 3],
    ['a.0', 4],
    ['a[0]', 4],
    ['a.my key', 5],
    ['["a"]["quote\\"d]"]', 6],
    ['list[0]', 7],
  ])('%s leads to %d', async (field, value) => {
    expect(await read(nested, { field })).toMatchObject({ known: true, value });
  });

  test.each([
    ['a.d', 'there is no a.d: a has 0, b, x.y, my key, quote"d]'],
    ['a.b[2].c', 'there is no a.b[2].c: a.b is a list of 2'],
    ['list.length', 'there is no list.length: list is a list of 1'],
    ['constructor.length', 'there is no constructor.length: the answer has a, list'],
    ['__proto__', 'there is no __proto__: the answer has a, list'],
    ['a.b[0].c.d', 'there is no a.b[0].c.d: a.b.0.c is 1'],
  ])('%s leads nowhere, and what is there is named', async (field, why) => {
    expect(await read(nested, { field })).toMatchObject({ known: false, why: `${server.url}/stats: ${why}` });
  });

  test('an answer that is a number needs no field; one that is none names what it has', async () => {
    expect(await read('64\n')).toMatchObject({ known: true, value: 64 });
    expect(await read({ depth: 64 })).toMatchObject({
      known: false,
      why: expect.stringContaining('the answer is an object and no number'),
    });
    const many = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`k${index}`, index]));
    expect(await read(many, { field: 'depth' })).toMatchObject({
      why: expect.stringMatching(/the answer has k0, .*k9, … \(12\)$/),
    });
  });

  test('several numbers of one answer, by their aliases', async () => {
    const fields = { waiting: 'a.b[0].c', failed: 'a.b[1].c' };
    const values = { waiting: 1, failed: 2 };
    expect(await read(nested, { fields, alias: 'failed' })).toMatchObject({ known: true, value: 2, values });
    expect(await read(nested, { fields: { waiting: 'a.b[0].c' } })).toMatchObject({ value: 1 });
    const without = await read(nested, { fields });
    expect(without).toMatchObject({ known: true, values });
    expect(without).not.toHaveProperty('value');
    // A calculation with one of them missing would be wrong, so nothing is known.
    expect(await read(nested, { fields: { ...fields, lost: 'a.e' }, alias: 'waiting' })).toMatchObject({
      known: false,
      why: expect.stringContaining('lost: there is no a.e'),
    });
  });

  test.each([
    [
      'a page',
      '<!DOCTYPE html><title>Please log in</title>',
      200,
      /text that begins with "<!DOCTYPE html>.*login page/,
    ],
    ['nothing', '', 200, /an empty answer, and no JSON/],
    ['half an answer', '{"depth": 6', 200, /no JSON/],
    ['an error', { depth: 0 }, 500, /status 500.*next tick/],
    ['too much', `[${' '.repeat(1_048_576)}0]`, 200, /more than 1 MB/],
  ])('%s is unknown, with the remedy', async (_, answer, status, why) => {
    expect(await read(answer, { field: 'depth' }, status)).toMatchObject({
      known: false,
      why: expect.stringMatching(why),
    });
  });

  test('a POST sends its body as JSON, with the headers, variables filled in', async () => {
    process.env.API_KEY = 'k-123';
    const given = { method: 'POST', body: { of: ['a', 1] }, headers: { 'X-Api-Key': '%(API_KEY)' } };
    expect(await read(7, given)).toMatchObject({ value: 7 });
    expect(server.heard).toMatchObject([
      {
        method: 'POST',
        body: '{"of":["a",1]}',
        headers: { 'x-api-key': 'k-123', 'content-type': 'application/json', accept: 'application/json' },
      },
    ]);
  });

  test('a token is sent as bearer', async () => {
    process.env.TOKEN = 't-123';
    server.want('Bearer t-123');
    expect(await read(7, { token: '%(TOKEN)' })).toMatchObject({ value: 7 });
    process.env.TOKEN = 'stale';
    expect(await read(7, { token: '%(TOKEN)' })).toMatchObject({
      known: false,
      why: expect.stringMatching(/refused the token: check token or tokenSecret \(status 401\)/),
    });
  });

  test('a variable in the URL never reaches the reason', async () => {
    process.env.URL_KEY = 'k456/ü';
    const reading = await readOne(at('/%(URL_KEY)?key=%(URL_KEY)', { field: 'a' }));
    expect(reading).toMatchObject({ known: false, why: expect.stringContaining('/%(URL_KEY)?…') });
    expect(JSON.stringify(reading)).not.toContain('k456');
  });

  describe('the same request', () => {
    const both = () => [
      at('/stats', { field: 'a.b[0].c' }),
      at('/stats', { field: 'a.b[1].c' }),
      at('/stats', { fields: { all: 'list[0]' } }),
    ];

    test('is sent once a tick, whichever fields are looked at', async () => {
      server.tell('/stats', nested);
      expect(await readAll(both())).toMatchObject([{ value: 1 }, { value: 2 }, { value: 7 }]);
      expect(server.heard).toHaveLength(1);
      await readAll(both());
      expect(server.heard).toHaveLength(2);
    });

    test('is sent again when collect runs again for the same moment', async () => {
      server.tell('/stats', 1);
      expect(await readAll([at('/stats')], AT)).toMatchObject([{ value: 1 }]);
      server.tell('/stats', 2);
      expect(await readAll([at('/stats')], AT)).toMatchObject([{ value: 2 }]);
    });

    test('is another one with another body, header or login', async () => {
      server.tell('/stats', 1);
      process.env.TOKEN = 't';
      const different = [
        {},
        { method: 'POST' },
        { method: 'POST', body: 1 },
        { headers: { a: 'b' } },
        { token: '%(TOKEN)' },
      ];
      await readAll(different.map((more) => at('/stats', more)));
      expect(server.heard).toHaveLength(different.length);
    });

    test('fails for all who asked', async () => {
      server.tell('/stats', 'no', 500);
      for (const reading of await readAll(both())) expect(reading).toMatchObject({ known: false });
      expect(server.heard).toHaveLength(1);
    });
  });

  test.each([
    [{ url: 'https://reader:pw@example.com/' }, /user and password are options of their own/],
    [{ url: 'ftp://example.com/' }, /expected a URL such as https/],
    [{ url: 'https://example.com:99999/' }, /valid host and port/],
    [{ body: {} }, /method: POST only/],
    [{ method: 'PUT' }, /"GET", "POST"/],
    [{ field: 'a..b' }, /expected the path of a field/],
    [{ field: 'a[b]' }, /expected the path of a field/],
    [{ field: 'a', fields: { b: 'c' } }, /either field or fields/],
    [{ fields: { 'b-c': 'd' } }, /fields\.b-c: expected a key/],
    [{ fields: { b: 'c' }, alias: 'd' }, /one of the aliases in fields, and "d" is none/],
    [{ fields: Object.fromEntries([...'abcdefghijk'].map((each) => [each, each])) }, /at most 10 fields/],
    [{ alias: 'd' }, /one of the aliases/],
    [{ username: 'u', tokenSecret: '%(ARN)' }, /either a user with a password, or a token/],
    [{ tls: false }, /the URL says otherwise/],
    [{ url: 'http://example.com/', tls: { verify: false } }, /the URL says otherwise/],
    [{ headers: { 'a b': 'c' } }, /headers\["a b"\]: expected a key/],
  ])('%j is refused when it is loaded', (more, why) => {
    expect(problemIn(more)).toMatch(why);
  });

  test('variables may stand anywhere', () => {
    const more = { url: '%(BASE)/%(PATH)', field: '%(FIELD)', headers: { a: '%(B)' }, tokenSecret: '%(ARN)' };
    expect(parseSource({ type: 'http', ...more }, sourceSchema, 'source')).toMatchObject(more);
  });

  test('a secret written into a header is refused, a reference to one is not', () => {
    const configured = (headers: object) => () =>
      parseConfig(
        {
          services: [
            {
              cluster: 'shop',
              service: 'orders',
              tasks: { max: 2 },
              source: at('/', { headers }),
              policy: { type: 'target', backlogPerTask: 1 },
            },
          ],
        },
        sourceSchema,
      );
    for (const name of ['Authorization', 'x-api-key', 'X-Auth-Token', 'Cookie'])
      expect(configured({ [name]: 'abc' })).toThrow(
        /a secret written here would be deployed as text.*%\(NAME\)/,
      );
    expect(configured({ Authorization: 'ApiKey %(KEY)', accept: 'text/plain' })).not.toThrow();
  });
});
