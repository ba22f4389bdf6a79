/** The agent's endpoint answers as the agent of ECS does, whose source is the measure (ecs-agent/tmds/handlers/taskprotection). */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { agentEndpoint } from '../../../local/endpoints/agent.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const ARN = 'arn:aws:ecs:us-east-1:000000000000:task/shop/a';

let until: number | undefined;
const server = agentEndpoint({
  task: (id) => (id === 'a' ? { arn: ARN, until } : undefined),
  protect: (_, minutes) => {
    until = minutes === undefined ? undefined : NOW + minutes * 60_000;
  },
});
let url: string;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
});
afterAll(() => void server.close());

const ask = async (method: string, body?: string, path = 'a/task-protection/v1/state') => {
  const response = await fetch(`${url}/${path}`, { method, ...(body === undefined ? {} : { body }) });
  return [response.status, await response.json()];
};
const state = (ProtectionEnabled: boolean, ExpirationDate: string | null) => [
  200,
  { protection: { ProtectionEnabled, ExpirationDate, TaskArn: ARN } },
];

test('a task is unprotected, protected for two hours or as long as it says, and unprotected again', async () => {
  expect(await ask('GET')).toEqual(state(false, null));
  expect(await ask('PUT', '{"ProtectionEnabled":true}')).toEqual(state(true, '2026-11-22T14:00:00.000Z'));
  expect(await ask('PUT', '{"ProtectionEnabled":true,"ExpiresInMinutes":2880}')).toEqual(
    state(true, '2026-11-24T12:00:00.000Z'),
  );
  expect(await ask('GET')).toEqual(state(true, '2026-11-24T12:00:00.000Z'));
  expect(await ask('PUT', '{"ProtectionEnabled":false}')).toEqual(state(false, null));
});

test.each([
  ['', /failed to decode/],
  ['null', /failed to decode/],
  ['{"ProtectionEnabled":true,"Minutes":5}', /failed to decode/],
  ['{}', /does not contain 'ProtectionEnabled'/],
  ['{"ProtectionEnabled":true,"ExpiresInMinutes":0}', /1 to 2880/],
  ['{"ProtectionEnabled":true,"ExpiresInMinutes":2881}', /1 to 2880/],
])('what it cannot use changes nothing: %s', async (body, message) => {
  const error = { Code: 'InvalidParameterException', Message: expect.stringMatching(message) };
  expect(await ask('PUT', body)).toEqual([400, { error }]);
  expect(await ask('GET')).toEqual(state(false, null));
});

test('a task that is being stopped is a failure with status 200', async () => {
  expect(await ask('PUT', '{"ProtectionEnabled":true}', 'b/task-protection/v1/state')).toEqual([
    200,
    { failure: { Arn: 'b', Reason: 'TASK_NOT_VALID', Detail: null } },
  ]);
});

test('any other address is none', async () => {
  expect(await ask('GET', undefined, 'a/task-protection/v2/state')).toMatchObject([404, { error: {} }]);
});
