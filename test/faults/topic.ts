/** SNS as Step Functions calls it: one try, its request known by a trace, and an answer that is none is a failure. */
import { CreateTopicCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { failure } from '../../local/clock.ts';
import { LOCAL } from '../../local/endpoints/aws.ts';
import type { MachineParts } from '../../local/machine-parts.ts';
import type { Invocations } from './invocations.ts';
import type { SkippingClock } from './skipping-clock.ts';

export interface Topic {
  readonly arn: string;
  readonly publish: MachineParts['publish'];
  readonly close: () => void;
}

/** @param endpoint in reach of the faults */
export const openTopic = async (
  endpoint: string,
  clock: SkippingClock,
  invocations: Invocations,
): Promise<Topic> => {
  const sns = new SNSClient({ ...LOCAL, endpoint, maxAttempts: 1 });
  const { TopicArn: arn = '' } = await sns.send(new CreateTopicCommand({ Name: 'notices' }));
  return {
    arn,
    publish: (publication, doer, ended) => {
      const call = invocations.open(doer, undefined, undefined);
      // Whatever is answered after that reaches nobody.
      ended.addEventListener('abort', () => {
        call.dead = true;
      });
      const command = new PublishCommand(publication);
      command.middlewareStack.add(
        (go) => (args) => {
          const { headers } = args.request as { readonly headers: Record<string, string> };
          headers['x-amzn-trace-id'] = call.trace;
          return go(args);
        },
        { step: 'build' },
      );
      // Step Functions makes nothing of an answer that is none; this SDK takes a page of HTML for one without an id.
      const sent = sns.send(command, { abortSignal: ended }).then((answer) => {
        if (answer.MessageId === undefined) throw failure('SNS.SdkClientException', 'no answer of SNS');
        return answer;
      });
      return clock.hold(sent, ended);
    },
    close: () => sns.destroy(),
  };
};
