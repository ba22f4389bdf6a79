/** What a failed call means to the operator: each is remembered with what it was asked for. */
import { explain, statusOf } from '../../../contract/aws-errors.ts';
import { nameOf } from '../../../contract/errors.ts';
import type { Trouble } from '../../../contract/source.ts';
import { metricTrouble } from '../cloudwatch/metrics.ts';

interface Question {
  /** The IAM action. */
  readonly action: string;
  /** What it was asked of, for people. */
  readonly resource: string;
}

const questions = new WeakMap<object, Question>();

/** The call's answer; if it fails, {@link trouble} will know which call it was. */
export const asked = async <T>(question: Question, call: Promise<T>): Promise<T> => {
  try {
    return await call;
  } catch (thrown) {
    if (typeof thrown === 'object' && thrown !== null) questions.set(thrown, question);
    throw thrown;
  }
};

/** A shard's limits, which consumers share, are used up for the moment; or the key's that it is encrypted with. */
export const isThrottled = (thrown: unknown): boolean =>
  /ProvisionedThroughputExceeded|LimitExceeded|Throttl/.test(nameOf(thrown));

const remedyFor = ({ action, resource }: Question): string =>
  action === 'dynamodb:Scan'
    ? `there is no ${resource.replace(/^the /, '')}: application must be the name of the KCL application, or leaseTable that of its table`
    : `there is no ${resource}: check its name and region`;

export const trouble = (thrown: unknown): Trouble | undefined => {
  const question = typeof thrown === 'object' && thrown !== null ? questions.get(thrown) : undefined;
  if (question === undefined) return undefined;
  const { action, resource } = question;
  if (action === 'cloudwatch:GetMetricData') return metricTrouble(thrown, resource);
  const kind = statusOf(thrown) === undefined ? 'broken' : 'answered';
  if (nameOf(thrown) === 'ResourceNotFoundException') return { kind, why: remedyFor(question) };
  if (isThrottled(thrown))
    return { kind, why: `${action} on ${resource} was throttled by AWS: it is tried again at the next tick` };
  return { kind, why: explain(thrown, action, resource) };
};
