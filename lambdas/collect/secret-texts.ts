/**
 * The texts of secrets, fetched from Secrets Manager and kept for five minutes. One that a server refuses is fetched again
 * at once, since somebody may just have rotated it; as long as it stays the same, ever more rarely.
 *
 * Gotcha: inside a VPC, Secrets Manager is reached through NAT or an interface endpoint of its own.
 */
import type { GetSecretValueCommandInput, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretReference } from '../contract/access.ts';
import { explain } from '../contract/aws-errors.ts';
import { nameOf } from '../contract/errors.ts';

const GOOD_FOR_MS = 300_000;
/** A fetch outlives the reading that asks for it, so that a slow one is there for the next tick. */
const FETCH_LIMIT_MS = 5000;
/** So many times in a row a refused secret is fetched at every tick; then after 5 s, 10 s, 20 s, 40 s and each minute. */
const EAGER_TIMES = 3;

/** Says in its message what to do; no part of a secret is ever in it. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
}

interface Fetched {
  readonly text: string;
  /** Milliseconds since 1970: the tick that fetched it. */
  readonly at: number;
  /** How often in a row it was refused, fetched again, and found to be the same. */
  readonly unchanged: number;
  /** The tick in which that was found last. */
  readonly foundIn: object | undefined;
}

/** A tick, and its time in milliseconds since 1970. */
export interface Moment {
  readonly tick: object;
  readonly at: number;
}

type Secret = Pick<SecretReference, 'arn' | 'stage' | 'version'>;

const clients = new Map<string, Promise<SecretsManagerClient>>();
const fetched = new Map<string, Fetched>();
const underWay = new Map<string, Promise<string>>();

const idOf = ({ arn, stage, version }: Secret): string => [arn, stage, version].join(' ');

const clientFor = (arn: string): Promise<SecretsManagerClient> => {
  const region = arn.split(':')[3] ?? '';
  const client =
    clients.get(region) ??
    import('@aws-sdk/client-secrets-manager').then(
      ({ SecretsManagerClient: Client }) => new Client({ region, maxAttempts: 2 }),
    );
  clients.set(region, client);
  return client;
};

const tooSlow = (arn: string): SecretError =>
  new SecretError(
    `secretsmanager:GetSecretValue on ${arn} did not answer in time: if collect runs in a VPC, is there NAT or an interface endpoint for Secrets Manager?`,
  );

const explained = (cause: unknown, arn: string): SecretError => {
  const name = nameOf(cause);
  if (/TimeoutError|AbortError/.test(name)) return tooSlow(arn);
  const why =
    name === 'ResourceNotFoundException'
      ? `there is no secret ${arn}, or no such version of it: check the ARN`
      : explain(cause, 'secretsmanager:GetSecretValue', arn);
  return new SecretError(why, { cause });
};

const fetchText = async ({ arn, stage, version }: Secret): Promise<string> => {
  const input: GetSecretValueCommandInput = { SecretId: arn, VersionStage: stage, VersionId: version };
  let text: string | undefined;
  try {
    const { GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
    const client = await clientFor(arn);
    const abortSignal = AbortSignal.timeout(FETCH_LIMIT_MS);
    ({ SecretString: text } = await client.send(new GetSecretValueCommand(input), { abortSignal }));
  } catch (cause) {
    throw explained(cause, arn);
  }
  if (text !== undefined) return text;
  throw new SecretError(`the secret ${arn} is binary: store text or a JSON object in it`);
};

/** Many readings may want the same secret at once. @param refused when what is known of it let nobody in */
const fetchOnce = (secret: Secret, at: number, refused?: Moment): Promise<string> => {
  const id = idOf(secret);
  const already = underWay.get(id);
  if (already !== undefined) return already;
  const fetching = fetchText(secret)
    .then((text) => {
      const before = fetched.get(id);
      const unchanged = before?.text === text ? before.unchanged + (refused === undefined ? 0 : 1) : 0;
      fetched.set(id, { text, at, unchanged, foundIn: refused?.tick });
      return text;
    })
    .finally(() => underWay.delete(id));
  underWay.set(id, fetching);
  return fetching;
};

const inTime = <T>(work: Promise<T>, signal: AbortSignal, arn: string): Promise<T> =>
  new Promise((resolve, reject) => {
    const late = (): void => reject(tooSlow(arn));
    if (signal.aborted) late();
    signal.addEventListener('abort', late, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', late));
  });

/**
 * @param at milliseconds since 1970: the tick
 * @throws SecretError with the remedy
 */
export const textOf = (secret: Secret, at: number, signal: AbortSignal): Promise<string> => {
  const known = fetched.get(idOf(secret));
  if (known !== undefined && at - known.at < GOOD_FOR_MS) return Promise.resolve(known.text);
  return inTime(fetchOnce(secret, at), signal, secret.arn);
};

const pauseMs = ({ unchanged }: Fetched): number =>
  unchanged < EAGER_TIMES ? 0 : Math.min(60_000, 5000 * 2 ** (unchanged - EAGER_TIMES));

/** Fetches a secret that was refused: once a tick, and less often when that has been in vain for a while. */
export const fetchAgain = async (secret: Secret, moment: Moment, signal: AbortSignal): Promise<void> => {
  const known = fetched.get(idOf(secret));
  if (known !== undefined && (known.foundIn === moment.tick || moment.at - known.at < pauseMs(known))) return;
  await inTime(fetchOnce(secret, moment.at, moment), signal, secret.arn);
};
