/** What the options of an ActiveMQ queue may be, and what may be done on their behalf. */
import { describe, expect, test } from '@jest/globals';
import { activemq } from '../../../lambdas/collect/sources/activemq.ts';
import { messageOf } from '../../../lambdas/contract/errors.ts';
import { parseSource } from '../../../lambdas/contract/parse.ts';
import { sourcePermissions } from '../../../lib/permissions.ts';

const ID = 'b-1234a5b6-78cd-901e-2fgh-3i45j6k178l9';
const parsed = (given: object) =>
  parseSource({ type: 'activemq', queueName: 'orders', ...given }, activemq.options, 'source');
const faultOf = (given: object): string => {
  try {
    parsed(given);
    return '';
  } catch (thrown) {
    return messageOf(thrown);
  }
};

const plain = { endpoints: ['stomp://broker:61613', 'http://broker:8161'] };
const secure = { endpoints: ['stomp+ssl://broker:61614', 'https://broker:8162'] };

describe('options that do not go together', () => {
  test.each([
    ['nowhere to go', {}, /source\.brokerId: give the brokerId of an Amazon MQ broker, or the endpoints/],
    ['a list of queues', { ...plain, queueName: 'a,b' }, /source\.queueName: .*a comma would make it a list/],
    ['options in the name', { ...plain, queueName: 'a?consumer.exclusive=true' }, /\? begins options/],
    ['a name of blanks', { ...plain, queueName: ' ' }, /source\.queueName/],
    ['another protocol', { endpoints: ['amqp://broker:5672'] }, /expected stomp:\/\/host:61613/],
    ['a password in the address', { endpoints: ['stomp://u:p@broker:61613'] }, /without user and password/],
    ['a way twice', { ...plain, via: ['jolokia', 'jolokia'] }, /source\.via: names a way twice/],
    ['no way at all', { ...plain, via: [] }, /source\.via/],
    [
      'STOMP without an address',
      { endpoints: ['http://b:1'], via: ['statistics'] },
      /source\.via: nothing leads to statistics: give brokerId, or a stomp/,
    ],
    [
      'Jolokia without an address',
      { endpoints: ['stomp://b:1'], via: ['jolokia'] },
      /nothing leads to jolokia: give brokerId, or an http/,
    ],
    [
      'CloudWatch without a name',
      { ...plain, via: ['cloudwatch'] },
      /nothing leads to cloudwatch: give brokerId or brokerName/,
    ],
    [
      'TLS asked for, and an address without',
      { ...plain, tls: true },
      /stomp:\/\/broker:61613 does not speak TLS/,
    ],
    ['a CA, and an address without TLS', { ...plain, tls: { ca: 'x' } }, /does not speak TLS/],
    [
      'no TLS, and an address with it',
      { ...secure, tls: false },
      /stomp\+ssl:\/\/broker:61614 speaks TLS, and tls is false/,
    ],
  ])('%s', (_, given, message) => {
    expect(faultOf(given)).toMatch(message);
  });

  test.each([
    [{ brokerId: ID }],
    [{ brokerId: ID, tls: false }],
    [{ ...plain, tls: false }],
    [{ ...secure, tls: true, via: ['jolokia', 'statistics'] }],
    [{ endpoints: ['stomp+nio+ssl://[::1]:61614'], queueName: 'a>*: "ü"' }],
    [{ via: ['cloudwatch'], brokerName: 'shop-1' }],
    [{ brokerId: '%(ID)', queueName: '%(QUEUE)', password: '%(P)' }],
    [{ endpoints: ['%(STOMP)', 'https://%(HOST):8162'], via: ['jolokia', 'statistics'], tls: true }],
  ])('%j is taken', (given) => {
    expect(faultOf(given)).toBe('');
  });
});

test('services share a connection when they speak to one broker, and a name for people has no secrets', () => {
  const server = (given: object) => activemq.server(parsed({ password: '%(P)', ...given }));
  expect(server({ brokerId: ID })).toBe(`the ActiveMQ broker ${ID}`);
  expect(server({ brokerId: ID, region: 'eu-west-1' })).toBe(`the ActiveMQ broker ${ID} in eu-west-1`);
  expect(server(plain)).toBe('ActiveMQ at stomp://broker:61613, http://broker:8161');
  expect(server({ via: ['cloudwatch'], brokerName: 'shop-1' })).toBe('the ActiveMQ broker shop-1');
});

describe('permissions', () => {
  const actions = (given: object): readonly string[] =>
    sourcePermissions(parsed(given), { cluster: 'shop', service: 'worker' }, 'source').flatMap(
      (each) => each.actions,
    );

  test('the broker is described by its ID, in the account of the stack, and that has a reason', () => {
    const [describing, ...rest] = activemq.permissions(
      parsed({ brokerId: ID, region: 'eu-west-1', via: ['jolokia'] }),
    );
    expect(describing).toMatchObject({
      actions: ['mq:DescribeBroker'],
      resources: [`arn:aws:mq:eu-west-1:\${AWS::AccountId}:broker:*:${ID}`],
      reason: expect.any(String),
    });
    expect(rest).toEqual([]);
  });

  test.each([
    ['by its ID', { brokerId: ID }, ['mq:DescribeBroker', 'cloudwatch:GetMetricData']],
    ['without CloudWatch', { brokerId: ID, via: ['statistics', 'jolokia'] }, ['mq:DescribeBroker']],
    [
      'by CloudWatch only',
      { brokerId: ID, via: ['cloudwatch'] },
      ['mq:DescribeBroker', 'cloudwatch:GetMetricData'],
    ],
    [
      'by CloudWatch only, with the name',
      { brokerId: ID, via: ['cloudwatch'], brokerName: 'b-1' },
      ['cloudwatch:GetMetricData'],
    ],
    ['by endpoints', plain, []],
    ['by endpoints, and the name', { ...plain, brokerName: 'shop-1' }, ['cloudwatch:GetMetricData']],
  ])('a broker %s', (_, given, expected) => {
    expect(actions(given)).toEqual(expected);
  });

  test('a broker whose ID nobody has told is too wide', () => {
    expect(() => actions({ brokerId: '%(ID)*' })).toThrow(/too wide/);
  });
});
