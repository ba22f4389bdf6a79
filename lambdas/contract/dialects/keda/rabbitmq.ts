/**
 * `rabbitmq`: a queue over AMQP or the management API, in one of five modes. As there, messages in flight and rates are seen over HTTP
 * only.
 *
 * Gotcha: `host` is a whole address, user and password in it perhaps. Here they are options of their own, and a password that is
 * written out stays where it is.
 */
import { isPlaceholder, placeholder } from '../placeholder.ts';
import type { Fields } from '../values.ts';
import { type Load, type Reader, type Trigger, thresholds, waiting, waitingOrInFlight } from './trigger.ts';

const ADDRESS =
  'There it holds a whole address; here the host alone (or, read over HTTP, the URL of the management API without user and password): write port, vhost, username and passwordSecret beside it.';

const PASSWORD =
  'The password in it is not copied: set RABBITMQ_PASSWORD where collect runs, or better name a secret as passwordSecret: arn:….';

interface Place {
  readonly source: Fields;
  readonly byHttp: boolean;
}

/** A broken %-sequence stands for itself. */
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** The path of an AMQP address is the virtual host; of an HTTP one, the last piece of it. */
const placeIn = (address: string, trigger: Trigger): Place => {
  const { protocol, hostname, port, pathname, username, password, host } = new URL(address);
  const byHttp = protocol.startsWith('http');
  const pieces = pathname.split('/').slice(1);
  const last = pieces.pop() ?? '';
  const where = byHttp
    ? { managementUrl: `${protocol}//${host}${pieces.map((each) => `/${each}`).join('')}` }
    : { host: hostname, ...(port === '' ? {} : { port: Number(port) }) };
  if (password !== '') trigger.metadata.note('host', PASSWORD);
  return {
    byHttp,
    source: {
      ...where,
      ...(protocol === 'amqps:' ? { tls: true } : {}),
      ...(last === '' ? {} : { vhost: decoded(last) }),
      ...(username === '' ? {} : { username: decoded(username) }),
      ...(password === '' ? {} : { password: placeholder('RABBITMQ_PASSWORD') }),
    },
  };
};

const SCHEMES = { auto: /^(amqps?|https?):/, http: /^https?:/, amqp: /^amqps?:/ } as const;

const placeOf = (trigger: Trigger): Place | undefined => {
  const { metadata } = trigger;
  const protocol = metadata.choice('protocol', ['auto', 'http', 'amqp']) ?? 'auto';
  const given = trigger.required('host', 'the address of the broker');
  if (!isPlaceholder(given)) {
    if (URL.canParse(given) && SCHEMES[protocol].test(given)) return placeIn(given, trigger);
    if (given !== '')
      metadata.refuse(
        'host',
        `expected an address such as ${protocol === 'http' ? 'http://rabbit.internal:15672/' : 'amqp://rabbit.internal:5672/'}`,
      );
    return undefined;
  }
  metadata.note(metadata.has('hostFromEnv') ? 'hostFromEnv' : 'host', ADDRESS);
  const byHttp = protocol === 'http';
  return { byHttp, source: byHttp ? { managementUrl: given } : { host: given } };
};

/** What each mode looks at, and what is different about it. */
const MODES: Readonly<Record<string, { readonly measured: Load['measured']; readonly why?: string }>> = {
  MessageRate: { measured: (of) => `${of}arrivalsPerSecond` },
  DeliverGetRate: {
    measured: (of) => `${of}departuresPerSecond`,
    why: 'There what is delivered in a second; here what is acknowledged.',
  },
  PublishedToDeliveredRatio: {
    measured: (of) => `${of}arrivalsPerSecond / ${of}departuresPerSecond`,
    why: 'There published to delivered; here to acknowledged. While nothing is acknowledged the count is held.',
  },
  ExpectedQueueConsumptionTime: {
    measured: (of) => `${of}backlog / ${of}departuresPerSecond`,
    why: 'Here all messages by those acknowledged in a second, and while none are the count is held. policy: { type: queueDelay } plans for the time that messages wait.',
  },
};

export const rabbitmq: Reader = (trigger): Load | undefined => {
  const { metadata } = trigger;
  const place = placeOf(trigger);
  const queue = trigger.required('queueName', 'the name of the queue');
  const vhost = trigger.text('vhostName');
  const isRegex = metadata.flag('useRegex') === true;
  metadata.ignore('pageSize', 'operation');
  if (isRegex) {
    metadata.note(
      'useRegex',
      'No equivalent: name every queue in a trigger of its own. This one is left out.',
    );
    return undefined;
  }
  const old = metadata.has('queueLength') && !metadata.has('value');
  const mode = metadata.text('mode') ?? 'QueueLength';
  const known = Object.hasOwn(MODES, mode) ? MODES[mode] : undefined;
  if (known === undefined && mode !== 'QueueLength')
    metadata.refuse('mode', `expected QueueLength, ${Object.keys(MODES).join(', ')}`);
  if (known?.why !== undefined) metadata.note('mode', known.why);
  const timeout = metadata.amount('timeout');
  const readyOnly = metadata.flag('excludeUnacknowledged') === true;
  const byHttp = place?.byHttp === true;
  if (known !== undefined && !byHttp)
    metadata.note('mode', 'Rates are seen by the management API alone: give the source managementUrl.');
  if (readyOnly && !byHttp)
    metadata.note('excludeUnacknowledged', 'Over AMQP only ready messages are seen anyway.');
  return {
    source: {
      type: 'rabbitmq',
      ...place?.source,
      ...(vhost === undefined ? {} : { vhost }),
      queue,
      ...trigger.secret('username'),
      ...trigger.secret('password'),
      ...trigger.tls(trigger.text('tls') === 'enable' ? true : undefined),
      ...(timeout === undefined ? {} : { timeLimit: Math.min(8, Math.max(0.1, timeout / 1000)) }),
    },
    measured: known?.measured ?? (byHttp && !readyOnly ? waitingOrInFlight : waiting),
    ...thresholds(
      trigger,
      old ? 'queueLength' : 'value',
      known === undefined ? 20 : undefined,
      'activationValue',
    ),
  };
};
