import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { ApplicationLogLevel } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { PulseConfig, ScaledService } from './scaled-service.ts';

/** What a `PulseScaler` scales, and how. Give `config` or `services`. */
export interface PulseScalerProps {
  /**
   * A whole configuration, in the shape of the configuration file. Text may be a CDK token.
   *
   * @default - `services`
   */
  readonly config?: PulseConfig;
  /**
   * The services to scale, as objects of this app or as names.
   *
   * @default - those in `config`
   */
  readonly services?: readonly ScaledService[];
  /**
   * For `services`, as in the configuration file: defaults and EC2 hosts of clusters.
   *
   * @default - none
   */
  readonly clusters?: PulseConfig['clusters'];
  /**
   * For `services`, as in the configuration file: budgets of tasks that they share.
   *
   * @default - none
   */
  readonly groups?: PulseConfig['groups'];
  /**
   * The lane: one chain of executions under one lease. More than 100 services need several: `name`, `name-2`, …
   *
   * @default - `config.loop.name`, else 'default'
   */
  readonly name?: string;
  /**
   * From tick to tick, 1 to 60 whole seconds.
   *
   * @default - `config.loop.interval`, else 5 seconds
   */
  readonly interval?: Duration;
  /**
   * Refuse scale-in for every service, so that a first deployment can only add tasks.
   *
   * @default true
   */
  readonly disableScaleIn?: boolean;
  /**
   * Where scale-outs are announced. Not a FIFO topic.
   *
   * @default - a new topic that takes TLS only
   */
  readonly topic?: ITopic;
  /**
   * The VPC from which sources are read. Only collect runs there, and it needs a way to ECS and SQS (NAT or endpoints).
   *
   * @default - outside any VPC, which is enough for SQS
   */
  readonly vpc?: IVpc;
  /**
   * Where in the VPC.
   *
   * @default - the private subnets
   */
  readonly subnets?: SubnetSelection;
  /**
   * Security groups of collect.
   *
   * @default - one new group, see `connections`
   */
  readonly securityGroups?: readonly ISecurityGroup[];
  /**
   * Variables for `%(NAME)` in the configuration. They show in the template, so no secrets: name those by ARN.
   *
   * @default - none
   */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * What the functions log. A *hold* is DEBUG, a change INFO.
   *
   * @default 'INFO'
   */
  readonly logLevel?: keyof typeof ApplicationLogLevel;
  /**
   * How long logs are kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
  /**
   * Start every lane once a minute: it then runs without being started by hand and survives whatever ends its chain.
   *
   * @default true
   */
  readonly reviver?: boolean;
  /**
   * Alarms for each lane, six at 10 cents a month: not ticking, failing, unknown, at the maximum, a second controller. They tell
   * `topic` when they begin and end; without one they have no action and CloudWatch shows them. A topic with a key of its own needs
   * that key's leave for `cloudwatch.amazonaws.com`.
   *
   * @default true
   */
  readonly alarms?: boolean | { readonly topic: ITopic };
  /**
   * What becomes of the bucket with leases and cooldowns when the stack is deleted.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * What the configuration is called in errors: its file, say.
   *
   * @default 'the configuration of PulseScaler'
   */
  readonly origin?: string;
}
