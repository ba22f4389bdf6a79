/** What the options of an ActiveMQ queue are, and what follows from them: where the broker is, and which ways lead to it. */
import type { ConnectionOptions } from 'node:tls';
import * as z from 'zod';
import { credentials, tls, tlsOptions } from '../../../contract/access.ts';
import { commonOptions } from '../../../contract/source.ts';
import { ENDPOINT, isSecure } from './endpoints.ts';
import type { WayName } from './in-order.ts';

const WAYS = ['statistics', 'jolokia', 'cloudwatch'] as const satisfies readonly WayName[];

const REFERENCE = /%\(.+\)/;

const shape = z.strictObject({
  type: z.literal('activemq'),
  brokerId: z
    .string()
    .regex(
      /^([A-Za-z0-9][\w-]*|.*%\(.+\).*)$/,
      'expected the ID of a broker, such as b-1234a5b6-78cd-901e-2fgh-3i45j6k178l9',
    )
    .optional()
    .meta({ description: 'ID of an Amazon MQ broker; its endpoints are then looked up.' }),
  endpoints: z
    .array(
      z
        .string()
        .regex(
          new RegExp(`${ENDPOINT.source}|${REFERENCE.source}`),
          'expected stomp://host:61613, stomp+ssl://host:61614, or the address of the web console, http://host:8161 or https://host:8162, without user and password',
        ),
    )
    .min(1)
    .optional()
    .meta({
      description:
        "Where the broker listens, in place of looking it up: `stomp://host:61613` or `stomp+ssl://host:61614`, and the web console's `http://host:8161` or `https://host:8162` for Jolokia. Both instances of an active/standby pair.",
    }),
  region: z
    .string()
    .min(1)
    .optional()
    .meta({ description: "Region of the Amazon MQ broker. Default: the function's." }),
  queueName: z
    .string()
    .regex(
      /^[^,?\s]([^,?]*[^,?\s])?$/,
      'expected the name of one queue: a comma would make it a list, and ? begins options',
    )
    .meta({ description: 'Name of the queue.' }),
  via: z
    .array(z.enum(WAYS))
    .min(1)
    .refine((via) => new Set(via).size === via.length, 'names a way twice')
    .optional()
    .meta({
      description:
        'Ways to see the queue, in the order in which they are tried: `statistics` (the statistics plugin, over STOMP), `jolokia` (over HTTP), `cloudwatch` (one to two minutes old). Default: all three, as far as the options lead there.',
    }),
  brokerName: z.string().min(1).optional().meta({
    description:
      "The broker's name in Jolokia and CloudWatch. Default: in Jolokia the only one there is, in CloudWatch that of the Amazon MQ broker with -1 (and -2 for the standby) after it.",
  }),
  ...credentials,
  tls: tls("the endpoint's scheme tells; true takes only those with TLS"),
  ...commonOptions,
});
type Shape = z.output<typeof shape>;

const leadsTo: Readonly<Record<WayName, (given: Shape) => boolean>> = {
  statistics: ({ brokerId, endpoints }) =>
    endpoints?.some((url) => /^(stomp|%\()/.test(url)) ?? brokerId !== undefined,
  jolokia: ({ brokerId, endpoints }) =>
    endpoints?.some((url) => /^(http|%\()/.test(url)) ?? brokerId !== undefined,
  cloudwatch: ({ brokerId, brokerName }) => brokerId !== undefined || brokerName !== undefined,
};

const REMEDIES: Readonly<Record<WayName, string>> = {
  statistics: 'give brokerId, or a stomp:// or stomp+ssl:// address in endpoints',
  jolokia: 'give brokerId, or an http:// or https:// address in endpoints',
  cloudwatch: 'give brokerId or brokerName',
};

export const waysIn = (given: Shape): readonly WayName[] =>
  given.via ?? WAYS.filter((name) => leadsTo[name](given));

type Problem = readonly [field: keyof Shape, message: string];

const contradictions = (given: Shape): readonly Problem[] => {
  const { via = [], endpoints = [], tls: asked } = given;
  const blind = via.filter((name) => !leadsTo[name](given));
  const unlike = endpoints.find(
    (url) => !REFERENCE.test(url) && asked !== undefined && isSecure(url) === (asked === false),
  );
  return [
    ...blind.map((name): Problem => ['via', `nothing leads to ${name}: ${REMEDIES[name]}`]),
    ...(waysIn(given).length === 0
      ? [['brokerId', 'give the brokerId of an Amazon MQ broker, or the endpoints of any other'] as const]
      : []),
    ...(unlike === undefined
      ? []
      : [
          [
            'endpoints',
            asked === false
              ? `${unlike} speaks TLS, and tls is false: leave tls out, or give an address without TLS`
              : `${unlike} does not speak TLS, and tls says that it should: leave tls out, or give a stomp+ssl:// or https:// address`,
          ] as const,
        ]),
  ];
};

export const options = shape
  .superRefine((given, { addIssue }) => {
    for (const [field, message] of contradictions(given))
      addIssue({ code: 'custom', path: [field], message });
  })
  .meta({ description: 'A queue in Apache ActiveMQ Classic, on Amazon MQ or anywhere else.' });

export type Options = z.output<typeof options>;

/** How a certificate is checked, where the endpoint speaks TLS. */
export const certificateCheck = (given: Options): ConnectionOptions =>
  tlsOptions(given.tls === false ? undefined : given.tls, true) ?? {};

/** As people know it; nothing else decides which services share a connection, but how they get in. */
export const serverName = ({ brokerId, endpoints, brokerName, region }: Options): string => {
  const place = region === undefined ? '' : ` in ${region}`;
  const known = brokerId ?? (endpoints === undefined ? brokerName : undefined);
  const broker = known === undefined ? 'ActiveMQ' : `the ActiveMQ broker ${known}`;
  return `${broker}${endpoints === undefined ? '' : ` at ${endpoints.join(', ')}`}${place}`;
};

/** What of it a way leads to. @param schemes how its addresses begin */
export const placeOf = (given: Options, what: string, schemes: RegExp): string => {
  const own = given.endpoints?.filter((url) => schemes.test(url)) ?? [];
  return own.length > 0 ? own.join(', ') : `${what} of ${serverName(given)}`;
};
