import { activemq } from '../../../../local/demo/queues/activemq.ts';
import { startActivemq } from '../../../servers/activemq.ts';
import { behavesAsQueue } from './behaviour.ts';

behavesAsQueue('a queue by its endpoints', activemq, async () => {
  const { address, ...server } = await startActivemq({ password: 'ge/heim' });
  const { host, stompPort, jolokiaUrl, username, password } = address;
  const endpoints = [`stomp://${host}:${stompPort}`, new URL(jolokiaUrl).origin];
  return {
    ...server,
    address,
    options: { type: 'activemq', endpoints, username, password, queueName: 'ord ers/ü' },
  };
});
