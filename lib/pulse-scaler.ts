/** The construct that one uses: everything that Pulsescale needs in an account. */
import { type Duration, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  Connections,
  type IConnectable,
  type ISecurityGroup,
  type IVpc,
  SecurityGroup,
  type SubnetSelection,
} from 'aws-cdk-lib/aws-ec2';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ApplicationLogLevel } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { type LaneCommands, laneCommands, subscribeCommand } from './commands.ts';
import { Lane } from './lane.ts';
import { planLanes } from './plan.ts';
import type { Network } from './room-function.ts';
import type { PulseConfig, ScaledService } from './scaled-service.ts';
import { stateBucket } from './state-bucket.ts';

/** What a {@link PulseScaler} scales, and how. Give `config` or `services`. */
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

/**
 * Scales ECS services on the backlog of their queues, every few seconds.
 *
 * ```ts
 * new PulseScaler(this, 'Scaler', {
 *   services: [{ service, queue, tasks: { max: 50 }, policy: { type: 'target', backlogPerTask: 10 } }],
 *   disableScaleIn: false,
 * });
 * ```
 */
export class PulseScaler extends Construct implements IConnectable {
  /** The chains of executions; more than one for more than 100 services. */
  readonly lanes: readonly Lane[];
  /** Where scale-outs are announced. */
  readonly topic: ITopic;
  /** Leases and cooldowns. */
  readonly bucket: Bucket;
  /** The log of everything. */
  readonly logGroup: LogGroup;
  /** Lines for a shell that start, pause and resume each lane. */
  readonly commands: readonly LaneCommands[];
  /** A line for a shell that sends the notices to a mailbox. */
  readonly subscribeCommand: string;
  readonly #network: Network | undefined;

  /** @throws ConfigError with every problem of the configuration */
  constructor(scope: Construct, id: string, props: PulseScalerProps) {
    super(scope, id);
    const plan = planLanes(Stack.of(this), props);
    if (props.topic?.fifo)
      throw new Error('topic: a FIFO topic takes no message without a group: give a standard topic');

    this.topic = props.topic ?? new Topic(this, 'Topic', { displayName: 'Pulsescale', enforceSSL: true });
    this.bucket = stateBucket(this, 'State', props.removalPolicy);
    this.logGroup = new LogGroup(this, 'Log', {
      // Step Functions adds every other log group to one resource policy of the account, which is full soon.
      logGroupName: `/aws/vendedlogs/pulsescale/${Names.uniqueResourceName(this, { maxLength: 200, separator: '-' })}`,
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#network = this.networkOf(props);
    this.lanes = plan.lanes.map(
      (lane) =>
        new Lane(this, `Lane-${lane.name}`, {
          plan: lane,
          environment: plan.environment,
          previousState: plan.previousState,
          bucket: this.bucket,
          topic: this.topic,
          logGroup: this.logGroup,
          logLevel: props.logLevel ?? 'INFO',
          disableScaleIn: props.disableScaleIn ?? true,
          reviver: props.reviver ?? true,
          network: this.#network,
        }),
    );
    this.commands = this.lanes.map((lane) => laneCommands(lane, this.bucket));
    this.subscribeCommand = subscribeCommand(this.topic);
  }

  /** Opens doors for collect: `scaler.connections.allowTo(redis, Port.tcp(6379))`. */
  get connections(): Connections {
    if (this.#network === undefined)
      throw new Error('connections: this PulseScaler is in no VPC: give it the prop vpc');
    return new Connections({ securityGroups: [...this.#network.securityGroups] });
  }

  /** Allows starting every lane by hand. */
  grantStart(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['states:StartExecution'],
      resourceArns: this.lanes.map(({ stateMachine }) => stateMachine.stateMachineArn),
    });
  }

  private networkOf({ vpc, subnets, securityGroups }: PulseScalerProps): Network | undefined {
    if (vpc === undefined) {
      if (subnets === undefined && securityGroups === undefined) return undefined;
      throw new Error('subnets and securityGroups say where in a VPC collect runs: give the prop vpc too');
    }
    const own = () => new SecurityGroup(this, 'SecurityGroup', { vpc, description: 'Pulsescale: collect' });
    return { vpc, subnets, securityGroups: securityGroups ?? [own()] };
  }
}
