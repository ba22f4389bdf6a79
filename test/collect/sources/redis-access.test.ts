/** Getting in: users and their rights, secrets that are rotated. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeConnections } from '../../../lambdas/collect/connections.ts';
import { RIGHTS } from '../../../lambdas/collect/sources/redis/trouble.ts';
import { startSecretsManager } from '../../endpoints/secrets-manager.ts';
import { type RedisAddress, startRedis } from '../../servers/redis.ts';
import { type Server, START_LIMIT_MS } from '../../servers/server.ts';
import { readAll, readOne } from './behaviour.ts';
import { redisClient, texts } from './redis-client.ts';

afterAll(closeConnections);

describe('users', () => {
  let server: Server<RedisAddress>;
  let run: ReturnType<typeof redisClient>;
  beforeAll(async () => {
    server = await startRedis({ password: 'geheim' });
    run = redisClient(server.address);
    await run(async (client) => {
      await client.rPush('orders', texts(3));
      await client.sAdd('working', texts(2));
      await client.xGroupCreate('log', 'workers', '0', { MKSTREAM: true });
      const ids = await Promise.all(texts(5).map((message) => client.xAdd('log', '*', { message })));
      await client.xReadGroup('workers', 'me', { key: 'log', id: '>' }, { COUNT: 1 });
      // So that the entries must be counted.
      await client.xDel('log', ids[3] ?? '');
      await client.rPush('bull:orders:wait', texts(4));
    });
  }, START_LIMIT_MS);
  afterAll(() => server.close());

  const kinds = {
    list: { queueType: 'list', queueKey: 'orders', processingKey: 'working' },
    stream: { queueType: 'stream', queueKey: 'log', consumerGroup: 'workers' },
    bullmq: { queueType: 'bullmq', queueKey: 'bull:orders' },
  } as const;
  const seen = {
    list: { known: true, visible: 3, inFlight: 2 },
    stream: { known: true, visible: 3, inFlight: 1 },
    bullmq: { known: true, visible: 4, inFlight: 0 },
  };
  const as = (username: string, more: object) => {
    const { host, port } = server.address;
    return { type: 'redis', host, port, username, password: 'p', ...more };
  };
  const aclSet = (...rules: string[]) => run((client) => client.aclSetUser(rules[0] ?? '', rules.slice(1)));

  test.each(['list', 'stream', 'bullmq'] as const)(
    'for a %s the rights that are named are enough',
    async (type) => {
      const user = `reads-${type}`;
      await aclSet(user, 'on', '>p', '~*');
      const before = await readOne(as(user, kinds[type]));
      expect(before).toMatchObject({ known: false, why: expect.stringMatching(/forbids it \(NOPERM/) });
      // As an operator would: what the reason says, to the server.
      const why = before.known ? '' : before.why;
      const [, rules = ''] = /: ACL SETUSER (.+)$/.exec(why) ?? [];
      expect(rules).toContain(RIGHTS[type]);
      await aclSet(...rules.split(' '));
      expect(await readOne(as(user, kinds[type]))).toMatchObject(seen[type]);
    },
  );

  test('a key that a user may not see, and one that is there for others', async () => {
    await aclSet('narrow', 'on', '>p', '~orders', '+llen');
    const { list } = kinds;
    const readings = await readAll([as('narrow', list), as('narrow', { ...list, processingKey: undefined })]);
    expect(readings).toMatchObject([
      { known: false, why: expect.stringMatching(/ACL SETUSER narrow .*~orders ~working/) },
      { known: true, visible: 3 },
    ]);
  });

  test('no password where one is wanted, one where none is, a user that is not there', async () => {
    const { host, port } = server.address;
    const readings = await readAll([
      { type: 'redis', host, port, queueKey: 'orders' },
      as('nobody', { queueKey: 'orders' }),
    ]);
    expect(readings).toMatchObject([
      { known: false, why: expect.stringMatching(/asks for a password: give password or passwordSecret/) },
      { known: false, why: expect.stringMatching(/refused the user nobody: check username and password/) },
    ]);
    const open = await startRedis({ tls: true });
    try {
      const needless = { type: 'redis', host: open.address.host, port: open.address.port, password: 'p' };
      expect(await readOne({ ...needless, queueKey: 'orders' })).toMatchObject({
        known: false,
        why: expect.stringMatching(/has no password, and one was given/),
      });
    } finally {
      await open.close();
    }
  });

  test('a password that is rotated is fetched again, in the tick in which the old one is refused', async () => {
    const secrets = await startSecretsManager();
    Object.assign(process.env, secrets.env);
    const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:redis-AbCdEf';
    const rotate = async (password: string) => {
      secrets.set(arn, JSON.stringify({ username: 'rotated', password }));
      await aclSet('rotated', 'reset', 'on', `>${password}`, '~*', '+@all');
    };
    const { host, port } = server.address;
    const options = {
      type: 'redis',
      host,
      port,
      usernameSecret: arn,
      passwordSecret: arn,
      queueKey: 'orders',
    };
    try {
      await rotate('old-pass');
      expect(await readOne(options)).toMatchObject({ known: true, visible: 3 });
      await rotate('new-pass');
      expect(await readOne(options)).toMatchObject({ known: true, visible: 3 });
      expect(secrets.calls(arn)).toBeLessThanOrEqual(2);
      await run((client) => client.sendCommand(['CLIENT', 'KILL', 'USER', 'rotated']));
      expect(await readOne(options)).toMatchObject({
        known: false,
        why: expect.stringMatching(/closed the connection/),
      });
      expect(await readOne(options)).toMatchObject({ known: true, visible: 3 });
      // And one that nobody told Secrets Manager of.
      await aclSet('rotated', 'resetpass', '>unknown-pass');
      await closeConnections();
      const refused = await readOne(options);
      expect(refused).toMatchObject({ known: false, why: expect.stringMatching(/refused the user/) });
      expect(JSON.stringify(refused)).not.toMatch(/-pass/);
    } finally {
      await closeConnections();
      await secrets.close();
    }
  });
});
