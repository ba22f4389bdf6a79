import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeConnections } from '../../../lambdas/collect/connections.ts';
import { sourceSchema } from '../../../lambdas/collect/sources/registry.ts';
import { fromEnvironment } from '../../../lambdas/contract/dialects/fast-autoscaler.ts';
import { parseConfig } from '../../../lambdas/contract/parse.ts';
import { certificates } from '../../servers/certificates.ts';
import { ODD_VHOST, type RabbitmqAddress, startRabbitmq } from '../../servers/rabbitmq.ts';
import { type Server, START_LIMIT_MS } from '../../servers/server.ts';
import { behavesAsASource, type Options, readAll, readOne, type Subject, settles } from './behaviour.ts';
import { type RabbitmqClient, rabbitmqClient } from './rabbitmq-client.ts';

const ODD_NAMES = ['ord ers/50 %', 'größe 🚀', 'a+b&c=d?e#f', '.', "it's {[(^$*)]}"];

/** What leads to the broker, plain and by TLS. */
type Way = (address: RabbitmqAddress) => { readonly plain: Options; readonly secure: Options };

const amqp: Way = ({ host, port, tlsPort }) => ({ plain: { host, port }, secure: { host, port: tlsPort } });
const management: Way = ({ managementUrl, managementTlsUrl }) => ({
  plain: { managementUrl },
  secure: { managementUrl: managementTlsUrl },
});

const startBy = (way: Way) => async (): Promise<Subject> => {
  const server = await startRabbitmq({ username: 'scaler', password: 'ge/heim%@:', tls: true });
  const { wrongCa } = await certificates();
  const client = rabbitmqClient(server.address);
  const { plain, secure } = way(server.address);
  const { username, password, ca = '' } = server.address;
  const of = (queue: string, more: Options) => ({ type: 'rabbitmq', username, password, queue, ...more });
  return {
    options: (queue) => of(queue, plain),
    create: client.create,
    send: client.send,
    hold: client.hold,
    server,
    close: server.close,
    wrongPassword: {
      options: (queue) => of(queue, { ...plain, password: 'falsch' }),
      why: /refused the user scaler: check username and password or passwordSecret/,
    },
    tls: {
      options: (queue) => of(queue, { ...secure, tls: { ca } }),
      wrongCa: (queue) => of(queue, { ...secure, tls: { ca: wrongCa } }),
    },
  };
};

behavesAsASource({
  name: 'rabbitmq over AMQP',
  start: startBy(amqp),
  at: (options, host, port) => ({ ...options, host, port }),
  missing: /there is no queue nowhere in vhost \/: check queue and vhost/,
  expected: (waiting) => ({ visible: waiting }),
  oddNames: ODD_NAMES,
  without: { inFlight: 'AMQP does not tell' },
});

behavesAsASource({
  name: 'rabbitmq by its management API',
  start: startBy(management),
  at: (options, host, port) => ({ ...options, managementUrl: `http://${host}:${port}` }),
  missing: /there is no queue nowhere in vhost \/: check queue and vhost/,
  oddNames: ODD_NAMES.filter((name) => name !== '.'),
  pooled: true,
});

describe('both protocols', () => {
  let server: Server<RabbitmqAddress>;
  let client: RabbitmqClient;
  let ways: readonly Options[];
  beforeAll(async () => {
    server = await startRabbitmq({ tls: true });
    client = rabbitmqClient(server.address);
    const { username, password } = server.address;
    ways = [amqp, management].map((way) => ({
      type: 'rabbitmq',
      username,
      password,
      ...way(server.address).plain,
    }));
  }, START_LIMIT_MS);
  afterAll(async () => {
    await closeConnections();
    await server?.close();
  });

  test.each(['classic', 'quorum'])(
    'a %s queue means the same number on both',
    async (type) => {
      await client.create(type, { type });
      await client.send(type, 7);
      const release = await client.hold(type, 3);
      for (const way of ways) await settles({ ...way, queue: type }, { known: true, visible: 4 });
      const [overAmqp, byManagement] = await readAll(ways.map((way) => ({ ...way, queue: type })));
      expect(byManagement).toMatchObject({ inFlight: 3 });
      expect(overAmqp).not.toHaveProperty('inFlight');
      await release();
    },
    60_000,
  );

  test('queues of the same name in two virtual hosts', async () => {
    await client.create('twice');
    await client.create('twice', { vhost: ODD_VHOST });
    await client.send('twice', 1);
    await client.send('twice', 2, ODD_VHOST);
    for (const way of ways) {
      await settles({ ...way, queue: 'twice' }, { known: true, visible: 1 });
      await settles({ ...way, queue: 'twice', vhost: ODD_VHOST }, { known: true, visible: 2 });
    }
  }, 60_000);

  test('a queue that is missing disturbs nobody, and is read as soon as it is there', async () => {
    await client.create('there');
    for (const way of ways) await settles({ ...way, queue: 'there' }, { known: true, visible: 0 });
    for (const [nth, way] of ways.entries()) {
      const late = { ...way, queue: `late-${nth}` };
      const readings = await readAll([late, ...Array<Options>(5).fill({ ...way, queue: 'there' })]);
      expect(readings.map(({ known }) => known)).toEqual([false, true, true, true, true, true]);
      await client.create(`late-${nth}`);
      await settles(late, { known: true, visible: 0 });
    }
  }, 60_000);

  test('a virtual host that is missing, and one that the user may not enter', async () => {
    await client.api('PUT', '/users/outsider', { password: 'o', tags: 'monitoring' });
    const at = (way: Options) => ({ ...way, queue: 'orders' });
    for (const way of ways) {
      expect(await readOne({ ...at(way), vhost: 'nowhere' })).toMatchObject({
        known: false,
        why: expect.stringMatching(/check .*vhost/),
      });
      expect(await readOne({ ...at(way), username: 'outsider', password: 'o' })).toMatchObject({
        known: false,
        why: expect.stringMatching(
          /keeps the user outsider out.*rabbitmqctl set_permissions -p '\/' 'outsider'/,
        ),
      });
    }
  });

  test('every reason fits into the state with its remedy, even from Amazon MQ', async () => {
    const long = 'b-1234abcd-56ef-78ab-90cd-1234567890ab.mq.us-east-1.amazonaws.com.invalid';
    const readings = await readAll([
      { type: 'rabbitmq', host: long, queue: 'orders' },
      { type: 'rabbitmq', managementUrl: `https://${long}`, queue: 'orders' },
    ]);
    for (const reading of readings) {
      expect(reading).toMatchObject({ known: false, why: expect.stringMatching(/has no address/) });
      expect('why' in reading ? reading.why.length : 0).toBeLessThan(240);
    }
  });

  test("fast-autoscaler's variables are read over AMQP", async () => {
    const { host, port, username, password } = server.address;
    Object.assign(process.env, { RABBITMQ_USERNAME: username, RABBITMQ_PASSWORD: password });
    await client.create('moved', { vhost: ODD_VHOST });
    await client.send('moved', 6, ODD_VHOST);
    const given = fromEnvironment({
      QUEUE_TYPE: 'rabbitmq',
      ECS_CLUSTER: 'shop',
      SERVICE_NAME: 'orders',
      RABBITMQ_HOST: host,
      RABBITMQ_PORT: String(port),
      RABBITMQ_VHOST: ODD_VHOST,
      RABBITMQ_QUEUE: 'moved',
      RABBITMQ_USERNAME: username,
      RABBITMQ_PASSWORD: password,
    });
    const { source = { type: '' } } = parseConfig(given, sourceSchema).services[0] ?? {};
    expect(JSON.stringify(source)).not.toContain(password);
    expect(await readOne(source)).toMatchObject({ known: true, visible: 6 });
  });
});
