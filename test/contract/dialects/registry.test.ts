/** One dialect has each file, and none has ours, mistakes and all. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { dialects } from '../../../lambdas/contract/dialects/registry.ts';
import { packageRoot } from '../../../lib/assets.ts';
import { written, writtenIn } from './written.ts';

const namesOf = (file: ReturnType<typeof written>) =>
  dialects.filter(({ recognises }) => recognises(file)).map(({ name }) => name);

test.each([
  ['fast-autoscaler.env', 'fast-autoscaler'],
  ['fast-autoscaler.json', 'fast-autoscaler'],
  ['serverless-ecs-scaler.env', 'Serverless ECS Scaler'],
  ['ecs-autoscale/my_cluster.yml', 'ecs-autoscale'],
  ['fargate-fast-autoscaler.yaml', 'aws-fargate-fast-autoscaler'],
])('%s is %s', (file, name) => expect(namesOf(writtenIn(file))[0]).toBe(name));

test.each([
  ['our own shape', 'services:\n  - { cluster: a, service: b, tasks: { max: 1 }, source: { type: sqs } }'],
  ['services as a map', 'services:\n  orders: { cluster: a, tasks: { max: 1 }, source: { type: sqs } }'],
  ['one service without its list', 'cluster: a\nservice: b\ntasks: { max: 3 }\ndisableScaleIn: true'],
  ['a loop alone', 'loop: { interval: 5s }'],
  ['defaults alone', 'defaults: { tasks: { max: 3 } }'],
  ['groups alone', 'groups: [{ services: [a/b], maxTotalTasks: 3 }]'],
  ['a list', '- a'],
  ['text', 'hello'],
  ['variables of somebody else', 'MIN_TASKS=3\nAWS_REGION=eu-west-1'],
  ['a file of docker compose', 'services:\n  web: { image: nginx, ports: ["80:80"] }'],
])('%s is nobody else’s', (_, text) => expect(namesOf(written(text))).toEqual([]));

test('every dialect has a name of its own, and every file here a test', () => {
  const names = dialects.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const tests = readdirSync(import.meta.dirname);
  const files = readdirSync(join(packageRoot, 'lambdas', 'contract', 'dialects'));
  for (const file of ['serverless-ecs-scaler', 'ecs-autoscale', 'fargate-fast-autoscaler', 'fast-autoscaler'])
    expect([files.includes(`${file}.ts`), tests.includes(`${file}.test.ts`)]).toEqual([true, true]);
});
