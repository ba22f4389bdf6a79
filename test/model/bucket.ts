/**
 * S3 as the model needs it: the objects of one bucket as a value, and what S3 answers to one request. Conditional writes are
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html.
 *
 * Gotcha: an etag is made of the content, as S3's is (an MD5): two writes of the same text have the same etag.
 */
const { stringify } = JSON;
const { entries } = Object;

interface Stored {
  readonly body: string;
  readonly etag: string;
  /** Seconds on the model's clock. */
  readonly modified: number;
}

export type Bucket = Readonly<Record<string, Stored>>;

export type Request =
  | { readonly op: 'get'; readonly key: string }
  | {
      readonly op: 'put';
      readonly key: string;
      readonly body: string;
      readonly ifMatch?: string | undefined;
      readonly ifNoneMatch?: string | undefined;
    };
export type Put = Extract<Request, { op: 'put' }>;

/** `status` 0: no answer came, and the SDK has given up. */
export type Answer =
  | { readonly status: 200; readonly date: number; readonly found?: Stored; readonly etag: string }
  | { readonly status: 404 | 409 | 412; readonly date: number }
  | { readonly status: 0 };

/** Which conditions this S3 looks at. AWS's looks at all; the others are mutations, to see that the model can fail. */
export interface Laws {
  readonly ifMatch: boolean;
  readonly ifNoneMatch: boolean;
}

const etags = new Map<string, string>();

/** Of a content, whoever wrote it. */
export const etagOf = (body: string): string => {
  const known = etags.get(body);
  if (known !== undefined) return known;
  const etag = `"${etags.size + 1}"`;
  etags.set(body, etag);
  return etag;
};

const refusal = (found: Stored | undefined, put: Put, laws: Laws): 404 | 412 | undefined => {
  if (laws.ifNoneMatch && put.ifNoneMatch !== undefined && found !== undefined) return 412;
  if (!laws.ifMatch || put.ifMatch === undefined) return undefined;
  if (found === undefined) return 404;
  return found.etag === put.ifMatch ? undefined : 412;
};

/** What S3 answers at `now`, and what the bucket holds then. */
export const ask = (
  bucket: Bucket,
  request: Request,
  now: number,
  laws: Laws,
): { readonly bucket: Bucket; readonly answer: Answer } => {
  const found = bucket[request.key];
  if (request.op === 'get') {
    if (found === undefined) return { bucket, answer: { status: 404, date: now } };
    return { bucket, answer: { status: 200, date: now, found, etag: found.etag } };
  }
  const refused = refusal(found, request, laws);
  if (refused !== undefined) return { bucket, answer: { status: refused, date: now } };
  const stored = { body: request.body, etag: etagOf(request.body), modified: now };
  return {
    bucket: { ...bucket, [request.key]: stored },
    answer: { status: 200, date: now, etag: stored.etag },
  };
};

/** The same text for the same objects. */
export const bucketText = (bucket: Bucket): string =>
  stringify(entries(bucket).map(([key, { etag, modified }]) => [key, etag, modified]));
