import { describe, expect, test } from '@jest/globals';
import { manifestsIn } from '../../../lambdas/contract/dialects/keda/documents.ts';
import { keda } from '../../../lambdas/contract/dialects/keda.ts';
import type { Steps } from '../../../lambdas/contract/path.ts';
import { problemsOf } from '../problems-of.ts';
import { translates } from './translates.ts';
import { parsed } from './translations.ts';

/** What names an object, or was written by the cluster itself, says nothing of a count. */
const IDENTITY = /^(apiVersion|kind|name|resourceVersion|identityOwner|envSourceContainerName)$/;

const ofKeda = (documents: readonly unknown[], [nth]: Steps): boolean =>
  manifestsIn({ documents: [documents[Number(nth)]] }).every(({ value }) =>
    /keda/.test(String(value['apiVersion'])),
  );

translates(keda, {
  folder: 'test/contract/dialects/keda',
  files: 10,
  isIts: ofKeda,
  saysNothing: (steps) => IDENTITY.test(String(steps.at(-1))),
  takesKeys: (_, steps) => !steps.includes('annotations'),
});

const object = (spec: object, metadata: object = {}) => ({
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  metadata: { name: 'orders', namespace: 'shop', ...metadata },
  spec: { scaleTargetRef: { name: 'orders' }, ...spec },
});

const SQS = {
  type: 'aws-sqs-queue',
  metadata: { queueURL: 'https://sqs.eu-west-1.amazonaws.com/1/orders', awsRegion: 'eu-west-1' },
};

const serviceIn = (spec: object, metadata: object = {}) => {
  const { config } = keda.translate(
    { name: 'orders', documents: [object({ triggers: [SQS], ...spec }, metadata)] },
    {},
  );
  parsed(config);
  return (config as { readonly services: readonly Record<string, unknown>[] }).services[0] ?? {};
};

describe('a pause', () => {
  const paused = (annotations: Record<string, string>) => serviceIn({}, { annotations })['pause'];

  test.each([
    [{ 'autoscaling.keda.sh/paused': 'true' }, 'all'],
    [{ 'autoscaling.keda.sh/paused': 'false' }, undefined],
    [{ 'autoscaling.keda.sh/paused-scale-in': 'true' }, 'in'],
    [{ 'autoscaling.keda.sh/paused-scale-out': 'true' }, 'out'],
    [
      { 'autoscaling.keda.sh/paused-scale-in': 'true', 'autoscaling.keda.sh/paused-scale-out': 'true' },
      'all',
    ],
    [{ 'autoscaling.keda.sh/paused': 'true', 'autoscaling.keda.sh/paused-replicas': '4' }, { at: 4 }],
  ])('%j is %j', (annotations, pause) =>
    expect(paused(annotations as Record<string, string>)).toEqual(pause),
  );
});

test.each([
  ['static', { atLeast: 6 }],
  ['currentReplicas', 'hold'],
  ['currentReplicasIfHigher', { atLeast: 6 }],
  ['currentReplicasIfLower', 'hold'],
])('the fallback %s is %j', (behavior, tasks) =>
  expect(serviceIn({ fallback: { failureThreshold: 2, replicas: 6, behavior } })['fallback']).toEqual({
    after: '60s',
    tasks,
  }),
);

describe('several triggers of which one has a threshold of activation', () => {
  const second = {
    ...SQS,
    metadata: { ...SQS.metadata, activationQueueLength: '5', scaleOnInFlight: 'false' },
  };
  const service = serviceIn({ triggers: [SQS, second], idleReplicaCount: 0, minReplicaCount: 2 });

  test('are active together', () =>
    expect(service['policies']).toContainEqual({
      type: 'formula',
      name: 'active',
      tasks: 'if(sqs.backlog > 0 or sqs2.visible > 5, max([sqsLoad, sqs2Load, 2]), 0)',
    }));
  test('and decide by that', () =>
    expect(service).toMatchObject({ combine: 'active', tasks: { min: 0, max: 100 } }));
});

test('a trigger in the words of Value multiplies the tasks that run', () =>
  expect(serviceIn({ triggers: [{ ...SQS, metricType: 'Value' }] })['policy']).toEqual({
    type: 'value',
    metric: 'backlog',
    target: 5,
  }));

describe('what cannot be a service is refused', () => {
  const problems = (spec: object) =>
    problemsOf(() => keda.translate({ name: 'orders', documents: [object(spec)] }, {}));

  test('with each trigger that has no equivalent', () =>
    expect(problems({ triggers: [{ type: 'nats-jetstream', metadata: {} }] })).toEqual([
      expect.stringMatching(/^spec\.triggers\[0\]: "nats-jetstream" has no equivalent/),
    ]));
  test('with what a trigger cannot do without', () =>
    expect(
      problems({ triggers: [{ type: 'redis', metadata: { address: 'cache:6379', listLength: '5' } }] }),
    ).toEqual(['spec.triggers[0].metadata.listName: required, the key of the list']));
  test('with a number that is none', () =>
    expect(problems({ triggers: [SQS], maxReplicaCount: 'many' })).toEqual([
      'spec.maxReplicaCount: expected a whole number of at least 0, got "many"',
    ]));
});

test('our own shape, and what Kubernetes has besides, are nobody of KEDA', () => {
  const ours = { services: [{ cluster: 'shop', service: 'orders' }] };
  const hpa = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'orders' } };
  for (const document of [ours, hpa, null, 'text', []])
    expect(keda.recognises({ name: 'orders', documents: [document] })).toBe(false);
});
