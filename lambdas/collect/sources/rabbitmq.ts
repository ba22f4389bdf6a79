/**
 * RabbitMQ: what waits in a queue over AMQP, or what waits and what is in flight by the management API. The two are in
 * `rabbitmq/`: `amqp.ts` and `management.ts`; `visible` is the messages that are ready in both.
 *
 * Over AMQP nobody can see what consumers hold, so a policy that counts messages in flight is refused there.
 */
import { defineSource } from '../../contract/source.ts';
import { connectAmqp } from './rabbitmq/amqp.ts';
import { connectManagement } from './rabbitmq/management.ts';
import { options, serverName } from './rabbitmq/options.ts';
import { trouble } from './rabbitmq/trouble.ts';

const passwordSecret = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:rabbitmq-AbCdEf';

export const rabbitmq = defineSource({
  type: 'rabbitmq',
  options,
  reports: ['visible', 'inFlight', 'arrivalsPerSecond', 'departuresPerSecond'],
  permissions: () => [],
  examples: [
    {
      type: 'rabbitmq',
      managementUrl: 'https://b-1234abcd-56ef-78ab-90cd-1234567890ab.mq.us-east-1.amazonaws.com',
      queue: 'orders',
      username: 'pulsescale',
      passwordSecret,
    },
    {
      type: 'rabbitmq',
      host: 'b-1234abcd-56ef-78ab-90cd-1234567890ab.mq.us-east-1.amazonaws.com',
      queue: 'orders',
      username: 'pulsescale',
      passwordSecret,
    },
  ],
  needs:
    'in the VPC of the broker; a user with any permission on the queue, for managementUrl with the tag `management` or `monitoring` too',
  server: serverName,
  connect: async (given, { timeLimitMs }) =>
    given.managementUrl === undefined ? connectAmqp(given, timeLimitMs) : connectManagement(given),
  trouble,
  blindToInFlight: ({ managementUrl }) =>
    managementUrl === undefined
      ? 'over AMQP RabbitMQ tells what waits in a queue, not what consumers hold unacknowledged: give managementUrl, or let the policy count visible messages only (count: visible, or combined: false)'
      : undefined,
});
