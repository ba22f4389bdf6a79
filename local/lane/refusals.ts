/** Why S3 does not let somebody see or steer a lane, in one sentence that ends with what to do. */
import { messageOf, nameOf, StoreError } from '../../lambdas/contract/errors.ts';

export type Action = 's3:GetObject' | 's3:PutObject' | 's3:ListBucket';

const DENIED = /AccessDenied|Forbidden|AllAccessDisabled/;
const NO_CREDENTIALS =
  /CredentialsProviderError|ExpiredToken|InvalidAccessKeyId|SignatureDoesNotMatch|TokenRefreshRequired/;
const UNREACHABLE = /ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|TimeoutError|socket hang up/;
/** The bucket answers in another region. */
const ELSEWHERE = /PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraint/;

const sentence = (thrown: unknown, action: Action, bucket: string): string => {
  const name = nameOf(thrown);
  const message = messageOf(thrown);
  const code = (thrown as { readonly code?: unknown } | null)?.code;
  if (name === 'NoSuchBucket')
    return `there is no bucket ${bucket}: its name is the output BucketName of the stack`;
  if (DENIED.test(name)) {
    const what = action === 's3:ListBucket' ? bucket : `${bucket}/lanes/*`;
    const hint =
      action === 's3:GetObject'
        ? '; without s3:ListBucket on the bucket an object that is not there is denied too'
        : '';
    return `${action} on ${what} is denied: allow it to whoever runs this command${hint}`;
  }
  if (NO_CREDENTIALS.test(name)) return `no valid AWS credentials: sign in first (${message})`;
  if (/region is missing/i.test(message))
    return `which region is bucket ${bucket} in? Give --region, or set AWS_REGION`;
  if (ELSEWHERE.test(name))
    return `bucket ${bucket} is in another region: give it with --region (${message})`;
  if (UNREACHABLE.test(`${name} ${String(code)} ${message}`))
    return `S3 can't be reached (${message || String(code)}): is the network up; with --local, is the loop running?`;
  return `${action} in bucket ${bucket} failed: ${name}: ${message}`;
};

/** What `work` gives. @throws StoreError that says what to do */
export const orTold = async <T>(action: Action, bucket: string, work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (thrown) {
    const cause = thrown instanceof StoreError && thrown.cause !== undefined ? thrown.cause : thrown;
    throw new StoreError(sentence(cause, action, bucket), { cause });
  }
};
