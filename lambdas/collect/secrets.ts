/**
 * Secrets that options name by ARN, fetched when a connection is made. A value is good for five minutes; when a server
 * refuses it, it is fetched again at once, since somebody may just have rotated it.
 *
 * Gotcha: inside a VPC, Secrets Manager is reached through NAT or an endpoint of its own.
 */
import { readFileSync } from 'node:fs';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type SecretReference, secretsIn } from '../contract/access.ts';
import { explain, statusOf } from '../contract/aws-errors.ts';

const GOOD_FOR_MS = 300_000;

interface Fetched {
  readonly text: string;
  readonly at: number;
}

/** Says in its message what to do; no part of a secret is ever in it. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
}

const fetched = new Map<string, Fetched>();
const clients = new Map<string, Promise<SecretsManagerClient>>();
/** What has been handed out, so that no error text repeats it. */
const values = new Set<string>();

const clientFor = (arn: string): Promise<SecretsManagerClient> => {
  const region = arn.split(':')[3] ?? '';
  const client =
    clients.get(region) ??
    import('@aws-sdk/client-secrets-manager').then(
      ({ SecretsManagerClient }) => new SecretsManagerClient({ region, maxAttempts: 2 }),
    );
  clients.set(region, client);
  return client;
};

const fetchText = async (arn: string, signal: AbortSignal): Promise<string> => {
  try {
    const { GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
    const client = await clientFor(arn);
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }), {
      abortSignal: signal,
    });
    if (SecretString !== undefined) return SecretString;
  } catch (cause) {
    const why =
      statusOf(cause) === 400 && (cause as Error).name === 'ResourceNotFoundException'
        ? `there is no secret ${arn}: check the ARN`
        : explain(cause, 'secretsmanager:GetSecretValue', arn);
    throw new SecretError(why, { cause });
  }
  throw new SecretError(`the secret ${arn} is binary: store text or a JSON object in it`);
};

const textOf = async (arn: string, at: number, signal: AbortSignal): Promise<string> => {
  const known = fetched.get(arn);
  if (known !== undefined && at - known.at < GOOD_FOR_MS) return known.text;
  const text = await fetchText(arn, signal);
  fetched.set(arn, { text, at });
  return text;
};

const objectIn = (text: string): Readonly<Record<string, unknown>> | undefined => {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
};

/** Plain text as it is; of a JSON object the named key, else the one that is called as the option is. */
const valueIn = (text: string, { name, arn, key }: SecretReference): string => {
  const object = objectIn(text);
  if (object === undefined && key === undefined) return text;
  const value = object?.[key ?? name];
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  const keys = object === undefined ? 'is no JSON object' : `has the keys ${Object.keys(object).join(', ')}`;
  throw new SecretError(
    `the secret ${arn} ${keys}, and ${key ?? name} was looked for: name another key as ${arn}:KEY::`,
  );
};

/** What may stand as a path is read here, so that a source only ever sees the certificates. */
const withCertificates = <T extends object>(options: T): T => {
  const { tls } = options as { tls?: { ca?: string } };
  const ca = tls?.ca;
  if (ca === undefined || !ca.startsWith('/')) return options;
  return { ...options, tls: { ...tls, ca: readFileSync(ca, 'utf8') } };
};

/**
 * The options as `connect` takes them: `passwordSecret` has become `password`, a path of certificates the certificates.
 *
 * @param at milliseconds since 1970
 * @throws SecretError with the remedy
 */
export const withSecrets = async <T>(options: T, at: number, signal: AbortSignal): Promise<T> => {
  const found = await Promise.all(
    secretsIn(options).map(async (reference) => {
      const value = valueIn(await textOf(reference.arn, at, signal), reference);
      if (value !== '') values.add(value);
      return [reference.name, value] as const;
    }),
  );
  return withCertificates({ ...options, ...Object.fromEntries(found) } as T & object);
};

/**
 * Fetches the secrets of these options again.
 *
 * @returns whether one of them has changed, so that another try makes sense
 */
export const refetched = async (options: unknown, at: number, signal: AbortSignal): Promise<boolean> => {
  const changes = await Promise.all(
    secretsIn(options).map(async ({ arn }) => {
      const before = fetched.get(arn)?.text;
      fetched.delete(arn);
      return (await textOf(arn, at, signal)) !== before;
    }),
  );
  return changes.some(Boolean);
};

/** A text without the secrets that have been handed out. */
export const withoutSecrets = (text: string): string =>
  [...values].reduce(
    (clean, value) => clean.replaceAll(value, '***').replaceAll(encodeURIComponent(value), '***'),
    text,
  );
