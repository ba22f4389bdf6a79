import { sqs } from '../../../../local/demo/queues/sqs.ts';
import { startEndpoints } from '../../../../local/endpoints/aws.ts';
import { behavesAsQueue } from './behaviour.ts';

const on = (queueUrl: string) => async () => {
  const backend = { services: () => [], setDesired: () => undefined, count: () => undefined };
  const { env, stopQueue: stop, startQueue: start, close } = await startEndpoints(backend);
  return { options: { queueUrl }, env, stop, start, close };
};

const pastTheGate = { seesThroughOutage: true };

behavesAsQueue('a queue', sqs, on('https://sqs.eu-west-1.amazonaws.com/123456789012/orders'), pastTheGate);
behavesAsQueue('a FIFO queue', sqs, on('https://sqs.eu-west-1.amazonaws.com/1/orders.fifo'), pastTheGate);
