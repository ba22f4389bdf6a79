/** What an AWS call's failure means to an operator, in one sentence that ends with what to do. */
import { messageOf, nameOf } from './errors.ts';

const DENIED = /AccessDenied|UnauthorizedOperation|AuthorizationError|^Forbidden(Exception)?$/;
/** In a message: what was denied is the key that things are encrypted with. */
const KEY = /\bKMS\b|\bkms:/;
const THROTTLED = /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/;
const UNREACHABLE = /ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|EHOSTUNREACH|socket hang up/;
const TOO_LATE = /AbortError|TimeoutError|RequestTimeout/;
const NO_CREDENTIALS = /CredentialsProviderError|ExpiredToken|InvalidClientTokenId|UnrecognizedClient/;

/**
 * @param action the IAM action that the call needs, like `sqs:GetQueueAttributes`
 * @param resource what it was asked of: an ARN where one is known
 */
export const explain = (thrown: unknown, action: string, resource: string): string => {
  const name = nameOf(thrown);
  const message = messageOf(thrown);
  const code = (thrown as { code?: unknown } | null)?.code;
  const cause = typeof code === 'string' ? `${name} ${code} ${message}` : `${name} ${message}`;
  if (DENIED.test(name) && (name.startsWith('KMS') || KEY.test(message)))
    return `${action} on ${resource} is denied by the key that it is encrypted with: allow kms:Decrypt on that key in the role of this function`;
  if (DENIED.test(name))
    return `${action} on ${resource} is denied: allow ${action} in the role of this function`;
  if (THROTTLED.test(name))
    return `${action} on ${resource} was throttled by AWS: it is tried again at the next tick`;
  if (TOO_LATE.test(name))
    return `${action} on ${resource} did not answer in time: it is tried again at the next tick`;
  if (NO_CREDENTIALS.test(name))
    return `${action} on ${resource} was refused: no valid AWS credentials (${message})`;
  if (UNREACHABLE.test(cause))
    return `${action} on ${resource} could not connect (${message || cause}): is the endpoint up?`;
  return `${action} on ${resource} failed: ${name}: ${message}`;
};

/** The HTTP status of AWS's answer; `undefined`: there was none. */
export const statusOf = (thrown: unknown): number | undefined =>
  (thrown as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;

/** How often the SDK has asked. */
const attemptsOf = (thrown: unknown): number =>
  (thrown as { $metadata?: { attempts?: number } } | null)?.$metadata?.attempts ?? 1;

/**
 * Whether AWS surely did nothing: the request was understood and refused. After a lost connection or a time-out nobody
 * knows, and then the action must count as done; so it must where only a second attempt was refused, for the first may have landed.
 */
export const surelyRefused = (thrown: unknown): boolean => {
  const status = statusOf(thrown);
  return status !== undefined && status >= 400 && status < 500 && attemptsOf(thrown) === 1;
};
