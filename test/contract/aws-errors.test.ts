import { expect, test } from '@jest/globals';
import { explain } from '../../lambdas/contract/aws-errors.ts';

const refused = (name: string, message: string): Error => Object.assign(new Error(message), { name });

test.each([
  ['AccessDeniedException', 'Access to KMS is not allowed'],
  ['AccessDeniedException', 'User: x is not authorized to perform: kms:Decrypt on the resource y'],
  ['KMSAccessDeniedException', 'The ciphertext refers to a customer master key that does not exist'],
])('%s: %s, so it is the key and not the action', (name, message) => {
  expect(explain(refused(name, message), 'kinesis:GetRecords', 'stream x')).toMatch(
    /^kinesis:GetRecords on stream x is denied by the key .*: allow kms:Decrypt on that key/,
  );
});

test('a denied action is named', () => {
  const thrown = refused('AccessDeniedException', 'no identity-based policy allows the action');
  expect(explain(thrown, 'kinesis:GetRecords', 'stream x')).toMatch(/: allow kinesis:GetRecords in the role/);
});
