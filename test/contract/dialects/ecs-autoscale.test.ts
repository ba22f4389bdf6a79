import { describe, expect, test } from '@jest/globals';
import { ecsAutoscale } from '../../../lambdas/contract/dialects/ecs-autoscale.ts';
import { problemsOf } from '../problems-of.ts';
import { understood, written, writtenIn } from './written.ts';

const MOST = { MOST_WORKERS: '6' };

/** A cluster with one service; `service` begins below its name. */
const cluster = (service: string, more = '') =>
  written(
    `autoscale_group: group\n${more}services:\n  worker:\n    enabled: true\n    min: 0\n    max: 9\n${service}`,
    'shop.yml',
  );
const asking = (statistics: string, events: string, more = '') =>
  cluster(
    `    metric_sources:\n      third_party:\n        - url: http://stats/\n${more}          statistics: [${statistics}]\n    events: [${events}]\n`,
  );
const QUEUE = '{ name: ready, alias: queue }';
const EVENT = '{ metric: queue, action: 1, min: 5, max: null }';
const serviceOf = (file: ReturnType<typeof written>) => understood(ecsAutoscale, file).parsed.services[0];

describe('a cluster file as in its documentation', () => {
  const found = understood(ecsAutoscale, writtenIn('ecs-autoscale/my_cluster.yml'), MOST);

  test('names the cluster, with its hosts', () => {
    expect(found.parsed.clusters).toMatchObject([
      {
        cluster: 'my_cluster',
        capacity: {
          autoScalingGroup: 'EC2ContainerService-my_cluster-EcsInstanceAsg-AAAAA',
          min: 1,
          max: 4,
          cpuBuffer: 256,
          memoryBuffer: 512,
        },
      },
    ]);
  });

  test('asks as it asks, the login out of the URL and every text still a reference', () => {
    expect(found.parsed.services[0]).toMatchObject({
      cluster: 'my_cluster',
      service: 'worker',
      tasks: { min: 1, max: 6 },
      source: {
        type: 'http',
        url: 'http://127.0.0.1:%(BROKER_PORT)/api/queues/celery',
        username: '%(BROKER_USER)',
        password: '%(BROKER_PASSWORD)',
        method: 'GET',
        fields: { queue_length: 'messages_ready', acknowledged: 'message_stats.ack_details.rate' },
      },
      policy: {
        type: 'rules',
        events: [
          { metric: 'max([queue_length, 0]) - 0 * acknowledged', action: 2, min: 5 },
          { metric: 'queue_length', action: -1, max: 3 },
        ],
      },
      cooldown: { out: 0, in: 0 },
    });
  });

  test('watches as it watches', () => {
    expect(found.parsed.services[1]).toMatchObject({
      service: 'backend',
      source: {
        type: 'cloudwatch',
        name: 'cpu_usage',
        metricName: 'CPUUtilization',
        dimensions: { ClusterName: 'my_cluster', ServiceName: 'backend' },
        statistic: 'Average',
        period: 300,
      },
    });
  });

  test('tells what is left out and what was fixed', () => {
    expect(found.parsed.services.map(({ service }) => service)).toEqual(['worker', 'backend']);
    expect(found.said('services.retired.enabled')).toMatch(/left out/);
    expect(found.said('services.worker.max')).toMatch(/^%\(MOST_WORKERS\) is replaced now/);
    expect(found.said('autoscale_group')).toMatch(/as many as the missing tasks need/);
  });
});

describe('what is disabled', () => {
  test('as a whole leaves nothing', () => {
    const off = cluster('    metric_sources: {}\n    events: []\n', 'enabled: false\n');
    const { config, differences } = ecsAutoscale.translate(off, {});
    expect(config).toEqual({ services: [] });
    expect(differences.map(({ path }) => path)).toEqual(['enabled']);
  });
  test('or has no metric or no event is told', () => {
    const { config, differences } = ecsAutoscale.translate(cluster('    metric_sources: {}\n'), {});
    expect(config).toMatchObject({ services: [] });
    expect(differences.find(({ path }) => path === 'services.worker')?.why).toMatch(/no metric_sources/);
  });
});

describe('aliases and their arithmetic', () => {
  test.each([
    ['foo * bar * baz', 'foo * bar * baz'],
    ['foo*bar/ baz', 'foo*bar/ baz'],
    ['min([foo, bar])', 'min([foo, bar])'],
    ['foo-bar + 1', 'foo_bar + 1'],
    ['max + max([max, 3])', 'max_metric + max([max_metric, 3])'],
    ['value ** 2', 'value_metric ** 2'],
    [3, '3'],
  ])('%s', (metric, becomes) => {
    const statistics = ['foo', 'bar', 'baz', 'foo-bar', 'max', 'value']
      .map((alias) => `{ name: ${alias}.now, alias: ${alias} }`)
      .join(', ');
    const found = serviceOf(asking(statistics, `{ metric: "${metric}", action: -2, max: 0.5, min: -3 }`));
    expect(found?.policy).toMatchObject({ events: [{ metric: becomes, action: -2, min: -3, max: 0.5 }] });
  });

  test('what only a program can do is refused, with where it stands', () => {
    expect(
      problemsOf(() => understood(ecsAutoscale, asking(QUEUE, '{ metric: "queue if 1 else 2", action: 1 }'))),
    ).toEqual([
      expect.stringMatching(/^services\.worker\.events\[0\]\.metric: .*evaluated as a program of Python/),
    ]);
    expect(
      problemsOf(() => understood(ecsAutoscale, asking(QUEUE, '{ metric: quue, action: 1 }')))[0],
    ).toMatch(/unknown metric "quue", the nearest known one is "queue"/);
  });

  test('several sources are looked at together', () => {
    const more = '          statistics: [{ name: a, alias: first }]\n        - url: http://other/\n';
    const found = serviceOf(asking(QUEUE, '{ metric: queue + first, action: 1 }', more));
    expect(found?.sources).toMatchObject([{ fields: { first: 'a' } }, { fields: { queue: 'ready' } }]);
  });

  test('more numbers of one answer than a source tells are two sources of the same request', () => {
    const many = Array.from({ length: 12 }, (_, nth) => `{ name: n${nth}, alias: a${nth} }`).join(', ');
    const sources = serviceOf(asking(many, '{ metric: a0 + a11, action: 1 }'))?.sources ?? [];
    expect(sources.map(({ fields }) => Object.keys(fields as object).length)).toEqual([10, 2]);
  });
});

describe('what cannot be', () => {
  const problems = (file: ReturnType<typeof written>, env = {}) =>
    problemsOf(() => understood(ecsAutoscale, file, env));
  const at = (url: string) =>
    cluster(
      `    metric_sources:\n      third_party:\n        - url: ${url}\n          statistics: [${QUEUE}]\n    events: [${EVENT}]\n`,
    );
  const URL_PLACE = 'services.worker.metric_sources.third_party[0].url';

  test('a password in a URL, written out or in a variable', () => {
    const [plain] = problems(at('https://user:geheim@broker/q'));
    expect(plain).toMatch(new RegExp(`^${URL_PLACE.replace(/[[\]]/g, '\\$&')}: the password in this URL`));
    const [hidden] = problems(at('%(BROKER)/q'), { BROKER: 'https://user:geheim@broker' });
    expect(hidden).toMatch(/a variable in it holds a user and a password/);
    expect(`${plain}${hidden}`).not.toContain('geheim');
  });

  test('but a variable that holds the ARN of a secret is that secret', () => {
    const BROKER_PASSWORD = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:broker-AbCdEf';
    const { parsed } = understood(ecsAutoscale, at('https://%(USER):%(BROKER_PASSWORD)@broker/q'), {
      BROKER_PASSWORD,
      USER: 'guest',
    });
    expect(parsed.services[0]?.source).toMatchObject({
      username: '%(USER)',
      passwordSecret: BROKER_PASSWORD,
    });
    expect(parsed.services[0]?.source).not.toHaveProperty('password');
  });

  test('a user alone, and one that is percent-encoded', () => {
    expect(serviceOf(at('https://us%40er@broker/q'))?.source).toMatchObject({
      url: 'https://broker/q',
      username: 'us@er',
    });
  });

  test('a variable that is not set, an event without an action, an alias twice, another kind of source', () => {
    expect(problems(writtenIn('ecs-autoscale/my_cluster.yml'))[0]).toMatch(
      /^services\.worker\.max: %\(MOST_WORKERS\) stands for an environment variable that is not set/,
    );
    expect(problems(asking(`${QUEUE}, ${QUEUE}`, '{ metric: queue }'))).toEqual([
      'services.worker.metric_sources.third_party[0].statistics[1].alias: "queue" names another statistic of this service already',
      'services.worker.events[0].action: required, the tasks to add, or below 0 to remove',
    ]);
    expect(problems(cluster('    metric_sources: { datadog: [] }\n    events: []\n'))[0]).toMatch(
      /^services\.worker\.metric_sources\.datadog: there are third_party and cloudwatch only/,
    );
  });
});

test('a body is sent with POST, and told where it is not', () => {
  const post = '          method: POST\n          payload: { max: "%(NOT_OURS)" }\n';
  expect(serviceOf(asking(QUEUE, EVENT, post))?.source).toMatchObject({
    method: 'POST',
    body: { max: '%(NOT_OURS)' },
  });
  const { parsed, said } = understood(ecsAutoscale, asking(QUEUE, EVENT, '          payload: { a: 1 }\n'));
  expect(parsed.services[0]?.source).not.toHaveProperty('body');
  expect(said('services.worker.metric_sources.third_party[0].payload')).toMatch(/a GET sends no body/);
});

test('a key that it does not know is told', () => {
  const { said } = understood(
    ecsAutoscale,
    cluster(
      `    type: celery\n    metric_sources:\n      third_party: [{ url: "http://a/", statistics: [${QUEUE}] }]\n    events: [${EVENT}]\n`,
      'colour: red\n',
    ),
  );
  expect(said('services.worker.type')).toMatch(/does not know it/);
  expect(said('colour')).toMatch(/does not know it/);
});
