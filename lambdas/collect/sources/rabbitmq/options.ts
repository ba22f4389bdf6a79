/** The options of the rabbitmq source, and what follows from them: which protocol, where to, whether by TLS. */
import type { ConnectionOptions } from 'node:tls';
import * as z from 'zod';
import { credentials, tls, tlsOptions } from '../../../contract/access.ts';
import { commonOptions } from '../../../contract/source.ts';

/** A name, an IPv4 or an IPv6 address; with a scheme or a port in it, host and port would say two things. */
const HOST = /^([^\s/@:]+|\[?[0-9a-f.]*:[0-9a-f:.]*:[0-9a-f:.]*\]?|.*%\(.+\).*)$/i;
const MANAGEMENT_URL = /^(https?:\/\/[^\s/@?#]+(\/[^\s?#]*)?|.*%\(.+\).*)$/;
/** Its brokers listen with TLS only. */
const AMAZON_MQ = /\.mq\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|on\.aws)$/;

const shape = z.strictObject({
  type: z.literal('rabbitmq'),
  host: z
    .string()
    .regex(HOST, 'expected a name or an address such as rabbit.internal, without scheme and port')
    .optional()
    .meta({ description: 'Broker, to be read over AMQP. Required without managementUrl.' }),
  port: z
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .meta({ description: 'AMQP port. Default: 5672, with TLS 5671.' }),
  managementUrl: z
    .string()
    .regex(
      MANAGEMENT_URL,
      'expected a URL such as https://b-1234.mq.us-east-1.amazonaws.com or http://rabbit.internal:15672, without user, password and query',
    )
    .optional()
    .meta({
      description:
        "Base URL of the management API, which is then read in place of AMQP. It alone shows messages in flight and rates; its numbers are up to 10 s old (collect_statistics_interval and 5 s), AMQP's are of the moment.",
    }),
  vhost: z.string().min(1).default('/').meta({ description: 'Virtual host.' }),
  queue: z.string().min(1).max(255).meta({
    description: 'Name of a classic or quorum queue. A stream counts what it keeps, read or not.',
  }),
  ...credentials,
  tls: tls(
    'for AMQP true on port 5671 and on the names of Amazon MQ, false otherwise; managementUrl says it by its scheme',
  ),
  ...commonOptions,
});

type Shape = z.output<typeof shape>;

/** `%(NAME)` may yet become anything. */
const contradictions = ({
  host,
  managementUrl,
  tls: given,
}: Shape): readonly (readonly [field: keyof Shape, message: string])[] => {
  if (managementUrl === undefined)
    return host === undefined
      ? [['host', 'required: the broker, to be read over AMQP; or give managementUrl']]
      : [];
  if (managementUrl.startsWith('http:') && given !== undefined && given !== false)
    return [['tls', `managementUrl ${managementUrl} is without TLS: write https, or leave tls out`]];
  if (managementUrl.startsWith('https:') && given === false)
    return [['tls', `managementUrl ${managementUrl} is with TLS: write http, or leave tls out`]];
  return [];
};

export const options = shape
  .superRefine((given, { addIssue }) => {
    for (const [field, message] of contradictions(given))
      addIssue({ code: 'custom', path: [field], message });
  })
  .meta({ description: 'A queue in RabbitMQ, read over AMQP 0-9-1 or by the management API.' });

export type Options = z.output<typeof options>;

/** Where the broker listens, and how. */
export interface Broker {
  readonly host: string;
  readonly port: number;
  /** undefined: no TLS. The AMQP package has a limit of its own under that name. */
  readonly tls: Omit<ConnectionOptions, 'timeout'> | undefined;
}

export const brokerOf = ({ host = '', port, tls: given }: Options): Broker => {
  const checks = tlsOptions(given, port === 5671 || AMAZON_MQ.test(host));
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: port ?? (checks === undefined ? 5672 : 5671),
    tls: checks,
  };
};

/** Of the management API: without `/` or `/api` at its end, which many write. */
export const baseUrlOf = (managementUrl: string): string => managementUrl.replace(/\/+(api\/*)?$/, '');

export const managementTls = ({ managementUrl = '', tls: given }: Options): ConnectionOptions | undefined =>
  tlsOptions(managementUrl.startsWith('https:') ? given : false, true);

/** The management API takes any virtual host, an AMQP connection is in one. */
export const serverName = (given: Options): string => {
  if (given.managementUrl !== undefined) return `RabbitMQ at ${baseUrlOf(given.managementUrl)}`;
  const { host, port, tls: checks } = brokerOf(given);
  const vhost = given.vhost === '/' ? '' : `/${encodeURIComponent(given.vhost)}`;
  return `${checks === undefined ? 'amqp' : 'amqps'}://${host.includes(':') ? `[${host}]` : host}:${port}${vhost}`;
};

/** RabbitMQ's own default, which it lets in from its own machine only. */
export const loginOf = ({ username = 'guest', password = 'guest' }: Options) => ({ username, password });
