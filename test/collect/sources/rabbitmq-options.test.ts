import { describe, expect, test } from '@jest/globals';
import { rabbitmq } from '../../../lambdas/collect/sources/rabbitmq.ts';
import { sourceSchema } from '../../../lambdas/collect/sources/registry.ts';
import { fromPayload } from '../../../lambdas/contract/dialects/fast-autoscaler.ts';
import { parseConfig } from '../../../lambdas/contract/parse.ts';
import { problemsOf } from '../../contract/problems-of.ts';

type Options = Readonly<Record<string, unknown>>;

const problemsWith = (
  source: Options,
  policy: Options = { type: 'target', backlogPerTask: 10, count: 'visible' },
) => {
  const service = { cluster: 'shop', service: 'orders', tasks: { max: 9 }, policy };
  const whole = { type: 'rabbitmq', queue: 'orders', ...source };
  return problemsOf(() => parseConfig({ services: [{ ...service, source: whole }] }, sourceSchema));
};

const parsed = (given: Options) => rabbitmq.options.parse({ type: 'rabbitmq', queue: 'orders', ...given });
const serverOf = (given: Options) => rabbitmq.server(parsed(given));

describe('a policy that counts what is in flight', () => {
  const remedy = expect.stringMatching(
    /^services\[0\]\.source: over AMQP .* give managementUrl, or let the policy count visible messages only \(count: visible, or combined: false\)$/,
  );
  const target = { type: 'target', backlogPerTask: 10 };

  test('is refused over AMQP when the configuration is loaded', () => {
    expect(problemsWith({ host: 'rabbit' }, target)).toEqual([remedy]);
    expect(problemsWith({ host: '%(RABBIT)' }, { type: 'threshold', combined: true })).toEqual([remedy]);
  });

  test('is refused for a payload of fast-autoscaler with use_combined_messages', () => {
    const config = {
      queue_type: 'rabbitmq',
      cluster_name: 'shop',
      service_name: 'orders',
      use_combined_messages: true,
      queue_config: { host: 'rabbit', queue: 'orders' },
    };
    const load = (payload: Options) => parseConfig(fromPayload({ config: payload }, {}), sourceSchema);
    expect(problemsOf(() => load(config))).toEqual([remedy]);
    expect(load({ ...config, use_combined_messages: false }).services).toHaveLength(1);
    const queue_config = { ...config.queue_config, management_url: 'https://rabbit' };
    expect(load({ ...config, queue_config }).services).toMatchObject([
      { source: { managementUrl: 'https://rabbit' } },
    ]);
  });

  test.each([{ managementUrl: 'http://rabbit:15672' }, { managementUrl: '%(MANAGEMENT_URL)' }])(
    'is taken with %j',
    (source) => {
      const service = { cluster: 'shop', service: 'orders', tasks: { max: 9 }, policy: target };
      const whole = { type: 'rabbitmq', queue: 'orders', ...source };
      expect(parseConfig({ services: [{ ...service, source: whole }] }, sourceSchema).services).toHaveLength(
        1,
      );
    },
  );
});

describe('where it leads', () => {
  const amazon = 'b-1234.mq.eu-west-1.amazonaws.com';

  test.each([
    [{ host: 'rabbit' }, 'amqp://rabbit:5672'],
    [{ host: 'rabbit', tls: true }, 'amqps://rabbit:5671'],
    [{ host: 'rabbit', tls: {} }, 'amqps://rabbit:5671'],
    [{ host: 'rabbit', port: 5671 }, 'amqps://rabbit:5671'],
    [{ host: 'rabbit', port: 5671, tls: false }, 'amqp://rabbit:5671'],
    [{ host: 'rabbit', port: 5672, tls: true }, 'amqps://rabbit:5672'],
    [{ host: amazon }, `amqps://${amazon}:5671`],
    [{ host: amazon, tls: false }, `amqp://${amazon}:5672`],
    [{ host: 'rabbit', vhost: 'odd/v %' }, 'amqp://rabbit:5672/odd%2Fv%20%25'],
    [{ host: '::1' }, 'amqp://[::1]:5672'],
    [{ host: '[fd00::2]', port: 1 }, 'amqp://[fd00::2]:1'],
    [{ host: 'rabbit', managementUrl: 'http://rabbit:15672/' }, 'RabbitMQ at http://rabbit:15672'],
    [{ managementUrl: `https://${amazon}/api/` }, `RabbitMQ at https://${amazon}`],
    [{ managementUrl: 'https://proxy/rabbit', vhost: 'any' }, 'RabbitMQ at https://proxy/rabbit'],
    [{ host: 'rabbit', username: 'u', password: 'geheim' }, 'amqp://rabbit:5672'],
  ])('%j: %s', (given, server) => expect(serverOf(given)).toBe(server));
});

describe('what is refused', () => {
  test.each([
    [{}, /^services\[0\]\.source\.host: required/],
    [{ host: 'amqp://rabbit' }, /\.host: .*without scheme and port/],
    [{ host: 'rabbit:5672' }, /\.host: .*without scheme and port/],
    [{ managementUrl: 'rabbit:15672' }, /\.managementUrl: expected a URL/],
    [{ managementUrl: 'https://me@rabbit' }, /\.managementUrl: .*without user/],
    [{ managementUrl: 'http://rabbit', tls: true }, /\.tls: .*is without TLS: write https/],
    [{ managementUrl: 'http://rabbit', tls: { ca: 'x' } }, /\.tls: .*is without TLS/],
    [{ managementUrl: 'https://rabbit', tls: false }, /\.tls: .*is with TLS/],
    [{ host: 'rabbit', port: 0 }, /\.port/],
    [{ host: 'rabbit', queue: '' }, /\.queue/],
  ])('%j', (source, problem) => expect(problemsWith(source)).toEqual([expect.stringMatching(problem)]));

  test('a reference in its place is not', () => {
    expect(() => parsed({ host: '%(HOST)', vhost: '%(VHOST)', queue: '%(QUEUE)' })).not.toThrow();
    expect(() => parsed({ managementUrl: '%(URL)', tls: true })).not.toThrow();
  });
});
