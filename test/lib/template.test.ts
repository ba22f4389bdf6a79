/** What holds for the template of every configuration. */
import { describe, expect, test } from '@jest/globals';
import { App, Validations } from 'aws-cdk-lib';
import { type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { AwsSolutionsChecks } from 'cdk-nag';
import fc from 'fast-check';
import { PulseScalerStack } from '../../lib/index.ts';
import { orders, Synthesised } from './synthesised.ts';

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,40}$/);
const account = fc.stringMatching(/^[0-9]{12}$/);
const region = fc.constantFrom('us-east-1', 'eu-central-1', 'cn-north-1', 'us-gov-west-1');

const service = fc
  .record({
    cluster: name,
    service: name,
    queue: name,
    account,
    region,
    max: fc.nat(500),
    byArn: fc.boolean(),
  })
  .map(({ cluster, queue, max, byArn, ...rest }) => ({
    ...orders,
    cluster: byArn ? `arn:aws:ecs:${rest.region}:${rest.account}:cluster/${cluster}` : cluster,
    service: rest.service,
    tasks: { max },
    source: { type: 'sqs', queueUrl: `https://sqs.${rest.region}.amazonaws.com/${rest.account}/${queue}` },
  }));

const services = fc.uniqueArray(service, {
  minLength: 1,
  maxLength: 8,
  selector: (each) => `${each.cluster}/${each.service}`,
});

const synthesised = services.map((list) => ({ list, of: new Synthesised({ config: { services: list } }) }));

/** A synth takes some 50 ms. */
const RUNS = { numRuns: 25 } as const;

describe('whatever the configuration', () => {
  test('no allowed action has a wildcard, and "*" is a resource where AWS knows no other', () => {
    fc.assert(
      fc.property(synthesised, ({ of }) => {
        for (const { Action } of of.statements.filter(({ Effect }) => Effect === 'Allow')) {
          for (const action of Action) expect(action).not.toContain('*');
        }
        const everywhere = of.statements.filter(({ Resource }) => Resource.includes('*'));
        expect(everywhere).toHaveLength(2);
        const actions = everywhere
          .flatMap(({ Action }) => Action)
          .filter((each) => !each.startsWith('logs:'));
        expect(actions).toEqual(['application-autoscaling:DescribeScalableTargets']);
      }),
      RUNS,
    );
  });

  test('a resource with a wildcard in it is a folder of a state bucket', () => {
    fc.assert(
      fc.property(synthesised, ({ of }) => {
        const wild = of.statements
          .filter(({ Effect }) => Effect === 'Allow')
          .flatMap(({ Resource }) => Resource)
          .filter((resource) => resource.includes('*') && resource !== '*');
        for (const resource of wild)
          expect(resource).toMatch(/^<ScalerState\w+\.Arn>\/(lanes|corrupt|autoscaling-state)\/\*$/);
      }),
      RUNS,
    );
  });

  test('decide may write its log and nothing else', () => {
    fc.assert(
      fc.property(synthesised, ({ of }) => {
        expect(of.allowedTo('DecideRole').flatMap(({ Action }) => Action)).toEqual([
          'logs:CreateLogStream',
          'logs:PutLogEvents',
        ]);
      }),
      RUNS,
    );
  });

  test('every service of the configuration, and no other, may be read and updated', () => {
    fc.assert(
      fc.property(synthesised, ({ of, list }) => {
        const wanted = list.map(({ cluster, service }) =>
          cluster.startsWith('arn:')
            ? `${cluster.replace(':cluster/', ':service/')}/${service}`
            : `arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:service/${cluster}/${service}`,
        );
        for (const [role, action] of [
          ['CollectRole', 'ecs:DescribeServices'],
          ['ApplyRole', 'ecs:UpdateService'],
        ] as const) {
          const given = of.allowedTo(role).filter(({ Action }) => Action.includes(action));
          expect(new Set(given.flatMap(({ Resource }) => Resource))).toEqual(new Set(wanted));
        }
      }),
      RUNS,
    );
  });

  test('a secret is never in the template: neither of the configuration nor of a variable', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9]{12,40}$/), (secret) => {
        const config = { services: [{ ...orders, service: 'orders-%(STAGE)' }] };
        const given = { STAGE: 'prod', DB_PASSWORD: secret };
        expect(() => new Synthesised({ config, environment: given })).toThrow(/DB_PASSWORD.*Secrets Manager/);
        expect(() => new Synthesised({ config, environment: given })).not.toThrow(secret);
      }),
      RUNS,
    );
  });
});

describe('cdk-nag', () => {
  const synth = (declare: (app: App) => void): void => {
    const app = new App({ analyticsReporting: false });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    declare(app);
    app.synth();
  };

  test.each([{}, { loop: { previousState: 'old-bucket' } }])('has nothing to say of %p', (more) => {
    const config = { ...more, services: [orders] };
    expect(() => synth((app) => new PulseScalerStack(app, 'Test', { config }))).not.toThrow();
  });

  test('has nothing to say of a PulseScaler in a VPC', () => {
    const inside = (app: App): void => {
      const network = new PulseScalerStack(app, 'Network', { config: { services: [orders] } });
      const vpc = Vpc.fromVpcAttributes(network, 'Vpc', {
        vpcId: 'vpc-0123456789abcdef0',
        availabilityZones: ['a'],
        privateSubnetIds: ['subnet-0123456789abcdef0'],
        privateSubnetRouteTableIds: ['rtb-0123456789abcdef0'],
      }) as IVpc;
      new PulseScalerStack(app, 'Test', { config: { services: [orders] }, vpc });
    };
    expect(() => synth(inside)).not.toThrow();
  });
});
