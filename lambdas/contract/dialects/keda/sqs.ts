/** `aws-sqs-queue`: what waits and what is in flight, unless it is told otherwise; a target of 5 by default. */
import { type Load, type Reader, thresholds, waiting, waitingOrInFlight } from './trigger.ts';

const ELSEWHERE = 'No equivalent: every AWS client is told another endpoint by AWS_ENDPOINT_URL_SQS.';

export const sqs: Reader = (trigger): Load => {
  const { metadata } = trigger;
  const given = trigger.required('queueURL', 'the URL of the queue');
  const region = trigger.text('awsRegion');
  const isUrl = /^https?:|%\(/.test(given);
  if (!isUrl)
    metadata.note(
      'queueURL',
      `A queue is named by its whole URL here: write your account in place of %(AWS_ACCOUNT_ID), or set that variable.`,
    );
  if (metadata.has('awsEndpoint')) metadata.tell('awsEndpoint', ELSEWHERE);
  metadata.ignore('awsEndpoint', 'identityOwner');
  const inFlight = metadata.flag('scaleOnInFlight') ?? true;
  const delayed = metadata.flag('scaleOnDelayed') ?? false;
  const queueUrl = isUrl
    ? given
    : `https://sqs.${region ?? '%(AWS_REGION)'}.amazonaws.com/%(AWS_ACCOUNT_ID)/${given}`;
  return {
    source: {
      type: 'sqs',
      queueUrl,
      ...(region === undefined || queueUrl.includes(`.${region}.`) ? {} : { region }),
    },
    measured: delayed
      ? (of) => `${inFlight ? waitingOrInFlight(of) : waiting(of)} + ${of}delayed`
      : inFlight
        ? waitingOrInFlight
        : waiting,
    ...thresholds(trigger, 'queueLength', 5, 'activationQueueLength'),
  };
};
