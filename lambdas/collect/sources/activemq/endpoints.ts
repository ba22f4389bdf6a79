/**
 * Where a broker listens: as the options say, or as Amazon MQ's DescribeBroker tells for the broker's ID. What AWS tells is kept
 * as long as the connection: a broker's endpoints never change.
 */
import type { Tls } from '../../../contract/access.ts';
import { ownArn } from '../../../contract/arn.ts';
import { explain } from '../../../contract/aws-errors.ts';
import { nameOf } from '../../../contract/errors.ts';
import { WayFailure } from './way.ts';

export interface StompEndpoint {
  /** As people know it. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** It speaks TLS. */
  readonly secure: boolean;
}

export interface Broker {
  /** The instances of an active/standby pair; only one of them accepts connections. */
  readonly stomp: readonly StompEndpoint[];
  /** Where Jolokia is asked. */
  readonly jolokia: readonly string[];
}

/** The ways into a broker are told apart by the scheme. */
export const ENDPOINT = /^(stomp(\+nio)?(\+ssl)?|https?):\/\/[^/@\s?#]+(\/[^\s?#]*)?$/;

export const isSecure = (url: string): boolean => /^(https|[a-z+]+\+ssl):/.test(url);

const stompEndpoint = (url: string): StompEndpoint => {
  const { hostname, port } = new URL(url);
  const secure = isSecure(url);
  return {
    url,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 61614 : 61613) : Number(port),
    secure,
  };
};

/** The console's address leads to Jolokia below it. */
const jolokiaUrl = (url: string): string => {
  const { origin, pathname } = new URL(url);
  return pathname === '/' ? `${origin}/api/jolokia` : url;
};

/** @param tls unless false or left out, only endpoints with TLS count */
export const brokerAt = (urls: readonly string[], tls: Tls | undefined): Broker => {
  const fit = urls.filter((url) => tls === undefined || tls === false || isSecure(url));
  return {
    stomp: fit.filter((url) => url.startsWith('stomp')).map(stompEndpoint),
    jolokia: fit.filter((url) => url.startsWith('http')).map(jolokiaUrl),
  };
};

export const brokerArn = (brokerId: string, region: string | undefined): string =>
  ownArn('mq', `broker:*:${brokerId}`, region);

export interface Described {
  readonly urls: readonly string[];
  /** What CloudWatch calls the instances: the broker's name with -1, and with -2 for the standby. */
  readonly metricNames: readonly string[];
}

const troubleOf = (thrown: unknown, brokerId: string, region: string | undefined): WayFailure => {
  const why =
    nameOf(thrown) === 'NotFoundException'
      ? `Amazon MQ has no broker ${brokerId} in ${region ?? "the function's region"}: check brokerId and region`
      : explain(thrown, 'mq:DescribeBroker', `the broker ${brokerId}`);
  return new WayFailure(why, { cause: thrown });
};

/** @throws WayFailure */
export const describeBroker = async (
  brokerId: string,
  region: string | undefined,
  signal: AbortSignal,
): Promise<Described> => {
  const { MqClient, DescribeBrokerCommand } = await import('@aws-sdk/client-mq');
  const client = new MqClient({ ...(region === undefined ? {} : { region }), maxAttempts: 2 });
  try {
    const answer = await client.send(new DescribeBrokerCommand({ BrokerId: brokerId }), {
      abortSignal: signal,
    });
    const { BrokerInstances: instances = [], BrokerName: name = '', EngineType: engine } = answer;
    if (engine !== undefined && engine !== 'ACTIVEMQ')
      throw new WayFailure(
        `the broker ${brokerId} is a ${engine} broker, not ActiveMQ: read it with the source of its own type`,
      );
    const urls = instances
      .flatMap(({ Endpoints = [], ConsoleURL }) => [...Endpoints, ...(ConsoleURL ? [ConsoleURL] : [])])
      .filter((url) => ENDPOINT.test(url));
    return {
      urls,
      metricNames: name === '' ? [] : instances.map((_, index) => `${name}-${index + 1}`),
    };
  } catch (thrown) {
    if (thrown instanceof WayFailure) throw thrown;
    throw troubleOf(thrown, brokerId, region);
  } finally {
    client.destroy();
  }
};
