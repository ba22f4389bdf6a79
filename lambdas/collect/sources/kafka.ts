/**
 * Apache Kafka: the lag of a consumer group on a topic, that is what is in the log after the group's committed offsets, summed
 * over the partitions.
 *
 * The life of a reading: metadata tells the partitions and their leaders, the group's coordinator how far it has committed,
 * the leaders where the logs begin and end. A partition that nobody can tell of makes the rest a floor.
 *
 * Gotchas: the lag holds what is being worked on too, since offsets are committed when work is done; so there is no number in
 * flight, and policies that add one up need none. Where a group begins without a commit is a setting of its consumers, which
 * Kafka does not know: `offsetReset` says it. Its default counts everything, because too many tasks for a while cost money,
 * and a backlog that reads as 0 is never worked off. More tasks than partitions are idle.
 */
import { explain } from '../../contract/aws-errors.ts';
import { messageOf, nameOf } from '../../contract/errors.ts';
import { defineSource, type Permission, type Trouble } from '../../contract/source.ts';
import { openCluster } from './kafka/cluster.ts';
import { sightingOf } from './kafka/lag.ts';
import { BOOTSTRAP_ACTION, bootstrapOf, iamTokens } from './kafka/msk.ts';
import type { Access } from './kafka/node.ts';
import { type Options, options } from './kafka/options.ts';
import { stuckMemory } from './kafka/stuck.ts';
import { authenticationOf, hasUser, mayUseIam, placesIn, regionIn, tlsOf } from './kafka/way-in.ts';

/** The first of the servers stands for its cluster: three names of MSK's would leave no room for a remedy. */
const serverOf = (given: Options): string => {
  const { bootstrapServers, clusterArn = '', authentication } = given;
  const [first = '', ...more] = (bootstrapServers ?? []).flatMap((text) => text.split(','));
  const servers = more.length === 0 ? first : `${first} and ${more.length} more`;
  const by = authentication === undefined ? '' : ` by ${authentication}`;
  return `Kafka at ${bootstrapServers === undefined ? clusterArn : servers.trim()}${by}`;
};

/** `…:cluster/NAME/UUID` → `…:topic/NAME/UUID/orders`. */
const arnBelow = (clusterArn: string, kind: 'topic' | 'group', name: string): string =>
  `${clusterArn.replace(':cluster/', `:${kind}/`)}/${name}`;

const CLUSTER_ARN = /^arn:[\w-]+:kafka:([\w-]+):(\d{12}):cluster\/([^/]+)\//;

const permissionsOf = (given: Options): readonly Permission[] => {
  const { bootstrapServers, clusterArn, topic, consumerGroup } = given;
  if (clusterArn === undefined) return [];
  regionIn(clusterArn);
  const lookup = { actions: [BOOTSTRAP_ACTION], resources: [clusterArn] };
  const iam = [
    { actions: ['kafka-cluster:Connect'], resources: [clusterArn] },
    { actions: ['kafka-cluster:DescribeTopic'], resources: [arnBelow(clusterArn, 'topic', topic)] },
    { actions: ['kafka-cluster:DescribeGroup'], resources: [arnBelow(clusterArn, 'group', consumerGroup)] },
  ];
  return [...(bootstrapServers === undefined ? [lookup] : []), ...(mayUseIam(given) ? iam : [])];
};

/** Whom to ask and how to get in. */
const wayInto = async (given: Options, timeLimitMs: number) => {
  const { bootstrapServers, clusterArn = '', region, username = '', password = '' } = given;
  const { servers, authentication, tls } =
    bootstrapServers === undefined
      ? await bootstrapOf(clusterArn, given, timeLimitMs)
      : {
          servers: bootstrapServers.join(','),
          authentication: authenticationOf(given) ?? 'none',
          tls: undefined,
        };
  const places = placesIn(servers) ?? [];
  const sasl = (): Access['sasl'] => {
    if (authentication === 'none') return undefined;
    if (authentication !== 'iam') return { mechanism: authentication, username, password };
    const oauthBearerProvider = iamTokens(region ?? regionIn(clusterArn));
    return { mechanism: 'oauthbearer', oauthBearerProvider };
  };
  return {
    places,
    access: { tls: tlsOf({ ...given, tls: given.tls ?? tls }, places, authentication), sasl: sasl() },
  };
};

/** Kafka's words where a login was tried on a port that has none, or another kind. */
const UNSUITABLE = /requested SASL mechanism|mechanism is not supported|current SASL state/;

const loginTrouble = (thrown: unknown, given: Options): Trouble => {
  const server = serverOf(given);
  const said = messageOf(thrown);
  if (UNSUITABLE.test(said))
    return {
      kind: 'answered',
      why: `${server} does not take this login (${said}): check authentication, and that this is the port for it`,
    };
  if (!hasUser(given) && mayUseIam(given))
    return {
      kind: 'login',
      why: `${server} refused the role of this function: allow kafka-cluster:Connect on ${given.clusterArn}`,
    };
  const user = given.username ?? `of ${given.usernameSecret}`;
  return {
    kind: 'login',
    why: `${server} refused the user ${user}: check username and password/passwordSecret`,
  };
};

const troubleOf = (thrown: unknown, given: Options): Trouble | undefined => {
  const name = nameOf(thrown);
  if (name === 'KafkaRefusal') return { kind: 'answered', why: messageOf(thrown) };
  if (/^(KafkaJSSASLAuthenticationError|LoginRefused)$/.test(name) || UNSUITABLE.test(messageOf(thrown)))
    return loginTrouble(thrown, given);
  if (name === 'CredentialsProviderError')
    return {
      kind: 'login',
      why: explain(thrown, 'kafka-cluster:Connect', given.clusterArn ?? 'the cluster'),
    };
  if (name === 'KafkaJSConnectionClosedError' || /Not connected|closed by the server/.test(messageOf(thrown)))
    return {
      kind: 'broken',
      why: `${serverOf(given)} closed the connection: it is opened again at the next tick; if it always does so, check authentication and tls`,
    };
  return undefined;
};

/** For the documentation. */
const CLUSTER = 'arn:aws:kafka:us-east-1:123456789012:cluster/shop/0ae1d5b6-3c21-4b0f-9c4a-5f2f1f6a7e11-3';
const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:AmazonMSK_shop-AbCdEf';

export const kafka = defineSource({
  type: 'kafka',
  options,
  reports: ['visible', 'arrivalsPerSecond', 'departuresPerSecond', 'parallelism'],
  permissions: permissionsOf,
  needs:
    'in the VPC of the brokers; the kafka-cluster ones for logins by IAM alone, kafka:GetBootstrapBrokers for clusterArn without bootstrapServers; where the brokers have ACLs, Describe on the topic and the group',
  examples: [
    {
      type: 'kafka',
      bootstrapServers: ['kafka-1.shop.example:9092'],
      topic: 'orders',
      consumerGroup: 'orders',
    },
    { type: 'kafka', clusterArn: CLUSTER, topic: 'orders', consumerGroup: 'orders' },
    {
      type: 'kafka',
      clusterArn: CLUSTER,
      usernameSecret: SECRET,
      passwordSecret: SECRET,
      topic: 'orders',
      consumerGroup: 'orders',
    },
  ],
  server: serverOf,
  connect: async (given, { timeLimitMs }) => {
    const { places, access } = await wayInto(given, timeLimitMs);
    const cluster = await openCluster(places, access, timeLimitMs, serverOf(given));
    const stuck = stuckMemory();
    return {
      read: async (asked, { at }) => {
        const { topic, consumerGroup, excludeStuck } = asked;
        const look = await cluster.look(topic, consumerGroup);
        return sightingOf(look, asked, at, (lagging) =>
          excludeStuck === undefined
            ? new Map()
            : stuck(`${topic} ${consumerGroup}`, at, lagging, excludeStuck),
        );
      },
      close: cluster.close,
    };
  },
  wakeMetric: ({ clusterArn, topic, consumerGroup }) => {
    const [, region, account, cluster] = CLUSTER_ARN.exec(clusterArn ?? '') ?? [];
    // CloudWatch drops the lag of groups whose names it can't write.
    if (cluster === undefined || !/^[\x20-\x39\x3b-\x7e]+$/.test(consumerGroup)) return undefined;
    return {
      ...{ namespace: 'AWS/Kafka', metricName: 'SumOffsetLag', statistic: 'Maximum', region, account },
      dimensions: { 'Cluster Name': cluster, 'Consumer Group': consumerGroup, Topic: topic },
    };
  },
  trouble: troubleOf,
});
