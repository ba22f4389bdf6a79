/**
 * What Amazon MSK adds to Kafka: endpoints that are asked for by the cluster's ARN, and logins by IAM.
 *
 * Gotcha: a login by IAM is a signed URL, sent as an OAuth token. It is good for 15 minutes, and Kafka asks for a new one
 * before that is over.
 */
import type { GetBootstrapBrokersCommandOutput } from '@aws-sdk/client-kafka';
import { explain } from '../../../contract/aws-errors.ts';
import { nameOf } from '../../../contract/errors.ts';
import { KafkaRefusal } from './refusal.ts';
import { type Authentication, authenticationOf, regionIn, type WayInOptions } from './way-in.ts';

export const BOOTSTRAP_ACTION = 'kafka:GetBootstrapBrokers';

type Endpoints = Omit<GetBootstrapBrokersCommandOutput, '$metadata'>;
type Kind = keyof Endpoints;

/** A way in that a cluster may have switched on: from inside the VPC first, then the public one. */
interface Way {
  readonly kinds: readonly Kind[];
  readonly authentication: Authentication;
  /** For people. */
  readonly name: string;
}

const IAM: Way = {
  kinds: ['BootstrapBrokerStringSaslIam', 'BootstrapBrokerStringPublicSaslIam'],
  authentication: 'iam',
  name: 'iam',
};
const SCRAM: Way = {
  kinds: ['BootstrapBrokerStringSaslScram', 'BootstrapBrokerStringPublicSaslScram'],
  authentication: 'scram-sha-512',
  name: 'scram-sha-512',
};
const TLS: Way = {
  kinds: ['BootstrapBrokerStringTls', 'BootstrapBrokerStringPublicTls'],
  authentication: 'none',
  name: 'none over TLS',
};
const PLAIN: Way = {
  kinds: ['BootstrapBrokerString'],
  authentication: 'none',
  name: 'none without TLS',
};

/** What fits the options, the best first. */
const waysFor = (options: WayInOptions): readonly Way[] => {
  const authentication = authenticationOf(options);
  const open = options.tls === false ? [PLAIN] : options.tls === undefined ? [TLS, PLAIN] : [TLS];
  if (authentication === undefined) return options.tls === false ? open : [IAM, ...open];
  if (authentication === 'iam') return [IAM];
  return authentication === 'none' ? open : [{ ...SCRAM, authentication }];
};

/** Where to connect, and how. */
export interface Bootstrap {
  readonly servers: string;
  readonly authentication: Authentication;
  readonly tls: boolean;
}

/** @throws KafkaRefusal with the remedy */
export const bootstrapOf = async (
  clusterArn: string,
  options: WayInOptions,
  timeLimitMs: number,
): Promise<Bootstrap> => {
  const { KafkaClient, GetBootstrapBrokersCommand } = await import('@aws-sdk/client-kafka');
  const client = new KafkaClient({ region: options.region ?? regionIn(clusterArn), maxAttempts: 2 });
  let endpoints: Endpoints;
  try {
    endpoints = await client.send(new GetBootstrapBrokersCommand({ ClusterArn: clusterArn }), {
      abortSignal: AbortSignal.timeout(timeLimitMs),
    });
  } catch (cause) {
    const missing = nameOf(cause) === 'NotFoundException';
    const why = missing
      ? `there is no MSK cluster ${clusterArn}: check clusterArn`
      : explain(cause, BOOTSTRAP_ACTION, clusterArn);
    throw new KafkaRefusal(why, { cause });
  } finally {
    client.destroy();
  }
  const ways = waysFor(options);
  for (const { kinds, authentication } of ways) {
    const kind = kinds.find((each) => endpoints[each]);
    const servers = kind && endpoints[kind];
    if (servers) return { servers, authentication, tls: kind !== 'BootstrapBrokerString' };
  }
  const named = (some: readonly Way[]) => some.map(({ name }) => name).join(' or ');
  const offered = [IAM, SCRAM, TLS, PLAIN].filter(({ kinds }) => kinds.some((each) => endpoints[each]));
  throw new KafkaRefusal(
    `the MSK cluster has no endpoint for ${named(ways)}, but for ${named(offered) || 'nothing yet'}: set authentication and tls to that, or switch it on (${clusterArn})`,
  );
};

/** A token is not used in its last minute: it must outlive the login. */
const SPARE_MS = 60_000;

/** Tokens for logins by IAM with the credentials of this process, each used until it is about to expire. */
export const iamTokens = (region: string): (() => Promise<{ readonly value: string }>) => {
  let current: { readonly value: string; readonly expiresMs: number } | undefined;
  return async () => {
    if (current === undefined || current.expiresMs - SPARE_MS < Date.now()) {
      const { generateAuthToken } = await import('aws-msk-iam-sasl-signer-js');
      const { token, expiryTime } = await generateAuthToken({ region });
      current = { value: token, expiresMs: expiryTime };
    }
    return { value: current.value };
  };
};
