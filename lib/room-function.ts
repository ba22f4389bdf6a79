/** One room of the loop as a Lambda function with a role of its own. */
import { Duration, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  type LayerVersion,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { bundleOf, type Room } from './assets.ts';
import { TIME_LIMITS } from './time-limits.ts';
import { justify } from './wildcards.ts';

/** Where collect runs when its sources are inside a VPC. */
export interface Network {
  readonly vpc: IVpc;
  readonly subnets?: SubnetSelection | undefined;
  readonly securityGroups: readonly ISecurityGroup[];
}

export interface RoomProps {
  readonly room: Room;
  readonly lane: string;
  /** How many services the lane has. */
  readonly services: number;
  readonly layer: LayerVersion;
  readonly logGroup: ILogGroup;
  readonly logLevel: keyof typeof ApplicationLogLevel;
  readonly environment: Readonly<Record<string, string>>;
  readonly network?: Network | undefined;
}

/**
 * In MB, and it is also CPU: a room that loads an SDK client starts in half the time with twice as much. After 1,000 readings collect takes 170 MB with
 * the clients of all ten kinds of source; lease and apply take 100. The lease is called every minute, so it hardly ever starts; decide loads no client.
 */
const MEMORY: Readonly<Record<Room, number>> = { lease: 160, collect: 208, decide: 128, apply: 256 };

/**
 * Collect reads up to 100 services at once, each within 2 s. That takes 0.4 ms of CPU each (`bench/cost/durations.ts`), 150 ms for a full lane
 * with 512 MB. With up to ten services it only waits for the answers, and that costs by the megabyte: 8 cents a month less at 5 s.
 */
const FEW_SERVICES = 10;

const sizeOf = (room: Room, services: number) => ({
  memorySize: room === 'collect' && services > FEW_SERVICES ? 512 : MEMORY[room],
  timeout: Duration.seconds(TIME_LIMITS[room]),
});

/** Lambda attaches a function to a VPC with the function's own role; these are AWS's documented minimum. */
const allowNetworkInterfaces = (role: Role): void => {
  const interfaces = Stack.of(role).formatArn({ service: 'ec2', resource: '*', resourceName: '*' });
  const look = ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'];
  const change = ['Create', 'Delete'].map((verb) => `ec2:${verb}NetworkInterface`);
  const address = ['Assign', 'Unassign'].map((verb) => `ec2:${verb}PrivateIpAddresses`);
  role.addToPolicy(new PolicyStatement({ actions: look, resources: ['*'] }));
  role.addToPolicy(new PolicyStatement({ actions: [...change, ...address], resources: [interfaces] }));
  justify(role, ['*'], 'EC2 knows no narrower resource for Describe.');
  justify(role, [interfaces], 'The interfaces that Lambda makes have no name before they exist.');
};

const roleOf = (scope: Construct, id: string, { room, lane, logGroup, network }: RoomProps): Role => {
  const role = new Role(scope, `${id}Role`, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: `Pulsescale: ${room} of lane ${lane}`,
  });
  // In place of AWSLambdaBasicExecutionRole, which may write to every log group of the account.
  logGroup.grantWrite(role);
  if (network !== undefined) allowNetworkInterfaces(role);
  return role;
};

const placeOf = (network: Network | undefined) =>
  network === undefined
    ? {}
    : {
        vpc: network.vpc,
        securityGroups: [...network.securityGroups],
        ...(network.subnets === undefined ? {} : { vpcSubnets: network.subnets }),
      };

/** The function of one room. It may write its log; whatever else it may do is for its lane to say. */
export class RoomFunction extends LambdaFunction {
  override readonly role: Role;

  constructor(scope: Construct, id: string, props: RoomProps) {
    const { room, lane, services, layer, logGroup, logLevel, network } = props;
    const role = roleOf(scope, id, props);
    super(scope, id, {
      description: `Pulsescale: ${room} of lane ${lane}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(bundleOf(room)),
      handler: 'index.handler',
      ...sizeOf(room, services),
      role,
      layers: [layer],
      logGroup,
      // Platform lines of every invocation would be the largest part of the logs at this pace.
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      // Lambda filters by this level too, and by INFO unless told: a LOG_LEVEL of DEBUG alone would change nothing.
      applicationLogLevelV2: ApplicationLogLevel[logLevel],
      environment: { ...props.environment, LOG_LEVEL: logLevel, POWERTOOLS_SERVICE_NAME: room },
      ...placeOf(network),
    });
    this.role = role;
  }

  /**
   * Adds statements to the function's role.
   *
   * @param reason why resources have a wildcard; one sentence
   */
  allow(statements: readonly PolicyStatement[], reason?: string): void {
    for (const statement of statements) {
      this.role.addToPolicy(statement);
      if (reason !== undefined) justify(this.role, statement.resources, reason);
    }
  }
}
