/**
 * The configuration of fast-autoscaler (StepScale), so that whoever moves here keeps their variables or their payload.
 * The payload wins over the environment, and both over the defaults. Unlike there, a payload's 0 and false count.
 *
 * What comes out is our own shape, not yet parsed: `parseConfig` has the last word.
 */
import { ConfigError, type ConfigProblem } from '../errors.ts';
import type { Steps } from '../path.ts';
import { unknownName } from '../wording.ts';
import { NAMES } from './fast-autoscaler-names.ts';
import { queues } from './fast-autoscaler-queues.ts';
import { type Environment, type Name, type Settings, settingsIn } from './settings.ts';
import { type Fields, isObject, withoutUndefined } from './values.ts';
import { isSet } from './variables.ts';

const tasks = (read: Settings) => {
  const countOr = (name: Name, usual: number) => read.whole(name) ?? (read.isGiven(name) ? undefined : usual);
  const min = countOr(NAMES.min, 10);
  const max = countOr(NAMES.max, 300);
  if (min === undefined || max === undefined || min <= max) return { min, max };
  const unlessSet = (name: Name) => (read.isGiven(name) ? '' : ' unless it is set');
  if (read.isGiven(NAMES.min)) {
    read.report(
      NAMES.min,
      `${min} is above ${read.pathTo(NAMES.max)}, which is ${max}${unlessSet(NAMES.max)}`,
    );
  } else {
    read.report(
      NAMES.max,
      `${max} is below ${read.pathTo(NAMES.min)}, which is ${min}${unlessSet(NAMES.min)}`,
    );
  }
  return { min, max };
};

const policy = (read: Settings) => {
  const up = read.amount(NAMES.up) ?? 100;
  // Above `up` the rule scales out and never looks at `down`: a default of 99 above a lower `up` says no more than `up`.
  const down = read.amount(NAMES.down) ?? Math.min(99, up);
  if (down > up) {
    read.report(
      NAMES.down,
      `${down} is above ${read.pathTo(NAMES.up)}, ${up}; the count would flap between the two`,
    );
  }
  return withoutUndefined({
    type: 'threshold',
    scaleUpThreshold: up,
    scaleDownThreshold: down,
    tasksPerMessage: read.amount(NAMES.perMessage) ?? 0.01,
    maxScaleDownFactor: read.amount(NAMES.factor, { most: 1 }) ?? 0.99,
    combined: read.flag(NAMES.combined) ?? false,
    // Its default of 5 was read and never used; a limit that nobody asked for would only slow a burst down.
    stepCount: read.whole(NAMES.stepCount, { least: 1 }),
  });
};

const source = (read: Settings): Fields | undefined => {
  const type = read.text(NAMES.queueType) ?? 'sqs';
  const region = read.text(NAMES.region);
  const inQueue = read.section(NAMES.queue.key);
  const known = type.toLowerCase();
  const queue = Object.hasOwn(queues, known) ? queues[known] : undefined;
  if (queue === undefined) {
    const message =
      known === 'sns'
        ? 'a topic keeps no messages that could be counted; name the queue that is subscribed to it, sqs for one'
        : unknownName('queue type', type, Object.keys(queues));
    read.report(NAMES.queueType, message);
    return undefined;
  }
  const options = queue(inQueue, region);
  inQueue.refuseOtherKeys();
  return withoutUndefined(options);
};

/** @param place of `payload` in what was written; the environment speaks alone where there is none */
export const configOf = (payload: Fields | undefined, place: Steps, env: Environment): unknown => {
  const problems: ConfigProblem[] = [];
  const read = settingsIn(payload, place, env, problems);
  const service = {
    cluster: read.required(NAMES.cluster, 'the name of the ECS cluster'),
    service: read.required(NAMES.service, 'the name of the ECS service'),
    tasks: tasks(read),
    source: source(read),
    policy: policy(read),
    cooldown: {
      out: read.amount(NAMES.outCooldown) ?? 120,
      in: read.amount(NAMES.inCooldown) ?? 120,
      priorityOverride: true,
    },
  };
  const previousState = read.text(NAMES.bucket);
  read.text(NAMES.profile);
  read.refuseOtherKeys();
  if (problems.length > 0)
    throw new ConfigError(problems, payload === undefined ? 'the environment' : 'the payload');
  return { loop: withoutUndefined({ previousState }), services: [service] };
};

/**
 * What the environment variables of fast-autoscaler say; `undefined` when they say nothing, that is when none of those is set
 * that only a user of it has.
 *
 * @throws ConfigError with every variable that is missing or wrong
 */
export const fromEnvironment = (env: Environment): unknown | undefined =>
  isSet(env, TELLING) ? configOf(undefined, [], env) : undefined;

/** LOG_LEVEL, AWS_REGION or MIN_TASKS may be anybody's. */
export const TELLING = [
  'ECS_CLUSTER',
  'SERVICE_NAME',
  'QUEUE_TYPE',
  'SQS_QUEUE_URL',
  'TASKS_PER_MESSAGE',
] as const;

/** The payload inside `{ config: … }`, or the value itself. */
export const unwrapped = (value: Fields): { readonly payload: Fields; readonly place: Steps } =>
  isObject(value['config']) ? { payload: value['config'], place: ['config'] } : { payload: value, place: [] };

/** `true` for a payload of fast-autoscaler, wrapped in `{ config: … }` or not; `false` for our own shape. */
export const isPayload = (value: unknown): boolean => {
  if (!isObject(value)) return false;
  const { payload, place } = unwrapped(value);
  if (Object.hasOwn(payload, 'services') || Object.hasOwn(payload, 'loop')) return false;
  return place.length > 0 || Object.values(NAMES).some(({ key }) => Object.hasOwn(payload, key));
};

/**
 * What a payload of fast-autoscaler says, wrapped in `{ config: … }` or not, over what the environment says.
 *
 * @throws ConfigError with every key or variable that is missing, wrong or unknown
 */
export const fromPayload = (payload: Fields, env: Environment): unknown => {
  const inner = unwrapped(payload);
  return configOf(inner.payload, inner.place, env);
};
