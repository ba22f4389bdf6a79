/** MSK's GetBootstrapBrokers: leads whoever has a cluster's ARN to a Kafka on this machine. */
import type { Server } from 'node:http';
import { type Route, restEndpoint } from './rest.ts';

/** Comma-separated `host:port`, by the ways in that a cluster has switched on. */
export interface LocalCluster {
  readonly bootstrapBrokerString?: string;
  readonly bootstrapBrokerStringTls?: string;
  readonly bootstrapBrokerStringSaslScram?: string;
  readonly bootstrapBrokerStringSaslIam?: string;
}

export const mskEndpoint = (find: (clusterArn: string) => LocalCluster | undefined): Server => {
  const getBootstrapBrokers: Route = { path: /^\/v1\/clusters\/(.+)\/bootstrap-brokers$/, answer: find };
  return restEndpoint([getBootstrapBrokers]);
};
