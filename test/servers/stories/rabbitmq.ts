/** RabbitMQ: a durable queue in the virtual host with the odd name. */
import { connect } from 'amqplib';
import { ODD_VHOST, startRabbitmq } from '../rabbitmq.ts';
import { bodies, KEY, portOf, present, type Running } from './story.ts';

export const rabbitmq = async (): Promise<Running> => {
  const server = await startRabbitmq({ tls: true, username: 'al ice', password: 'a "secret" ü#' });
  const { host, port, tlsPort, managementUrl, managementTlsUrl = '', username, password } = server.address;
  const open = () => connect({ hostname: host, port, username, password, vhost: ODD_VHOST });
  const managementTlsPort = portOf(managementTlsUrl);
  return {
    server,
    ports: present([port, tlsPort, portOf(managementUrl), managementTlsPort]),
    tlsPorts: present([tlsPort, managementTlsPort]),
    write: async (messages) => {
      const connection = await open();
      const channel = await connection.createConfirmChannel();
      await channel.assertQueue(KEY, { durable: true });
      for (const body of bodies(messages)) channel.sendToQueue(KEY, Buffer.from(body), { persistent: true });
      await channel.waitForConfirms();
      await connection.close();
    },
    count: async () => {
      const connection = await open();
      const { messageCount } = await (await connection.createChannel()).checkQueue(KEY);
      await connection.close();
      return messageCount;
    },
  };
};
