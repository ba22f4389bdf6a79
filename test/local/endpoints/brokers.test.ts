/** The endpoints that lead from AWS's names to servers on this machine, asked by the real SDK clients. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetBootstrapBrokersCommand, KafkaClient, ListClustersCommand } from '@aws-sdk/client-kafka';
import { DescribeBrokerCommand, MqClient } from '@aws-sdk/client-mq';
import { afterEach, expect, test } from '@jest/globals';
import { LOCAL, startEndpoints } from '../../../local/endpoints/aws.ts';
import { mqEndpoint } from '../../../local/endpoints/mq.ts';
import { mskEndpoint } from '../../../local/endpoints/msk.ts';

const opened: Server[] = [];
afterEach(() => {
  for (const server of opened.splice(0)) server.close().closeAllConnections();
});

const clientConfig = async (server: Server) => {
  opened.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return { ...LOCAL, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, maxAttempts: 1 };
};

const pair = [
  { endpoints: ['stomp://127.0.0.1:61613'], consoleUrl: 'http://127.0.0.1:8161' },
  { endpoints: ['stomp://127.0.0.1:61713'] },
];

test('DescribeBroker: the instances of a broker, and the error of AWS for one that is not there', async () => {
  const mq = new MqClient(await clientConfig(mqEndpoint((id) => (id === 'b-1234' ? pair : undefined))));
  expect(await mq.send(new DescribeBrokerCommand({ BrokerId: 'b-1234' }))).toMatchObject({
    BrokerId: 'b-1234',
    BrokerState: 'RUNNING',
    EngineType: 'ACTIVEMQ',
    DeploymentMode: 'ACTIVE_STANDBY_MULTI_AZ',
    BrokerInstances: [
      { Endpoints: ['stomp://127.0.0.1:61613'], ConsoleURL: 'http://127.0.0.1:8161' },
      { Endpoints: ['stomp://127.0.0.1:61713'] },
    ],
  });
  await expect(mq.send(new DescribeBrokerCommand({ BrokerId: 'b-9' }))).rejects.toMatchObject({
    name: 'NotFoundException',
    $metadata: { httpStatusCode: 404 },
  });
  mq.destroy();
});

const ARN = 'arn:aws:kafka:eu-west-1:123456789012:cluster/orders/1d2c3b4a-5e6f-7a8b-9c0d-1e2f3a4b5c6d-7';

test('GetBootstrapBrokers: an ARN with its slashes, and the errors of AWS', async () => {
  const find = (arn: string) => (arn === ARN ? { bootstrapBrokerString: '127.0.0.1:9092' } : undefined);
  const msk = new KafkaClient(await clientConfig(mskEndpoint(find)));
  const answer = await msk.send(new GetBootstrapBrokersCommand({ ClusterArn: ARN }));
  expect(answer.BootstrapBrokerString).toBe('127.0.0.1:9092');
  expect(answer.BootstrapBrokerStringTls).toBeUndefined();
  await expect(msk.send(new GetBootstrapBrokersCommand({ ClusterArn: `${ARN}8` }))).rejects.toMatchObject({
    name: 'NotFoundException',
  });
  await expect(msk.send(new ListClustersCommand({}))).rejects.toMatchObject({ name: 'ForbiddenException' });
  msk.destroy();
});

test('a service more among the embedded ones: served or elsewhere, found by its variable', async () => {
  const backend = { services: () => [], setDesired: () => undefined, count: () => undefined };
  const more = { MQ: mqEndpoint(() => pair.slice(0, 1)), KINESIS: 'http://127.0.0.1:4567' };
  const { env, addresses, close } = await startEndpoints(backend, more);
  try {
    expect(env.AWS_ENDPOINT_URL_KINESIS).toBe('http://127.0.0.1:4567');
    expect(addresses).toMatchObject({ KINESIS: 'http://127.0.0.1:4567', MQ: env.AWS_ENDPOINT_URL_MQ });
    const mq = new MqClient({ ...LOCAL, endpoint: env.AWS_ENDPOINT_URL_MQ ?? '' });
    const { DeploymentMode } = await mq.send(new DescribeBrokerCommand({ BrokerId: 'any' }));
    expect(DeploymentMode).toBe('SINGLE_INSTANCE');
    mq.destroy();
  } finally {
    await close();
  }
});
