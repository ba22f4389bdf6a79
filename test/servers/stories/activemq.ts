/** ActiveMQ: sent by STOMP, counted by Jolokia. */
import { connect } from 'node:net';
import { startActivemq } from '../activemq.ts';
import { bodies, KEY, present, type Running } from './story.ts';

export const activemq = async (): Promise<Running> => {
  const server = await startActivemq({ tls: true, username: 'alice', password: 'a "secret" #&<' });
  const { stompPort, stompTlsPort, jolokiaUrl, jolokiaTlsUrl = '', username, password } = server.address;
  const webPorts = [jolokiaUrl, jolokiaTlsUrl].map((url) => Number(new URL(url).port));
  const frame = (command: string, headers: readonly string[], body = '') =>
    `${[command, ...headers, '', body].join('\n')}\0`;
  return {
    server,
    ports: present([stompPort, stompTlsPort, ...webPorts]),
    tlsPorts: present([stompTlsPort, webPorts[1]]),
    write: (messages) =>
      new Promise((resolve, reject) => {
        const socket = connect(stompPort, '127.0.0.1');
        const sends = bodies(messages).map((body) =>
          frame('SEND', [`destination:/queue/${KEY}`, 'persistent:true', `receipt:${body}`], body),
        );
        const hello = ['accept-version:1.2', 'host:127.0.0.1', `login:${username}`, `passcode:${password}`];
        socket.write(frame('CONNECT', hello) + sends.join(''));
        let heard = '';
        socket.on('data', (chunk) => {
          heard += chunk;
          if (heard.includes('ERROR')) reject(new Error(heard));
          if (heard.split('RECEIPT\n').length <= messages) return;
          socket.destroy();
          resolve(undefined);
        });
        socket.on('error', reject);
      }),
    count: async () => {
      const mbean = `org.apache.activemq:type=Broker,brokerName=localhost,destinationType=Queue,destinationName=${KEY}`;
      const login = Buffer.from(`${username}:${password}`).toString('base64');
      const headers = { authorization: `Basic ${login}`, origin: 'http://127.0.0.1' };
      const answer = await fetch(`${jolokiaUrl}/read/${mbean}/QueueSize`, { headers });
      const { value } = (await answer.json()) as { value: number };
      return value;
    },
  };
};
