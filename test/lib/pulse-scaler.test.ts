import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { type IVpc, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { definitionFile } from '../../lib/assets.ts';
import type { PulseConfig } from '../../lib/index.ts';
import { flat, manyServices, orders, Synthesised } from './synthesised.ts';

const plain = new Synthesised({ config: { services: [orders] } });

describe('the functions', () => {
  test.each(['Lease', 'Collect', 'Decide', 'Apply'])('%s runs on Node 24 and arm64 and logs JSON', (room) => {
    const { Properties } = plain.the('AWS::Lambda::Function', `default${room}`);
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN', ApplicationLogLevel: 'INFO' },
    });
    expect(plain.environmentOf(`default${room}`)).toMatchObject({
      PULSESCALE_CONFIG_FILE: '/opt/pulsescale.json',
      LOG_LEVEL: 'INFO',
      POWERTOOLS_SERVICE_NAME: room.toLowerCase(),
    });
  });

  test('end before their state does', () => {
    const { States } = JSON.parse(readFileSync(definitionFile, 'utf8'));
    const limits = { Lease: 'AcquireLease', Collect: 'Collect', Decide: 'Decide', Apply: 'Apply' };
    for (const [room, state] of Object.entries(limits)) {
      const { Timeout } = plain.the('AWS::Lambda::Function', `default${room}`).Properties;
      expect(Timeout).toBeLessThan(States[state].TimeoutSeconds);
    }
  });

  test('find the configuration as it was written', () => {
    expect(plain.configOf('default')).toEqual({ loop: { name: 'default' }, services: [orders] });
  });
});

describe('scale-in', () => {
  test('is disabled unless somebody enables it, and only decide is told', () => {
    expect(plain.environmentOf('defaultDecide')['DISABLE_SCALE_IN']).toBe('yes');
    expect(plain.environmentOf('defaultApply')).not.toHaveProperty('DISABLE_SCALE_IN');
    const allowed = new Synthesised({ config: { services: [orders] }, disableScaleIn: false });
    expect(allowed.environmentOf('defaultDecide')['DISABLE_SCALE_IN']).toBe('no');
  });
});

describe('the loop', () => {
  const { Properties } = plain.the('AWS::StepFunctions::StateMachine');

  test('is the file as it is, and every placeholder has its value', () => {
    expect(Properties['DefinitionString']).toBe(readFileSync(definitionFile, 'utf8'));
    const substitutions = Properties['DefinitionSubstitutions'] as Record<string, unknown>;
    const rendered = String(Properties['DefinitionString']).replaceAll(/\$\{(\w+)\}/g, (placeholder, name) =>
      name in substitutions ? flat(substitutions[name]) : placeholder,
    );
    expect(rendered).not.toContain('${');
    expect(() => JSON.parse(rendered)).not.toThrow();
    expect(
      Object.keys(substitutions).every((name) =>
        String(Properties['DefinitionString']).includes(`\${${name}}`),
      ),
    ).toBe(true);
  });

  test('is Express and logs errors without the data of executions', () => {
    expect(Properties).toMatchObject({
      StateMachineType: 'EXPRESS',
      LoggingConfiguration: { Level: 'ERROR', IncludeExecutionData: false },
    });
  });

  test('may call its functions, publish to its topic, start itself, and log', () => {
    const actions = plain
      .allowedTo('LoopRole')
      .map(({ Action, Resource }) => [Action.join(), Resource.length]);
    expect(actions).toEqual(
      expect.arrayContaining([
        ['lambda:InvokeFunction', 4],
        ['sns:Publish', 1],
        ['states:StartExecution', 1],
      ]),
    );
    expect(actions).toHaveLength(4);
  });

  test('is revived every minute with an empty input, once it may hand over', () => {
    const { Properties: rule, DependsOn } = plain.the('AWS::Events::Rule');
    expect(rule).toMatchObject({ ScheduleExpression: 'rate(1 minute)', Targets: [{ Input: '{}' }] });
    expect(DependsOn).toEqual([expect.stringContaining('HandOver')]);
    const lonely = new Synthesised({ config: { services: [orders] }, reviver: false });
    lonely.template.resourceCountIs('AWS::Events::Rule', 0);
  });
});

describe('what is kept', () => {
  test('lies in a private bucket that outlives the stack and never expires a lease', () => {
    plain.template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        VersioningConfiguration: Match.absent(),
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
        LifecycleConfiguration: {
          Rules: Match.not(
            Match.arrayWith([
              Match.objectLike({ ExpirationInDays: Match.anyValue(), Prefix: Match.absent() }),
            ]),
          ),
        },
      },
    });
    new Synthesised({
      config: { services: [orders] },
      removalPolicy: RemovalPolicy.DESTROY,
    }).template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
  });

  test('of fast-autoscaler is read from its own bucket', () => {
    const moved = new Synthesised({ config: { loop: { previousState: 'old-bucket' }, services: [orders] } });
    const reads = moved
      .allowedTo('LeaseRole')
      .filter(({ Resource }) => Resource.some((arn) => arn.includes('old-bucket')));
    expect(reads.map(({ Action }) => Action.join())).toEqual(['s3:GetObject', 's3:ListBucket']);
    expect(reads[0]?.Resource).toEqual(['arn:<AWS::Partition>:s3:::old-bucket/autoscaling-state/*']);
  });
});

describe('the props', () => {
  test('an own topic is taken, a FIFO topic is refused', () => {
    const own = new Synthesised((stack) => ({
      config: { services: [orders] },
      topic: new Topic(stack, 'Mine'),
    }));
    own.template.resourceCountIs('AWS::SNS::Topic', 1);
    expect(own.allowedTo('LoopRole').find(({ Action }) => Action.includes('sns:Publish'))?.Resource).toEqual([
      expect.stringMatching(/^<Mine/),
    ]);
    const fifo = () =>
      new Synthesised((stack) => ({
        config: { services: [orders] },
        topic: new Topic(stack, 'Mine', { fifo: true }),
      }));
    expect(fifo).toThrow(/FIFO/);
  });

  test('only collect enters the VPC', () => {
    const inside = new Synthesised((stack) => ({
      config: { services: [orders] },
      vpc: new Vpc(stack, 'Vpc', { natGateways: 0 }) as IVpc,
    }));
    const attached = inside
      .all('AWS::Lambda::Function')
      .filter(([, { Properties }]) => 'VpcConfig' in Properties);
    expect(attached.map(([id]) => id)).toEqual([expect.stringContaining('Collect')]);
    expect(inside.scaler.connections.securityGroups).toHaveLength(1);
    expect(() => plain.scaler.connections).toThrow(/prop vpc/);
    const lost = () =>
      new Synthesised((stack) => ({
        config: { services: [orders] },
        securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')],
      }));
    expect(lost).toThrow(/prop vpc/);
  });

  test('name, interval and log level win over the configuration', () => {
    const named = new Synthesised({
      config: { loop: { name: 'a', interval: '5s' }, services: [orders] },
      name: 'b',
      interval: Duration.seconds(2),
      logLevel: 'DEBUG',
    });
    expect(named.configOf('b').loop).toEqual({ name: 'b', interval: 2 });
    expect(named.environmentOf('bDecide')['LOG_LEVEL']).toBe('DEBUG');
    expect(named.the('AWS::Lambda::Function', 'bDecide').Properties['LoggingConfig']).toMatchObject({
      ApplicationLogLevel: 'DEBUG',
    });
  });

  test('a wrong configuration is refused with every problem', () => {
    const config = {
      services: [
        { ...orders, tasks: { min: 9, max: 5 }, sorce: {} },
        { ...orders, service: '%(NOBODY)' },
      ],
    };
    expect(() => new Synthesised({ config: config as unknown as PulseConfig })).toThrow(
      /2 problems|3 problems/,
    );
    expect(() => new Synthesised({ config: config as unknown as PulseConfig })).toThrow(
      /NOBODY[\s\S]*sorce|sorce[\s\S]*NOBODY/,
    );
  });

  test.each([null, 'text', [], { loop: 'fast', services: [orders] }])('%p is no configuration', (config) => {
    expect(() => new Synthesised({ config: config as unknown as PulseConfig })).toThrow(
      /has \d problems|has one problem/,
    );
  });

  test('either config or services, not both and not none', () => {
    expect(() => new Synthesised({})).toThrow(/either config or services/);
    expect(() => new Synthesised({ config: { services: [orders] }, services: [] })).toThrow(
      /either config or services/,
    );
  });

  test('%(NAME) goes into the functions with its value', () => {
    const config = { services: [{ ...orders, service: 'orders-%(STAGE)' }] };
    const staged = new Synthesised({ config, environment: { STAGE: 'prod' } });
    expect(staged.configOf('default').services[0]?.service).toBe('orders-%(STAGE)');
    expect(staged.environmentOf('defaultCollect')['STAGE']).toBe('prod');
    expect(
      staged
        .allowedTo('ApplyRole')
        .some(({ Resource }) => Resource.some((arn) => arn.endsWith('shop/orders-prod'))),
    ).toBe(true);
  });

  test('starting may be granted', () => {
    const granted = new Synthesised({ config: { services: [orders] } });
    const role = new Role(granted.scaler, 'Operator', {
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    });
    expect(granted.scaler.grantStart(role).success).toBe(true);
  });
});

describe('more services than a lane carries', () => {
  const big = new Synthesised({ config: { loop: { name: 'eu' }, services: manyServices(101) } });

  test('take several lanes, each with its own machine, functions and configuration', () => {
    big.template.resourceCountIs('AWS::StepFunctions::StateMachine', 2);
    big.template.resourceCountIs('AWS::Lambda::Function', 8);
    expect(big.configOf('eu').services).toHaveLength(100);
    expect(big.configOf('eu-2')).toMatchObject({
      loop: { name: 'eu-2' },
      services: [{ service: 'service-100' }],
    });
    expect(big.scaler.commands.map(({ lane }) => lane)).toEqual(['eu', 'eu-2']);
  });

  test('with the longest names they stay below what IAM takes in one policy', () => {
    const long = (text: string) => text.padEnd(255, '-x');
    const services = manyServices(100).map((each) => ({
      ...each,
      cluster: long('cluster'),
      service: long(each.service),
    }));
    const wide = new Synthesised({ config: { services } });
    for (const length of wide.policyLengths('AWS::IAM::Policy')) expect(length).toBeLessThan(10_240);
    for (const length of wide.policyLengths('AWS::IAM::ManagedPolicy')) expect(length).toBeLessThan(6144);
    const updated = wide
      .allowedTo('ApplyRole')
      .filter(({ Action }) => Action.includes('ecs:UpdateService'))
      .flatMap(({ Resource }) => Resource);
    expect(new Set(updated).size).toBe(100);
  });
});
