import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { accessOf, credentials, secretsIn, tls, tlsOptions } from '../../lambdas/contract/access.ts';

const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:team/broker-AbCdEf';

describe('secrets by name', () => {
  test('an ARN, and a key in it as ECS writes it', () => {
    expect(secretsIn({ passwordSecret: ARN, usernameSecret: `${ARN}:user::`, queueKey: 'a' })).toEqual([
      { name: 'password', arn: ARN, key: undefined },
      { name: 'username', arn: ARN, key: 'user' },
    ]);
    expect(secretsIn({ tokenSecret: `${ARN}::AWSPREVIOUS:7` })).toEqual([
      { name: 'token', arn: ARN, key: undefined, stage: 'AWSPREVIOUS', version: '7' },
    ]);
  });

  test('what is no ARN of a secret is refused with an example', () => {
    const schema = z.strictObject(credentials);
    expect(schema.safeParse({ passwordSecret: 'hunter2' }).error?.issues[0]?.message).toContain(
      'arn:aws:secretsmanager',
    );
    expect(schema.safeParse({ passwordSecret: '%(SECRET_ARN)' }).success).toBe(true);
  });
});

describe('tls', () => {
  const schema = tls('off');

  test.each([
    ['left out, on by default', undefined, true, { rejectUnauthorized: true }],
    ['left out, off by default', undefined, false, undefined],
    ['on', true, false, { rejectUnauthorized: true }],
    ['off', false, true, undefined],
    ['a CA', { ca: 'PEM' }, false, { rejectUnauthorized: true, ca: 'PEM' }],
    ['another name', { serverName: 'mq' }, false, { rejectUnauthorized: true, servername: 'mq' }],
    ['unverified', { verify: false }, true, { rejectUnauthorized: false }],
  ])('%s', (_, given, fallback, options) => {
    expect(tlsOptions(schema.parse(given), fallback)).toEqual(options);
  });
});

test('services share a connection when they get in the same way', () => {
  const options = { type: 'redis', host: 'a', queueKey: 'k', username: 'u', passwordSecret: ARN, tls: true };
  expect(accessOf(options)).toEqual({ username: 'u', passwordSecret: ARN, tls: true });
});
