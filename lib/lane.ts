/**
 * One lane: four functions with the lane's configuration as a layer, the Express state machine that calls them, the schedule
 * that revives it, and the alarms that wake it where it may sleep.
 *
 * Every lane has functions of its own, because the configuration and the permissions of a function are the lane's.
 * An idle function costs nothing.
 */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Aws, Duration, Stack, Stage, Validations } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Policy } from 'aws-cdk-lib/aws-iam';
import { type ApplicationLogLevel, Architecture, Code, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { definitionFile, type Room } from './assets.ts';
import { movingHosts, seeingHosts } from './capacity-permissions.ts';
import { assertEnvironmentFits } from './environment.ts';
import { allow, bucketObjects, queueActions } from './permissions.ts';
import type { LanePlan } from './plan.ts';
import { type Network, RoomFunction } from './room-function.ts';
import { CORRUPT, LANES, PREVIOUS_STATE } from './state-bucket.ts';
import { WakeUp } from './wake-up.ts';
import { justify } from './wildcards.ts';

const CONFIG_FILE = 'pulsescale.json';

export interface LaneProps {
  readonly plan: LanePlan;
  readonly previousState: string | undefined;
  readonly bucket: Bucket;
  readonly topic: ITopic;
  readonly logGroup: ILogGroup;
  readonly logLevel: keyof typeof ApplicationLogLevel;
  readonly disableScaleIn: boolean;
  readonly reviver: boolean;
  readonly network: Network | undefined;
}

/**
 * CDK takes an ARN with a token in it for 150 characters when it splits a policy that IAM would find too long. Names of
 * clusters and services have up to 255 each.
 */
const longestArn = ({ services }: LanePlan): number =>
  Math.max(150, ...services.map(({ arn }) => arn.length));

/** One chain of executions under one lease. */
export class Lane extends Construct {
  /** The name of the lane, as in its lease, its logs and `pulsescale pause --lane`. */
  readonly laneName: string;
  readonly stateMachine: StateMachine;
  readonly functions: Readonly<Record<Room, RoomFunction>>;
  /** It may sleep for hours without a look: that it does not tick says nothing then. */
  readonly restsUnseen: boolean;

  constructor(scope: Construct, id: string, props: LaneProps) {
    super(scope, id);
    this.laneName = props.plan.name;
    this.node.setContext('@aws-cdk/aws-iam.arnSizeEstimate', longestArn(props.plan));
    this.functions = this.declareFunctions(props);
    this.allowFunctions(props);
    this.stateMachine = this.declareLoop(props);
    const handOver = this.allowHandOver();
    if (props.reviver) this.declareReviver(handOver);
    this.restsUnseen = !props.reviver && props.plan.waking !== undefined;
    this.declareWakeUp(props.plan, handOver);
  }

  /** The configuration as a file in a layer: a file has room for 100 services where an environment has 4 KB. */
  private declareConfig(config: unknown): LayerVersion {
    const folder = join(Stage.of(this)?.assetOutdir ?? 'cdk.out', `pulsescale-config-${this.node.addr}`);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, CONFIG_FILE);
    writeFileSync(file, `${JSON.stringify(config, undefined, 2)}\n`);
    // Lambda reads it as another user, whatever the umask here.
    chmodSync(folder, 0o755);
    chmodSync(file, 0o644);
    return new LayerVersion(this, 'Config', {
      description: `Pulsescale: the configuration of lane ${this.laneName}`,
      code: Code.fromAsset(folder),
      compatibleRuntimes: [Runtime.NODEJS_24_X],
      compatibleArchitectures: [Architecture.ARM_64],
    });
  }

  private declareFunctions(props: LaneProps): Readonly<Record<Room, RoomFunction>> {
    const { bucket, logGroup, logLevel, network, plan } = props;
    const environment = {
      ...plan.environment,
      PULSESCALE_BUCKET: bucket.bucketName,
      PULSESCALE_CONFIG_FILE: `/opt/${CONFIG_FILE}`,
    };
    const decideEnvironment = { ...environment, DISABLE_SCALE_IN: props.disableScaleIn ? 'yes' : 'no' };
    assertEnvironmentFits(plan.name, {
      ...decideEnvironment,
      LOG_LEVEL: logLevel,
      POWERTOOLS_SERVICE_NAME: 'decide',
    });
    const shared = {
      lane: plan.name,
      services: plan.services.length,
      layer: this.declareConfig(plan.config),
      logGroup,
      logLevel,
      environment,
    };
    return {
      lease: new RoomFunction(this, 'Lease', { ...shared, room: 'lease' }),
      collect: new RoomFunction(this, 'Collect', { ...shared, room: 'collect', network }),
      decide: new RoomFunction(this, 'Decide', { ...shared, room: 'decide', environment: decideEnvironment }),
      apply: new RoomFunction(this, 'Apply', { ...shared, room: 'apply' }),
    };
  }

  /** Decide gets nothing: it computes. */
  private allowFunctions({ bucket, plan, previousState }: LaneProps): void {
    const { lease, collect, apply } = this.functions;
    const services = plan.services.map(({ arn }) => arn);
    const { bucketArn } = bucket;

    const leases = bucketObjects(bucketArn, ['s3:GetObject', 's3:PutObject'], LANES);
    const whyLeases = 'Leases are named after lanes, and the lane may come with the input of an execution.';
    const whyPrevious = 'Objects are named after services, which may come with the input of an execution.';

    lease.allow(leases, whyLeases);
    lease.allow(allow(['s3:PutObject'], [`${bucketArn}/${CORRUPT}`]), whyLeases);
    lease.allow(bucketObjects(bucketArn, ['s3:GetObject'], PREVIOUS_STATE), whyPrevious);
    if (previousState !== undefined) {
      const arn = Stack.of(this).formatArn({
        service: 's3',
        region: '',
        account: '',
        resource: previousState,
      });
      lease.allow(bucketObjects(arn, ['s3:GetObject'], PREVIOUS_STATE), whyPrevious);
    }
    lease.allow(
      allow(['application-autoscaling:DescribeScalableTargets'], ['*']),
      'Application Auto Scaling knows no narrower resource for Describe.',
    );
    collect.allow(allow(['ecs:DescribeServices'], services));
    for (const permission of plan.services.flatMap(({ permissions }) => permissions)) {
      const { actions, resources, conditions, reason } = permission;
      collect.allow(allow(actions, resources, conditions), reason);
    }
    for (const queue of new Set(plan.services.flatMap(({ queues }) => queues))) {
      queue.grant(collect, ...queueActions());
    }
    apply.allow(leases, whyLeases);
    apply.allow(allow(['ecs:UpdateService'], services));
    for (const capacity of plan.capacities) {
      const stack = Stack.of(this);
      for (const { statements, reason } of seeingHosts(stack, capacity)) collect.allow(statements, reason);
      for (const { statements, reason } of movingHosts(stack, capacity)) apply.allow(statements, reason);
    }
  }

  private declareLoop({ topic, logGroup }: LaneProps): StateMachine {
    const { lease, collect, decide, apply } = this.functions;
    const loop = new StateMachine(this, 'Loop', {
      stateMachineType: StateMachineType.EXPRESS,
      definitionBody: DefinitionBody.fromString(readFileSync(definitionFile, 'utf8')),
      definitionSubstitutions: {
        LeaseFunctionArn: lease.functionArn,
        CollectFunctionArn: collect.functionArn,
        DecideFunctionArn: decide.functionArn,
        ApplyFunctionArn: apply.functionArn,
        TopicArn: topic.topicArn,
        Partition: Aws.PARTITION,
      },
      // ALL would cost about as much as everything else together, and the execution data is in the functions' logs.
      logs: { destination: logGroup, level: LogLevel.ERROR, includeExecutionData: false },
    });
    const functions = Object.values(this.functions).map(({ functionArn }) => functionArn);
    // Not grantInvoke, which adds `<arn>:*`: the loop calls no version and no alias.
    for (const statement of allow(['lambda:InvokeFunction'], functions)) loop.addToRolePolicy(statement);
    topic.grantPublish(loop);
    justify(loop, ['*'], 'CloudWatch Logs knows no narrower resource for the delivery of logs.');
    Validations.of(loop).acknowledge(
      {
        id: 'AwsSolutions-SF1',
        reason: 'Logging ALL events costs about as much as the whole loop; the functions log each change.',
      },
      {
        id: 'AwsSolutions-SF2',
        reason: 'X-Ray needs rights on "*", and an execution is the same few calls over and over.',
      },
    );
    return loop;
  }

  /** A policy beside the role: inside it, the machine would depend on a policy that depends on the machine. */
  private allowHandOver(): Policy {
    const { role, stateMachineArn } = this.stateMachine;
    return new Policy(this, 'HandOver', {
      roles: [role],
      statements: [...allow(['states:StartExecution'], [stateMachineArn])],
    });
  }

  /** Starts the lane within a minute after a crash. While it lives, a start finds the lease taken and ends at once. */
  private declareReviver(handOver: Policy): void {
    const reviver = new Rule(this, 'Reviver', {
      description: `Pulsescale: revives lane ${this.laneName}`,
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [
        new SfnStateMachine(this.stateMachine, {
          // EventBridge's own event would travel through every state of the execution.
          input: RuleTargetInput.fromObject({}),
          // The next minute tries again anyway.
          maxEventAge: Duration.minutes(1),
          retryAttempts: 1,
        }),
      ],
    });
    // An execution that starts before it may hand over would be the last of its chain.
    reviver.node.addDependency(handOver);
  }

  private declareWakeUp({ waking }: LanePlan, handOver: Policy): void {
    if (waking === undefined || waking.metrics.length === 0) return;
    const { laneName, stateMachine } = this;
    const wakeUp = new WakeUp(this, 'WakeUp', { laneName, stateMachine, metrics: waking.metrics });
    wakeUp.node.addDependency(handOver);
  }
}
