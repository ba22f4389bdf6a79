/**
 * Amazon MQ's DescribeBroker: leads whoever has a broker's ID to an ActiveMQ on this machine. AWS names TLS ports only
 * (`stomp+ssl://…:61614`); a local broker's are plain.
 */
import type { Server } from 'node:http';
import { type Route, restEndpoint } from './rest.ts';

export interface LocalBroker {
  /** As DescribeBroker lists them: `stomp://127.0.0.1:61613`. */
  readonly endpoints: readonly string[];
  /** Where the web console is, and Jolokia below it: `http://127.0.0.1:8161`. */
  readonly consoleUrl?: string | undefined;
}

/** @param find the instances of a broker: one, or the two of an active/standby pair */
export const mqEndpoint = (find: (brokerId: string) => readonly LocalBroker[] | undefined): Server => {
  const describeBroker: Route = {
    path: /^\/v1\/brokers\/([^/]+)$/,
    answer: (brokerId) => {
      const instances = find(brokerId);
      return (
        instances && {
          brokerId,
          brokerArn: `arn:aws:mq:us-east-1:000000000000:broker:local:${brokerId}`,
          brokerState: 'RUNNING',
          engineType: 'ACTIVEMQ',
          deploymentMode: instances.length > 1 ? 'ACTIVE_STANDBY_MULTI_AZ' : 'SINGLE_INSTANCE',
          brokerInstances: instances.map(({ endpoints, consoleUrl }) => ({
            endpoints,
            consoleURL: consoleUrl,
            ipAddress: '127.0.0.1',
          })),
        }
      );
    },
  };
  return restEndpoint([describeBroker]);
};
