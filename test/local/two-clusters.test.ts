/** The example of two clusters, as a person starts it: a folder, five services on five kinds of queue, and hosts under two of them. */
import { beforeAll, expect, test } from '@jest/globals';
import { keyOf } from '../../lambdas/contract/config.ts';
import { of, type Run, run } from './command.ts';

const SERVICES = ['media/thumbnails', 'media/transcode', 'shop/clicks', 'shop/orders', 'shop/payments'];

let two: Run;

beforeAll(async () => {
  const quick = ['--seconds', '15', '--start-up', '1', '--work', '0.5', '--burst', '60@2:all'];
  two = await run(['--config', 'examples/two-clusters', ...quick]);
}, 60_000);

const byService = <T>(value: (key: string) => T): Record<string, T> =>
  Object.fromEntries(SERVICES.map((key) => [key, value(key)]));

test('it runs with nothing but this clone', () => {
  expect(two).toMatchObject({ code: 0, errors: '' });
  expect(new Set(of(two.events, 'world').map(keyOf))).toEqual(new Set(SERVICES));
});

test('each of the five services gets messages, scales out, and works on them', () => {
  const outs = of(two.events, 'outcome').filter(({ direction, applied }) => direction === 'out' && applied);
  expect(byService((key) => outs.some((each) => keyOf(each) === key))).toEqual(byService(() => true));
  const backlogs = (key: string) =>
    of(two.events, 'world').flatMap((each) => (keyOf(each) === key ? (each.backlog ?? []) : []));
  for (const key of SERVICES) {
    const most = Math.max(...backlogs(key));
    expect(most).toBeGreaterThan(20);
    expect(backlogs(key).at(-1)).toBeLessThan(most);
  }
});

test('the hosts of the cluster that has some grow, and tasks run on those that came', () => {
  const hosts = of(two.events, 'hosts');
  expect(new Set(hosts.map(({ cluster }) => cluster))).toEqual(new Set(['media']));
  expect(hosts[0]).toMatchObject({ desired: 1, hosts: [{ status: 'ACTIVE', tasks: 0 }] });
  expect(of(two.events, 'capacity')[0]).toMatchObject({ cluster: 'media', direction: 'out', from: 1 });
  const busy = hosts.map(
    (each) => each.hosts.filter(({ status, tasks }) => status === 'ACTIVE' && tasks > 0).length,
  );
  expect(Math.max(...busy)).toBeGreaterThan(1);
});
