/** What can go wrong with a call, and with which. */
import type { Room } from '../../lambdas/log.ts';

export type Api =
  | 's3:GetObject'
  | 's3:PutObject'
  | 's3:ListObjectsV2'
  | 'ecs:DescribeServices'
  | 'ecs:UpdateService'
  | 'sqs:GetQueueAttributes'
  | 'sns:Publish'
  | 'states:StartExecution'
  | `lambda:${Room}`;

/**
 * - `refuse`: the connection is cut at once; a function cannot be reached
 * - `silent`: accepted and never answered
 * - `error`: status 500
 * - `throttle`, `deny`: with the error code of that API
 * - `garbage`: status 200, and HTML where JSON or XML was expected
 * - `late`: passed on `lateSeconds` later (the caller has given up); nobody hears the answer
 * - `twice`: passed on twice; the second answer is given
 * - `lost`: passed on, and the connection cut in place of the answer
 * - `mute`: passed on, and never answered
 * - `alter`: passed on, the answer's text changed by `alter`
 * - `none`: passed on untouched: for `before` and `after`
 */
export type How =
  | 'refuse'
  | 'silent'
  | 'error'
  | 'throttle'
  | 'deny'
  | 'garbage'
  | 'late'
  | 'twice'
  | 'lost'
  | 'mute'
  | 'alter'
  | 'none';

export interface Call {
  readonly api: Api;
  /** The room that calls, where one does: it tells the lease's reads of S3 from apply's. */
  readonly room?: Room;
  /** `confirm`, `acquire`, … as the event of the room says. */
  readonly act?: string;
  readonly execution?: string;
  readonly delivery?: number;
  /** The request's body, or the event of an invocation as JSON. */
  readonly body: string;
  /** The request's path with its query: S3's key is in it. */
  readonly path: string;
}

export interface Fault {
  /** What the table prints. */
  readonly name?: string;
  readonly how: How;
  readonly api?: Api;
  /** Only calls of this room (S3 at the lease or at apply). */
  readonly room?: Room;
  /** Only calls for which this holds. */
  readonly where?: (call: Call) => boolean;
  /** How many matching calls pass before it begins. Default 0. */
  readonly skip?: number;
  /** How many calls it meets at most. Unset: all, until it is taken back. */
  readonly times?: number;
  /** Of `late`; 8 s unless said. */
  readonly lateSeconds?: number;
  readonly alter?: (text: string) => string;
  /** Called with the call in hand, before it is passed on: to kill the worker or the execution exactly there. */
  readonly before?: (call: Call) => unknown;
  /** Called after it was passed on, before the answer is given. */
  readonly after?: (call: Call) => unknown;
}

export interface Injected {
  /** How many calls it has met. */
  readonly hits: () => number;
  /** From now on it meets none. */
  readonly end: () => void;
}
