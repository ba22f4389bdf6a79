import { certificates } from '../../servers/certificates.ts';
import { startKafka } from '../../servers/kafka.ts';
import { behavesAsASource, type Subject } from './behaviour.ts';
import { kafkaClient } from './kafka-client.ts';

const start = async (): Promise<Subject> => {
  const server = await startKafka({ tls: true, sasl: { username: 'scaler', password: 'ge/heim%' } });
  const { wrongCa } = await certificates();
  const { bootstrapServers, tlsBootstrapServers, scramBootstrapServers, ca = '', ...login } = server.address;
  const client = await kafkaClient(bootstrapServers);
  const options = (topic: string) => ({ type: 'kafka', bootstrapServers, topic, consumerGroup: 'workers' });
  const tls = (topic: string) => ({ ...options(topic), bootstrapServers: tlsBootstrapServers });
  return {
    options,
    create: client.create,
    send: client.send,
    server,
    close: async () => {
      await client.close();
      await server.close();
    },
    wrongPassword: {
      options: (topic) => ({
        ...options(topic),
        bootstrapServers: scramBootstrapServers,
        ...login,
        password: 'falsch',
        tls: { ca },
      }),
      why: /refused the user scaler: check username and password\/passwordSecret/,
    },
    tls: {
      options: (topic) => ({ ...tls(topic), tls: { ca } }),
      wrongCa: (topic) => ({ ...tls(topic), tls: { ca: wrongCa } }),
    },
  };
};

behavesAsASource({
  name: 'kafka',
  start,
  at: (options, host, port) => ({ ...options, bootstrapServers: [`${host}:${port}`] }),
  missing: /there is no topic nowhere: check topic, or create it; .*Kafka at 127\.0\.0\.1/,
  expected: (waiting) => ({ visible: waiting, parallelism: 1 }),
  oddNames: ['eu.orders_v2-fast', '..orders', '-', 'x'.repeat(249)],
  without: { inFlight: 'the lag holds what is being worked on' },
});
