/**
 * Apache ActiveMQ Classic, on Amazon MQ or anywhere else: one queue, seen by the statistics plugin over STOMP, by Jolokia over
 * HTTP, or through CloudWatch, whichever of those that the configuration names is the first to work (`activemq/in-order.ts`).
 *
 * The connection holds all three ways, and each connects when it is first needed and again when it has to. So a reading that
 * fails leaves the connection as it is; only a refused login is told to collect, which fetches the secret again.
 *
 * Gotcha: a broker counts as in flight what it has sent to a consumer, worked on or not. A JMS consumer takes 1000 messages at
 * a time unless its prefetch is smaller, and then a queue with a backlog has none visible; so give consumers a small prefetch,
 * or count what is in flight.
 */
import { secretsIn } from '../../contract/access.ts';
import { defineSource, type Permission } from '../../contract/source.ts';
import { cloudwatchWay } from './activemq/cloudwatch-way.ts';
import { type Broker, brokerArn, brokerAt, describeBroker } from './activemq/endpoints.ts';
import { inOrder, type WayName } from './activemq/in-order.ts';
import { jolokiaWay } from './activemq/jolokia-way.ts';
import { certificateCheck, type Options, options, placeOf, serverName, waysIn } from './activemq/options.ts';
import { statisticsWay } from './activemq/statistics-way.ts';
import { LoginFailure, WayFailure } from './activemq/way.ts';
import { metricPermission } from './cloudwatch/metrics.ts';

/** Whether AWS has to be asked where the broker is, or what it is called. */
const describes = (given: Options): boolean => {
  const ways = waysIn(given);
  if (given.brokerId === undefined) return false;
  if (given.endpoints === undefined && ways.some((name) => name !== 'cloudwatch')) return true;
  return ways.includes('cloudwatch') && given.brokerName === undefined;
};

const permissionsFor = (given: Options): readonly Permission[] => [
  ...(describes(given)
    ? [
        {
          actions: ['mq:DescribeBroker'],
          resources: [brokerArn(given.brokerId ?? '', given.region)],
          reason:
            "The ARN of a broker has its name before its ID, which is unique; the broker's name is not in the configuration.",
        },
      ]
    : []),
  ...(waysIn(given).includes('cloudwatch') ? [metricPermission] : []),
];

/** When collect was last told of a refused login, by server and secrets, in milliseconds: longer than any connection. */
const told = new Map<string, number>();
const SECRET_KEPT_MS = 300_000;

const tellsLogin = (given: Options, now: number): boolean => {
  const secrets = secretsIn(given).map(({ arn }) => arn);
  const key = JSON.stringify([serverName(given), secrets]);
  if (secrets.length === 0 || now - (told.get(key) ?? 0) < SECRET_KEPT_MS) return false;
  told.set(key, now);
  return true;
};

/** Asks AWS once, and again if that failed. */
const finder = (given: Options, timeLimitMs: number) => {
  const { brokerId, endpoints, region, tls } = given;
  let describing: ReturnType<typeof describeBroker> | undefined;
  const described = () => {
    describing ??= describeBroker(brokerId ?? '', region, AbortSignal.timeout(timeLimitMs)).catch(
      (thrown) => {
        describing = undefined;
        throw thrown;
      },
    );
    return describing;
  };
  const find = async (): Promise<Broker> => {
    if (endpoints !== undefined) return brokerAt(endpoints, tls);
    return brokerAt((await described()).urls, tls);
  };
  return {
    find,
    metricNames: async () => (brokerId === undefined ? [] : (await described()).metricNames),
  };
};

const oneOrMore = <T>(found: readonly T[], what: string): readonly T[] => {
  if (found.length > 0) return found;
  throw new WayFailure(`the broker has no ${what} endpoint`);
};

export const activemq = defineSource({
  type: 'activemq',
  options,
  reports: ['visible', 'inFlight', 'oldestAgeSeconds', 'arrivalsPerSecond', 'departuresPerSecond'],
  permissions: permissionsFor,
  examples: [
    {
      type: 'activemq',
      brokerId: 'b-1234a5b6-78cd-901e-2fgh-3i45j6k178l9',
      queueName: 'orders',
      username: 'pulsescale',
      passwordSecret: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:broker-AbCdEf',
    },
    {
      type: 'activemq',
      endpoints: ['stomp+ssl://broker.internal:61614', 'https://broker.internal:8162'],
      queueName: 'orders',
      username: 'pulsescale',
      password: '%(AMQ_PASSWORD)',
    },
  ],
  needs:
    "a place in the broker's network and a user; for `statistics` the statisticsBrokerPlugin, for `jolokia` the right to see the web console",
  server: serverName,
  connect: async (given, { timeLimitMs }) => {
    const login = { username: given.username, password: given.password };
    const tls = certificateCheck(given);
    const { find, metricNames } = finder(given, timeLimitMs);
    const ways = {
      statistics: statisticsWay({
        place: placeOf(given, 'STOMP', /^stomp/),
        find: async () => oneOrMore((await find()).stomp, 'STOMP'),
        login,
        tls,
        timeLimitMs,
        ready: () => inTurn.rested('statistics'),
      }),
      jolokia: jolokiaWay({
        place: placeOf(given, 'the web console', /^http/),
        find: async () => oneOrMore((await find()).jolokia, 'web console'),
        login,
        tls,
        timeLimitMs,
      }),
      cloudwatch: cloudwatchWay({ region: given.region, find: metricNames }),
    };
    const inTurn = inOrder(ways);
    const orders = new WeakMap<Options, readonly WayName[]>();
    const orderOf = (asked: Options): readonly WayName[] => {
      const order = orders.get(asked) ?? waysIn(asked);
      orders.set(asked, order);
      return order;
    };
    return {
      read: (asked, context) =>
        inTurn.read(
          {
            wanted: asked,
            order: orderOf(asked),
            tellsLogin: (now) => tellsLogin(asked, now),
          },
          context,
        ),
      close: async () => {
        await Promise.all(Object.values(ways).map((way) => way.close()));
      },
    };
  },
  // A broker's ID is not its name, which the metric goes by.
  wakeMetric: ({ brokerId, brokerName, queueName, region }) =>
    brokerId === undefined || brokerName === undefined
      ? undefined
      : {
          ...{ namespace: 'AWS/AmazonMQ', metricName: 'QueueSize', statistic: 'Maximum', region },
          dimensions: { Broker: brokerName, Queue: queueName },
        },
  trouble: (thrown) => (thrown instanceof LoginFailure ? { kind: 'login', why: thrown.message } : undefined),
});
