import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { closeConnections } from '../../../lambdas/collect/connections.ts';
import { sourceSchema } from '../../../lambdas/collect/sources/registry.ts';
import { parseSource } from '../../../lambdas/contract/parse.ts';
import { sourcePermissions } from '../../../lib/permissions.ts';
import { later } from '../../samples.ts';
import { certificates } from '../../servers/certificates.ts';
import { START_LIMIT_MS } from '../../servers/server.ts';
import { behavesAsASource, readAll, readOne, type Subject, settles } from './behaviour.ts';
import { type Cluster, startCluster } from './nginx-tasks.ts';

const STUB_STATUS =
  'Active connections: 8 \nserver accepts handled requests\n 11 11 40 \nReading: 1 Writing: 4 Waiting: 3 \n';

const start = async (): Promise<Subject> => {
  const cluster = await startCluster();
  const { ca, wrongCa, certificateFile, keyFile } = await certificates();
  const secure = createTlsServer(
    { cert: readFileSync(certificateFile), key: readFileSync(keyFile) },
    (_, response) => void response.end(STUB_STATUS),
  );
  secure.listen(0, '127.0.0.1');
  await once(secure, 'listening');
  const tls = { scheme: 'https', port: (secure.address() as AddressInfo).port, service: 'silent' };
  // A task where something accepts connections and never answers, or where TLS is spoken.
  cluster.pretend('silent', [{ address: '127.0.0.1' }]);
  const options = (service: string) => ({ type: 'nginx', cluster: 'shop', service, port: cluster.port });
  const tasks = new Map<string, Awaited<ReturnType<Cluster['run']>>>();
  return {
    options,
    create: async (service) => void tasks.set(service, await cluster.run(service, 1)),
    send: async (service, users) => {
      for (const task of tasks.get(service) ?? []) await cluster.hold(task, users);
    },
    server: cluster,
    close: async () => {
      secure.close();
      secure.closeAllConnections();
      await cluster.close();
    },
    tls: {
      options: (service) => ({ ...options(service), ...tls, tls: { ca } }),
      wrongCa: (service) => ({ ...options(service), ...tls, tls: { ca: wrongCa } }),
    },
  };
};

behavesAsASource({
  name: 'nginx',
  start,
  at: (options, _host, port) => ({ ...options, service: 'silent', port }),
  missing: /there is no service nowhere in cluster shop in .*: check service, cluster and region/,
  expected: (waiting) => ({ value: waiting }),
  pooled: true,
  without: {
    inFlight: 'a connection is no message',
    password: 'nginx lets in by address whoever may see its status',
  },
});

describe('nginx', () => {
  let cluster: Cluster;
  const ends: (() => void)[] = [];
  beforeAll(async () => {
    cluster = await startCluster();
  }, START_LIMIT_MS);
  afterEach(async () => {
    await closeConnections();
    for (const end of ends.splice(0)) end();
  });
  afterAll(() => cluster.close(), 60_000);

  const at = (service: string, more: object = {}) => ({
    type: 'nginx',
    cluster: 'shop',
    service,
    port: cluster.port,
    ...more,
  });

  /** Something that answers for as many tasks as there are addresses in 127.0.0.0/8, each by its address. */
  const serveAll = async (answer: (address: string) => string | undefined): Promise<number> => {
    const server = createServer(({ socket }, response) => {
      const text = answer(socket.localAddress ?? '');
      if (text !== undefined) response.end(text);
    });
    server.listen(0, '0.0.0.0');
    await once(server, 'listening');
    ends.push(() => {
      server.close();
      server.closeAllConnections();
    });
    return (server.address() as AddressInfo).port;
  };

  test("the users' connections of all tasks, exactly: not the one that asks, nor those that are idle", async () => {
    const [one, other] = await cluster.run('web', 2);
    if (one === undefined || other === undefined) throw new Error('no tasks');
    await cluster.hold(one, 3);
    await cluster.hold(other, 2);
    await cluster.idle(one, 4);
    for (let reading = 0; reading < 3; reading += 1) {
      expect(await readOne(at('web'))).toEqual({
        known: true,
        value: 5,
        at: expect.any(String),
        ...(reading > 0 && { arrivalsPerSecond: 0 }),
      });
    }
    const both = [at('web'), at('web', { aggregate: 'average' })];
    expect(await readAll(both)).toMatchObject([{ value: 5 }, { value: 2.5 }]);
    one.held[0]?.destroy();
    await settles(at('web'), { value: 4 });
  }, 60_000);

  test('arrivals per second, from what both readings saw of a task', async () => {
    const [one, other] = await cluster.run('visited', 2);
    if (one === undefined || other === undefined) throw new Error('no tasks');
    const [first] = await readAll([at('visited')], later(0));
    expect(first).not.toHaveProperty('arrivalsPerSecond');
    await cluster.visit(one, 30);
    await cluster.visit(other, 20);
    expect(await readAll([at('visited')], later(10))).toMatchObject([{ arrivalsPerSecond: 5 }]);
    // One that does not answer is left out, and counts over the whole time when it is back.
    await cluster.visit(one, 10);
    await cluster.visit(other, 20);
    await other.server.stop();
    expect(await readAll([at('visited')], later(20))).toMatchObject([{ arrivalsPerSecond: 1 }]);
    await other.server.start();
    // It was started anew, and so counts from 0: nothing can be said of it yet.
    expect(await readAll([at('visited')], later(30))).toMatchObject([{ arrivalsPerSecond: 0 }]);
  }, 60_000);

  test('one task of three is gone: the mean is of the others, the sum is a floor, and it is named', async () => {
    const tasks = await cluster.run('limping', 3);
    for (const task of tasks) await cluster.hold(task, 2);
    const gone = tasks[2];
    await gone?.server.stop();
    const named = [
      expect.stringMatching(
        new RegExp(`^1 of 3 running tasks left out: ${gone?.id}: .*refused the connection`),
      ),
    ];
    const [sum, average] = await readAll([at('limping'), at('limping', { aggregate: 'average' })]);
    expect(sum).toMatchObject({ known: true, value: 4, atLeast: true, notes: named });
    expect(average).toMatchObject({ known: true, value: 2, notes: named });
    expect(average).not.toHaveProperty('atLeast');
    await tasks[1]?.server.stop();
    expect(await readOne(at('limping'))).toMatchObject({
      known: false,
      why: expect.stringMatching(/^1 of 3 running tasks of shop\/limping answered: .*refused the connection/),
    });
  }, 60_000);

  test('no task has no connections; none that runs yet is another matter', async () => {
    cluster.pretend('asleep', []);
    const asleep = await readOne(at('asleep'));
    expect(asleep).toMatchObject({ known: true, value: 0, notes: [expect.stringMatching(/has no task/)] });
    expect(asleep).not.toHaveProperty('atLeast');
    cluster.pretend('waking', [{ status: 'PENDING' }, { status: 'PENDING' }]);
    expect(await readOne(at('waking'))).toMatchObject({
      known: true,
      value: 0,
      atLeast: true,
      notes: [expect.stringMatching(/none of the 2 tasks of shop\/waking is running yet/)],
    });
    expect(await readOne(at('waking', { aggregate: 'average' }))).toMatchObject({ value: 0, atLeast: true });
  });

  test('230 tasks: all are asked, each is described once, in as few calls as there can be', async () => {
    const addresses = Array.from({ length: 230 }, (_, nth) => `127.1.0.${nth + 1}`);
    const port = await serveAll(() => STUB_STATUS);
    cluster.pretend(
      'large',
      addresses.map((address) => ({ address })),
    );
    cluster.calls.clear();
    expect(await readOne(at('large', { port }))).toMatchObject({ known: true, value: 4 * 230 });
    expect(Object.fromEntries(cluster.calls)).toEqual({ 'ecs:ListTasks': 3, 'ecs:DescribeTasks': 3 });
    const both = [at('large', { port }), at('large', { port, aggregate: 'average' })];
    expect(await readAll(both)).toMatchObject([{ value: 920 }, { value: 4 }]);
    expect(Object.fromEntries(cluster.calls)).toEqual({ 'ecs:ListTasks': 6, 'ecs:DescribeTasks': 3 });
  }, 60_000);

  test('100 tasks of which 20 keep silent: the others count, within the time limit', async () => {
    const addresses = Array.from({ length: 100 }, (_, nth) => `127.2.0.${nth + 1}`);
    const port = await serveAll((address) =>
      Number(address.split('.')[3]) % 5 === 0 ? undefined : STUB_STATUS,
    );
    cluster.pretend(
      'deaf',
      addresses.map((address) => ({ address })),
    );
    const patient = { port, aggregate: 'average', timeLimit: '5s' };
    expect(await readOne(at('deaf', patient))).toMatchObject({
      known: true,
      value: 4,
      notes: [
        expect.stringMatching(
          /^20 of 100 running tasks left out: \w+, \w+, \w+ and 17 more: .*did not answer in time/,
        ),
      ],
    });
  }, 60_000);

  test('a task that keeps silent again and again no longer has the time of a tick', async () => {
    const port = await serveAll((address) => (address.endsWith('.3') ? undefined : STUB_STATUS));
    cluster.pretend(
      'numb',
      ['127.5.0.1', '127.5.0.2', '127.5.0.3'].map((address) => ({ address })),
    );
    const given = at('numb', { port, timeLimit: '3s' });
    const took: number[] = [];
    for (let tick = 0; tick < 5; tick += 1) {
      const began = performance.now();
      expect(await readOne(given)).toMatchObject({ known: true, value: 8, atLeast: true });
      took.push(performance.now() - began);
    }
    const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = took;
    // Of what the same reading took when it waited for the whole of its share, not of a clock's.
    expect(Math.max(third, fourth)).toBeLessThan(0.7 * Math.min(first, second, fifth));
  }, 60_000);

  test('a task that has started since, and one that has ended', async () => {
    const port = await serveAll(() => STUB_STATUS);
    cluster.pretend('moving', [{ address: '127.3.0.1' }, { status: 'PENDING' }]);
    expect(await readOne(at('moving', { port }))).toMatchObject({ value: 4 });
    cluster.pretend('moving', [{ address: '127.3.0.2' }, { address: '127.3.0.3' }]);
    expect(await readOne(at('moving', { port }))).toMatchObject({ value: 8 });
    cluster.pretend('moving', []);
    expect(await readOne(at('moving', { port }))).toMatchObject({ value: 0 });
  });

  test.each([
    [
      'something else than stub_status',
      '<html>Welcome to nginx!</html>',
      /answers with something else than stub_status: check path and port/,
    ],
    ['half of it', 'Active connections: 8 \n', /something else/],
  ])('%s', async (_, text, why) => {
    const port = await serveAll(() => text);
    cluster.pretend('other', [{ address: '127.4.0.1' }]);
    expect(await readOne(at('other', { port }))).toMatchObject({
      known: false,
      why: expect.stringMatching(why),
    });
  });

  test.each([
    ['a path that is not there', { path: '/status' }, /\/status answered with status 404: is the path right/],
    ['a port that is shut', { port: 1 }, /refused the connection/],
    ['another container', { container: 'sidecar' }, /no container sidecar, only answering: check container/],
    ['a service that is not there', { service: 'nobody' }, /there is no service nobody in cluster shop/],
    ['a cluster that is not there', { cluster: 'nowhere' }, /there is no cluster nowhere/],
  ])('%s is unknown, with the remedy', async (_, more, why) => {
    await cluster.run('answering', 1);
    expect(await readOne(at('answering', more))).toMatchObject({
      known: false,
      why: expect.stringMatching(why),
    });
  });

  test('tasks on the network of their host have no address to ask', async () => {
    cluster.pretend('bridged', [{}, {}]);
    expect(await readOne(at('bridged'))).toMatchObject({
      known: false,
      why: expect.stringMatching(/^0 of 2 running tasks .*network mode awsvpc/),
    });
  });

  test('an ECS that cannot be asked is unknown, and not taken for nginx', async () => {
    const endpoint = process.env.AWS_ENDPOINT_URL_ECS;
    process.env.AWS_ENDPOINT_URL_ECS = 'http://127.0.0.1:1';
    try {
      expect(await readOne(at('web', { region: 'eu-west-1' }))).toMatchObject({
        known: false,
        why: expect.stringMatching(/^ecs:ListTasks on the tasks of shop\/web could not connect/),
      });
    } finally {
      process.env.AWS_ENDPOINT_URL_ECS = endpoint;
    }
  });

  test('cluster and service are those that are scaled, unless others are named', async () => {
    const [task] = await cluster.run('worker-0', 1);
    if (task === undefined) throw new Error('no task');
    await cluster.hold(task, 1);
    expect(await readOne({ type: 'nginx', port: cluster.port })).toMatchObject({ value: 1 });
  });

  test.each([
    [{ tls: { verify: false } }, /https is with TLS/],
    [{ scheme: 'https', tls: false }, /https is with TLS/],
    [{ path: 'nginx_status' }, /expected a path/],
    [{ aggregate: 'max' }, /sum/],
    [{ port: 0 }, /port/],
  ])('%j is refused when it is loaded', (more, why) => {
    expect(() => parseSource({ type: 'nginx', ...more }, sourceSchema, 'source')).toThrow(why);
  });

  test('the permissions name the cluster', () => {
    const owner = { cluster: 'shop', service: 'web' };
    const named = { cluster: 'arn:aws-cn:ecs:cn-north-1:222222222222:cluster/other', service: 'x' };
    const parsed = (more: object) => parseSource({ type: 'nginx', ...more }, sourceSchema, 'source');
    expect(sourcePermissions(parsed(named), owner, 'source')).toEqual([
      {
        actions: ['ecs:ListTasks'],
        resources: ['*'],
        conditions: { ArnEquals: { 'ecs:cluster': named.cluster } },
        reason: expect.any(String),
      },
      {
        actions: ['ecs:DescribeTasks'],
        resources: ['arn:aws-cn:ecs:cn-north-1:222222222222:task/other/*'],
        reason: expect.any(String),
      },
    ]);
    const [, describe] = sourcePermissions(parsed({ region: 'eu-west-1' }), owner, 'source');
    expect(describe?.resources).toEqual([expect.stringMatching(/^arn:aws:ecs:eu-west-1:.*:task\/shop\/\*$/)]);
  });
});
