/** `prometheus`: the number of an instant query. */
import { placeholder } from '../placeholder.ts';
import type { Fields } from '../values.ts';
import { type Load, plainValue, type Reader, type Trigger, thresholds } from './trigger.ts';

/** `1000` are milliseconds, `30s` says what it is. */
const timeLimitOf = ({ metadata }: Trigger): Fields => {
  const given = metadata.text('timeout');
  if (given === undefined) return {};
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(given) ?? [];
  const seconds = Number(amount) / (unit === 's' ? 1 : 1000);
  if (!(seconds >= 0.1 && seconds <= 8))
    metadata.note('timeout', 'One reading may take 0.1s to 8s here; the nearest is taken.');
  return Number.isFinite(seconds) ? { timeLimit: Math.min(8, Math.max(0.1, seconds)) } : {};
};

const SECRET = /authorization|cookie|key|token|secret/i;

/** `A=b,C=d`. */
const headersOf = ({ metadata }: Trigger): Fields => {
  const given = metadata.text('customHeaders');
  if (given === undefined) return {};
  const headers = given.split(',').map((each): [string, string] => {
    const [name = '', ...value] = each.split('=');
    const isSecret = SECRET.test(name);
    const reference = placeholder('PROMETHEUS', name.trim());
    if (isSecret)
      metadata.note(
        'customHeaders',
        `The value of ${name.trim()} is not copied: set ${reference.slice(2, -1)} where collect runs.`,
      );
    return [name.trim(), isSecret ? reference : value.join('=').trim()];
  });
  return { headers: Object.fromEntries(headers) };
};

const loginOf = (trigger: Trigger): Fields => {
  const modes =
    trigger
      .text('authModes')
      ?.split(',')
      .map((mode) => mode.trim()) ?? [];
  const without = modes.filter((mode) => mode !== 'bearer' && mode !== 'basic');
  if (without.length > 0)
    trigger.metadata.note(
      'authModes',
      `${without.join(' and ')} has no equivalent: there are a bearer token, a user with a password, and headers.`,
    );
  return modes.includes('bearer')
    ? trigger.secret('bearerToken', 'token')
    : modes.includes('basic')
      ? { ...trigger.secret('username'), ...trigger.secret('password') }
      : {};
};

const NO_LIKE: Readonly<Record<string, string>> = {
  namespace: 'No equivalent: put the namespace into the query, or into headers.',
  queryParameters: 'No equivalent: only the query is sent, and a time limit.',
  awsRegion:
    'Requests are not signed here: put the signing proxy of Amazon Managed Service for Prometheus in front.',
};

export const prometheus: Reader = (trigger): Load => {
  const { metadata } = trigger;
  for (const [key, why] of Object.entries(NO_LIKE)) if (metadata.has(key)) metadata.tell(key, why);
  const url = trigger.required('serverAddress', 'the address of the server');
  const isEmptyZero = metadata.flag('ignoreNullValues') ?? true;
  if (isEmptyZero)
    metadata.note(
      'ignoreNullValues',
      'No series counts as 0 there by default, and so it does with emptyIs: 0. Without that line a target that is down holds the count.',
    );
  return {
    source: {
      type: 'prometheus',
      url,
      query: trigger.required('query', 'the query'),
      ...(isEmptyZero ? { emptyIs: 0 } : {}),
      ...headersOf(trigger),
      ...loginOf(trigger),
      ...(url.startsWith('https:') ? trigger.tls(undefined) : { ...unused(trigger) }),
      ...timeLimitOf(trigger),
    },
    measured: plainValue,
    ...thresholds(trigger, 'threshold', undefined, 'activationThreshold'),
  };
};

/** Without TLS there is no certificate to check. */
const unused = ({ metadata }: Trigger): Fields => {
  metadata.flag('unsafeSsl');
  return {};
};
