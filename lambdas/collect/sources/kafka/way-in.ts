/** How to get into a Kafka cluster, as far as the options tell: addresses, authentication, TLS. */
import type { ConnectionOptions } from 'node:tls';
import { type Tls, tlsOptions } from '../../../contract/access.ts';

export const AUTHENTICATIONS = ['none', 'plain', 'scram-sha-256', 'scram-sha-512', 'iam'] as const;
export type Authentication = (typeof AUTHENTICATIONS)[number];

/** The options that decide it. Where credentials come from secrets, `username` is not filled in yet. */
export interface WayInOptions {
  readonly bootstrapServers?: readonly string[] | undefined;
  readonly clusterArn?: string | undefined;
  readonly region?: string | undefined;
  readonly authentication?: Authentication | undefined;
  readonly username?: string | undefined;
  readonly usernameSecret?: string | undefined;
  readonly tls?: Tls | undefined;
}

interface Place {
  readonly host: string;
  readonly port: number;
}

const DEFAULT_PORT = 9092;

/** Amazon MSK's: inside the VPC 909x, public 919x. */
const IAM_PORTS: readonly number[] = [9098, 9198];
const TLS_PORTS: readonly number[] = [9094, 9096, 9098, 9194, 9196, 9198];

const SERVER = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i;

const placeIn = (text: string): Place | undefined => {
  const [, address, name, port] = SERVER.exec(text.trim()) ?? [];
  const host = address ?? name;
  return host === undefined ? undefined : { host, port: Number(port ?? DEFAULT_PORT) };
};

/** `a:9092,b:9092` → two places; `undefined`: it is something else. */
export const placesIn = (text: string): readonly Place[] | undefined => {
  const places = text.split(',').map(placeIn);
  return places.every((place) => place !== undefined) ? places : undefined;
};

export const placesOf = ({ bootstrapServers = [] }: WayInOptions): readonly Place[] =>
  bootstrapServers.flatMap((text) => placesIn(text) ?? []);

export const hasUser = ({ username, usernameSecret }: WayInOptions): boolean =>
  username !== undefined || usernameSecret !== undefined;

/** `undefined`: it depends on what the MSK cluster offers. */
export const authenticationOf = (options: WayInOptions): Authentication | undefined => {
  if (options.authentication !== undefined) return options.authentication;
  const ports = placesOf(options).map(({ port }) => port);
  if (ports.some((port) => IAM_PORTS.includes(port))) return 'iam';
  if (hasUser(options)) return 'scram-sha-512';
  return options.bootstrapServers === undefined ? undefined : 'none';
};

/** IAM may be used, so its permissions are needed. */
export const mayUseIam = (options: WayInOptions): boolean =>
  ['iam', undefined].includes(authenticationOf(options));

/** IAM's tokens are as good as a password until they expire, so they never travel in the clear by default. */
export const tlsOf = (
  { tls }: WayInOptions,
  places: readonly Place[],
  authentication: Authentication,
): ConnectionOptions | undefined =>
  tlsOptions(tls, authentication === 'iam' || places.some(({ port }) => TLS_PORTS.includes(port)));

/** `arn:aws:kafka:REGION:ACCOUNT:cluster/NAME/UUID` */
export const CLUSTER_ARN = /^arn:[\w-]+:kafka:([\w-]+):\d{12}:cluster\/[^/]+\/[^/]+$/;

/** @throws Error when the ARN is not a cluster's */
export const regionIn = (clusterArn: string): string => {
  const region = CLUSTER_ARN.exec(clusterArn)?.[1];
  if (region === undefined) throw new Error(`${clusterArn} is no ARN of an MSK cluster`);
  return region;
};
