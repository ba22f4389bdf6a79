/** A client of the demo itself: a long poll holds a socket, so there must be one for every task. */
import { SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { DEMO_AGENT, LOCAL } from '../endpoints/aws.ts';

export const demoClient = (endpoint: string, region: string): SQSClient => {
  const config: SQSClientConfig = {
    endpoint,
    ...LOCAL,
    region,
    useQueueUrlAsEndpoint: false,
    customUserAgent: DEMO_AGENT,
    requestHandler: { httpAgent: { keepAlive: true, maxSockets: 2000 } },
  };
  return new SQSClient(config);
};
