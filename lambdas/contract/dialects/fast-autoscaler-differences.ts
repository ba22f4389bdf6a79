/**
 * Where fast-autoscaler and this loop behave differently, as far as it concerns a given configuration of it. Its own faults are among them:
 * who has tuned a number against one of them needs to know that it is gone.
 */
import type { Difference } from './dialect.ts';
import { NAMES } from './fast-autoscaler-names.ts';
import type { Name, Settings } from './settings.ts';

type Differences = (read: Settings, queue: Settings) => readonly Difference[];

const told = (path: string, why: string): readonly Difference[] => [{ path, why }];

const always: Differences = (read) => [
  ...told('', 'Ran once a minute; this loop looks every 5 s (loop.interval), so a burst is seen sooner.'),
  ...told(
    '',
    'A queue that could not be read counted as 0 messages there, and the service was scaled in; here it is unknown, and nothing is scaled in.',
  ),
  ...told(
    read.pathTo(NAMES.perMessage),
    'Added there at every run, its cooldown ignored; here tasks that are still starting count as there, so that a tick of seconds does not overshoot.',
  ),
];

const thresholds: Differences = (read) => {
  const up = read.amount(NAMES.up);
  const lowered = up !== undefined && up < 99 && !read.isGiven(NAMES.down);
  return lowered
    ? told(
        read.pathTo(NAMES.up),
        `Below 99, the default of ${read.pathTo(NAMES.down)}, which is ${up} here then: above both it says the same.`,
      )
    : [];
};

/** Written, and passed over there as if it had not been. */
const ZEROES = [
  ...[NAMES.min, NAMES.up, NAMES.down, NAMES.outCooldown, NAMES.inCooldown, NAMES.perMessage],
  NAMES.factor,
];

const zeroes: Differences = (read) => {
  const inPayload = (name: Name) => read.isGiven(name) && read.pathTo(name) !== name.variable;
  const passedOver = [
    ...ZEROES.filter((name) => inPayload(name) && read.amount(name) === 0),
    ...(inPayload(NAMES.combined) && read.flag(NAMES.combined) === false ? [NAMES.combined] : []),
  ];
  return passedOver.flatMap((name) =>
    told(
      read.pathTo(name),
      `A payload's 0 and false were passed over there, and the environment or the default was used; here it counts.`,
    ),
  );
};

const fromNothing: Differences = (read) =>
  read.whole(NAMES.min) === 0
    ? told(
        read.pathTo(NAMES.min),
        'Scale-out from 0 tasks divided by zero there; here it works, and the last task goes only when there has been no work for a minute with SQS (emptyFor).',
      )
    : [];

const steps: Differences = (read) =>
  read.isGiven(NAMES.stepCount)
    ? told(
        read.pathTo(NAMES.stepCount),
        'Was read and never used there; here it is the most tasks that one scale-out adds.',
      )
    : [];

const state: Differences = (read) =>
  told(
    read.pathTo(NAMES.bucket),
    read.isGiven(NAMES.bucket)
      ? 'Read once, so that its cooldowns go on; nothing is written there any more, this lane keeps its state in its own bucket.'
      : 'Its default bucket is not looked at; name it, if cooldowns that run are to go on.',
  );

const profile: Differences = (read) =>
  read.isGiven(NAMES.profile)
    ? told(read.pathTo(NAMES.profile), 'Not used; AWS_PROFILE says the same to every AWS client.')
    : [];

const region: Differences = (read) => {
  const away = ['amq', 'kinesis', 'kafka'].includes((read.text(NAMES.queueType) ?? 'sqs').toLowerCase());
  return away && !read.isGiven(NAMES.region)
    ? told(read.pathTo(NAMES.region), 'us-east-1 by default there; here the region in which the loop runs.')
    : [];
};

const TLS =
  'Spoke TLS unless use_ssl said no, its certificate unchecked; here use_ssl is obeyed where it is given, else the port or the host tells, and certificates are checked (tls).';

/** A setting of a queue, of which only the payload's key has a path of its own. */
const secret = (queue: Settings, name: Name): readonly Difference[] =>
  queue.isGiven(name)
    ? told(
        queue.pathTo(name),
        `Its value is not copied: the configuration says %(${name.variable}), which must be set where the loop runs; deployed, it has to be a secret of Secrets Manager (${name.variable}_SECRET).`,
      )
    : [];

const overTls =
  (password: Name): Differences =>
  (read, queue) => [...told(read.pathTo(NAMES.queueType), TLS), ...secret(queue, password)];

const ofQueue: Readonly<Record<string, Differences>> = {
  sqs: (read) =>
    told(
      read.pathTo(NAMES.queueType),
      'Its collector for SQS was called with the wrong argument and always failed, which counted as 0 messages.',
    ),
  kafka: (read) =>
    told(
      read.pathTo(NAMES.queueType),
      'Its number was the sum of all end offsets, which only grows; here it is the lag of the consumer group: look at the thresholds again.',
    ),
  kinesis: (read) =>
    told(
      read.pathTo(NAMES.queueType),
      'Its number was the records of the last minute; here it is those that wait: by the lease table of the consumers, else by their age and the rate of arrival.',
    ),
  amq: overTls({ variable: 'AMQ_PASSWORD', key: 'password' }),
  rabbitmq: (read, queue) => [
    ...overTls({ variable: 'RABBITMQ_PASSWORD', key: 'password' })(read, queue),
    ...(read.flag(NAMES.combined) === true
      ? told(
          read.pathTo(NAMES.combined),
          'Messages in flight cannot be seen over AMQP, so they were always 0 there; here RABBITMQ_MANAGEMENT_URL (management_url) is needed for them.',
        )
      : []),
  ],
  redis: overTls({ variable: 'REDIS_PASSWORD', key: 'password' }),
};

/** @param read where every setting is right */
export const differencesIn = (read: Settings): readonly Difference[] => {
  const queue = read.section(NAMES.queue.key);
  const type = (read.text(NAMES.queueType) ?? 'sqs').toLowerCase();
  const all = [always, thresholds, zeroes, fromNothing, steps, state, profile, region, ofQueue[type]];
  return all.flatMap((each) => each?.(read, queue) ?? []);
};
