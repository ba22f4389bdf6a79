import { rabbitmq } from '../../../../local/demo/queues/rabbitmq.ts';
import { ODD_VHOST, startRabbitmq } from '../../../servers/rabbitmq.ts';
import { behavesAsQueue } from './behaviour.ts';

behavesAsQueue('a queue in a virtual host with an odd name', rabbitmq, async () => {
  const { address, ...server } = await startRabbitmq({ password: 'ge/heim' });
  const { host, port, username, password } = address;
  const options = { type: 'rabbitmq', host, port, username, password, vhost: ODD_VHOST, queue: 'ord ers/ü' };
  return { ...server, address, options };
});
