/** What only the management API has: rates, tags, and answers that look well and hold no numbers. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeConnections } from '../../../lambdas/collect/connections.ts';
import { withRates } from '../../../lambdas/collect/rates.ts';
import { readerOf } from '../../../lambdas/collect/read.ts';
import type { Sighting } from '../../../lambdas/contract/source.ts';
import { type JsonServer, startJsonServer } from '../../endpoints/json-server.ts';
import { startSecretsManager } from '../../endpoints/secrets-manager.ts';
import { AT, later } from '../../samples.ts';
import { type RabbitmqAddress, startRabbitmq } from '../../servers/rabbitmq.ts';
import { type Server, START_LIMIT_MS } from '../../servers/server.ts';
import { type Options, readAll, readOne, settles } from './behaviour.ts';
import { type RabbitmqClient, rabbitmqClient } from './rabbitmq-client.ts';

/** A reading with its totals, before collect makes rates of them. */
const sight = (given: Options): Promise<Sighting> =>
  readerOf({ at: AT, longestMs: 4000 })({
    given,
    path: 'source',
    owner: { cluster: 'shop', service: 'worker' },
    needsInFlight: true,
  });

describe('a broker', () => {
  let server: Server<RabbitmqAddress>;
  let client: RabbitmqClient;
  let of: (queue: string, more?: Options) => Options;
  beforeAll(async () => {
    server = await startRabbitmq();
    client = rabbitmqClient(server.address);
    const { managementUrl, username, password } = server.address;
    of = (queue, more = {}) => ({ type: 'rabbitmq', managementUrl, username, password, queue, ...more });
    await client.create('orders');
  }, START_LIMIT_MS);
  afterAll(async () => {
    await closeConnections();
    await server?.close();
  });

  const settlesAt = async (queue: string, totals: object): Promise<Sighting> => {
    for (const end = Date.now() + 15_000; ; ) {
      const seen = await sight(of(queue));
      try {
        expect(seen).toMatchObject({ known: true, totals });
        return seen;
      } catch (unlike) {
        if (Date.now() > end) throw unlike;
      }
    }
  };

  test('arrivals and departures per second, from two readings', async () => {
    await client.create('rated');
    await settles(of('rated'), { known: true, visible: 0 });
    // Without traffic the broker counts nothing, as it does with rates switched off: nobody can tell the two apart.
    expect(await sight(of('rated'))).not.toHaveProperty('totals');

    await client.send('rated', 20);
    await client.finish('rated', 5);
    const first = withRates(await settlesAt('rated', { arrived: 20, departed: 5 }), 'rated', undefined, AT);
    expect(first.reading).not.toHaveProperty('arrivalsPerSecond');

    await client.send('rated', 10);
    // Rejected and purged messages were worked on by nobody; without acknowledgement, delivered is done.
    await client.run(async (channel) => {
      const message = await channel.get('rated');
      if (message !== false) channel.nack(message, false, false);
      for (let got = 0; got < 3; got += 1) await channel.get('rated', { noAck: true });
      await channel.purgeQueue('rated');
    });
    await client.send('rated', 10);
    await client.run(async (channel) => {
      let left = 10;
      await new Promise<void>((resolve, reject) => {
        const deliver = () => {
          left -= 1;
          if (left === 0) resolve();
        };
        channel.consume('rated', deliver, { noAck: true }).catch(reject);
      });
    });
    const seen = await settlesAt('rated', { arrived: 40, departed: 18 });
    const second = withRates(seen, 'rated', first.totals, later(5));
    expect(second.reading).toMatchObject({ arrivalsPerSecond: 4, departuresPerSecond: 2.6 });
  }, 60_000);

  test('a stream is no backlog', async () => {
    await client.create('log', { type: 'stream' });
    await client.send('log', 5);
    expect(await readOne(of('log'))).toMatchObject({
      known: false,
      why: expect.stringMatching(/is a stream, and keeps what has been read/),
    });
  });

  test('a user without a tag', async () => {
    await client.api('PUT', '/users/plain', { password: 'p', tags: '' });
    await client.api('PUT', '/permissions/%2F/plain', { configure: '', write: '', read: '.*' });
    const given = of('orders', { username: 'plain', password: 'p' });
    expect(await readOne(given)).toMatchObject({
      known: false,
      why: expect.stringMatching(/without a tag: rabbitmqctl set_user_tags 'plain' monitoring/),
    });
    await client.api('PUT', '/users/plain', { password: 'p', tags: 'management' });
    await settles(given, { known: true, visible: 0 });
  }, 30_000);

  test('a rotated password is fetched and used within the reading', async () => {
    const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:rabbit-GhIjKl';
    const secrets = await startSecretsManager();
    Object.assign(process.env, secrets.env);
    const rotate = async (password: string) => {
      await client.api('PUT', '/users/rotated', { password, tags: 'monitoring' });
      secrets.set(arn, password);
    };
    await rotate('first');
    await client.api('PUT', '/permissions/%2F/rotated', { configure: '', write: '', read: '.*' });
    const { password: _, ...bare } = of('orders', { username: 'rotated' });
    const given = { ...bare, passwordSecret: arn };
    await settles(given, { known: true, visible: 0 });
    await rotate('second');
    expect(await readOne(given)).toMatchObject({ known: true, visible: 0 });
    expect(secrets.calls(arn)).toBe(2);
    await secrets.close();
  }, 30_000);

  test('a base URL as people write it, and one that leads elsewhere', async () => {
    const { managementUrl } = server.address;
    await settles(of('orders'), { known: true });
    const readings = await readAll(
      ['/', '/api', '/api/', '/elsewhere'].map((end) => of('orders', { managementUrl: managementUrl + end })),
    );
    expect(readings.map(({ known }) => known)).toEqual([true, true, true, false]);
  }, 30_000);
});

describe('an answer without numbers is unknown, never 0', () => {
  let endpoint: JsonServer;
  beforeAll(async () => {
    endpoint = await startJsonServer();
  });
  afterAll(async () => {
    await closeConnections();
    await endpoint.stop();
  });

  const counted = { messages_ready: 0, messages_unacknowledged: 0 };

  // The first five as RabbitMQ 3.10.8 gives them: with statistics not yet there, and with one of two nodes down.
  test.each([
    ['just made', { type: 'classic' }, /no statistics yet of the queue orders/],
    ['a quorum queue just made', { type: 'quorum' }, /no statistics yet/],
    [
      'without a leader',
      { leader: null, type: 'quorum' },
      /is away \(it has no leader\): bring its nodes up/,
    ],
    ['down', { state: 'down', type: 'classic', ...counted }, /is away \(state down\)/],
    ['a stream on a node that is down', { node: 'r@h', type: 'stream' }, /is a stream/],
    ['in a minority', { state: 'minority', type: 'quorum', ...counted }, /is away \(state minority\)/],
    ['half of it', { type: 'classic', state: 'running', messages_ready: 0 }, /no statistics/],
    ['numbers as text', { ...counted, messages_ready: '0' }, /no queue in JSON/],
    ['a list', [], /no queue in JSON: is that the management API \(port 15672/],
    ['a page', '<html><title>RabbitMQ</title></html>', /no queue in JSON/],
    ['nothing', '', /no queue in JSON/],
  ])('%s', async (_, answer, why) => {
    const given = { type: 'rabbitmq', managementUrl: endpoint.url, queue: 'orders' };
    await readOne(given);
    const { path } = endpoint.heard.at(-1) ?? { path: '' };
    expect(path).toMatch(/^\/api\/queues\/%2F\/orders\?columns=/);
    endpoint.tell(path, answer);
    expect(await readOne(given)).toMatchObject({ known: false, why: expect.stringMatching(why) });
  });

  test.each([
    [500, /answered with status 500/],
    [403, /rabbitmqctl set_user_tags/],
    [302, /status 302/],
  ])('status %d', async (status, why) => {
    const given = { type: 'rabbitmq', managementUrl: endpoint.url, queue: `status-${status}` };
    await readOne(given);
    endpoint.tell(endpoint.heard.at(-1)?.path ?? '', { ...counted }, status);
    expect(await readOne(given)).toMatchObject({ known: false, why: expect.stringMatching(why) });
  });

  test('Erlang’s empty list of statistics makes no rates', async () => {
    const given = { type: 'rabbitmq', managementUrl: endpoint.url, queue: 'quiet' };
    await readOne(given);
    endpoint.tell(endpoint.heard.at(-1)?.path ?? '', { ...counted, message_stats: [] });
    expect(await sight(given)).toEqual({ known: true, visible: 0, inFlight: 0, at: AT });
  });
});
