/** The construct that one uses: everything that Pulsescale needs in an account. */
import { Annotations, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Connections, type IConnectable, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { type LaneCommands, laneCommands, statusCommand, subscribeCommand } from './commands.ts';
import { Lane } from './lane.ts';
import { planLanes } from './plan.ts';
import type { PulseScalerProps } from './pulse-scaler-props.ts';
import type { Network } from './room-function.ts';
import { stateBucket } from './state-bucket.ts';

/** By which a warning is acknowledged. */
const warningId = (warning: string): string =>
  warning.includes('.tls.verify') ? 'pulsescale:unverified-tls' : 'pulsescale:idle';

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
  /** Of every lane; none with `alarms: false`. For actions of one's own. */
  readonly alarms: readonly Alarm[];
  /** Lines for a shell that start, pause and resume each lane. */
  readonly commands: readonly LaneCommands[];
  /** A line for a shell that sends the notices to a mailbox. */
  readonly subscribeCommand: string;
  /** Shows all lanes; for a shell, which sees by its exit code whether one does not tick. */
  readonly statusCommand: string;
  readonly #network: Network | undefined;

  /** @throws ConfigError with every problem of the configuration */
  constructor(scope: Construct, id: string, props: PulseScalerProps) {
    super(scope, id);
    const plan = planLanes(Stack.of(this), props);
    for (const warning of plan.warnings) Annotations.of(this).addWarningV2(warningId(warning), warning);
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
    this.alarms = this.declareAlarms(props);
    this.commands = this.lanes.map((lane) => laneCommands(lane, this.bucket));
    this.subscribeCommand = subscribeCommand(this.topic);
    this.statusCommand = statusCommand(this.bucket);
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

  private declareAlarms({ alarms = true, logLevel = 'INFO' }: PulseScalerProps): readonly Alarm[] {
    if (alarms === false) return [];
    const topic = alarms === true ? undefined : alarms.topic;
    const { lanes, logGroup } = this;
    return new Alarms(this, 'Alarms', { lanes, logGroup, logLevel, topic }).all;
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
