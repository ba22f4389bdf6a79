/**
 * The environment of Serverless ECS Scaler: a Lambda function on an SQS trigger and a rule of EventBridge, with one task count while there is
 * work and none when there has been none for some minutes.
 *
 * Its trigger is the reason to move with care: it takes messages off the queue, and is a second controller. Who moves here removes it.
 */
import { ConfigError, type ConfigProblem } from '../errors.ts';
import type { Dialect, Difference, Translated } from './dialect.ts';
import { type Environment, settingsIn } from './settings.ts';
import { isSet, variablesOf } from './variables.ts';

const QUEUE = { variable: 'SQS_QUEUE_URL' };
const CLUSTER = { variable: 'ECS_CLUSTER_NAME' };
const SERVICE = { variable: 'ECS_SERVICE_NAME' };
const TARGET = { variable: 'SCALE_UP_TARGET' };
const THRESHOLD = { variable: 'SCALE_DOWN_THRESHOLD' };

/** fast-autoscaler says ECS_CLUSTER and SERVICE_NAME; the name of the queue is the same in both. */
export const isServerlessEcsScalers = (env: Environment): boolean =>
  isSet(env, [CLUSTER.variable, SERVICE.variable]) && !isSet(env, ['ECS_CLUSTER', 'SERVICE_NAME']);

const MOST_MINUTES = 24 * 60;

/** What the guard `emptyFor` takes at most. */
const MOST_EMPTY_SECONDS = 3600;

/** What `idle.after` takes at least. */
const LEAST_IDLE_SECONDS = 60;

const differencesOf = (minutes: number): readonly Difference[] => [
  {
    path: '',
    why: 'Was woken by an SQS trigger and once a minute; this loop looks every 5 s (loop.interval). Remove the trigger: it takes messages off the queue, which nothing here does, and its function would go on setting the count.',
  },
  {
    path: QUEUE.variable,
    why: 'Only waiting messages were looked at; here those in flight are work as well, so that no task goes while it has one, and delayed ones keep the last tasks from going.',
  },
  {
    path: TARGET.variable,
    why: 'The most tasks there are: a count above it, set by hand, stayed there until the queue was empty and is brought down to it here.',
  },
  {
    path: THRESHOLD.variable,
    why: 'The published function reads it and goes to 0 at its first look at an empty queue; here nothing must have waited or been in flight for that long without a break.',
  },
  ...(minutes < 1
    ? [
        {
          path: THRESHOLD.variable,
          why: 'Below a minute, in which the counts of SQS may still be wrong: a task may go while a message waits, which the next look mends.',
        },
      ]
    : []),
  {
    path: '',
    why: 'At 0 tasks with an empty queue the loop itself sleeps (idle): it looks once a minute, and the alarm on the queue wakes it.',
  },
];

const translated = (env: Environment): Translated => {
  const problems: ConfigProblem[] = [];
  const read = settingsIn(undefined, [], env, problems);
  const queueUrl = read.required(QUEUE, 'the URL of the queue');
  const cluster = read.required(CLUSTER, 'the name of the ECS cluster');
  const service = read.required(SERVICE, 'the name of the ECS service');
  const target = read.whole(TARGET, { least: 1 }) ?? 1;
  const minutes = read.amount(THRESHOLD, { most: MOST_MINUTES }) ?? 2;
  if (problems.length > 0) throw new ConfigError(problems, 'the environment');
  const seconds = Math.round(minutes * 60);
  const config = {
    services: [
      {
        cluster,
        service,
        tasks: { min: 0, max: target },
        source: { type: 'sqs', queueUrl },
        policy: { type: 'presence', tasks: target, emptyFor: seconds },
        // It has no cooldown; and without emptyFor SQS's own minute would hold the last task longer than a short threshold says.
        cooldown: { out: 0, in: 0 },
        emptyFor: Math.min(seconds, MOST_EMPTY_SECONDS),
        idle: { after: Math.max(seconds, LEAST_IDLE_SECONDS) },
      },
    ],
  };
  return { config, differences: differencesOf(minutes) };
};

export const serverlessEcsScaler: Dialect = {
  name: 'Serverless ECS Scaler',
  recognises: (written) => isServerlessEcsScalers(variablesOf(written) ?? {}),
  translate: (written) => translated(variablesOf(written) ?? {}),
  fromEnvironment: (env) => (isServerlessEcsScalers(env) ? translated(env) : undefined),
};
