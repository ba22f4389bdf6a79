/** The deployable app as the CDK CLI runs it: a process with its context in the environment. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { packageRoot } from '../../lib/assets.ts';

const folder = mkdtempSync(join(tmpdir(), 'pulsescale-app-'));

const run = (context: Readonly<Record<string, unknown>>, env: Readonly<Record<string, string>> = {}) => {
  const outdir = mkdtempSync(join(folder, 'out-'));
  const { PATH = '' } = process.env;
  const { status, stderr } = spawnSync(process.execPath, ['lib/app.ts'], {
    cwd: packageRoot,
    encoding: 'utf8',
    env: { PATH, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context), ...env },
  });
  const template = (stack = 'Pulsescale') =>
    JSON.parse(readFileSync(join(outdir, `${stack}.template.json`), 'utf8')) as {
      readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: object }>>;
      readonly Outputs: Readonly<Record<string, unknown>>;
    };
  return { status, stderr, template };
};

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const YAML = `
loop: { name: eu }
services:
  - cluster: shop
    service: orders-%(STAGE)
    tasks: { max: 50 }
    source: { type: sqs, queueUrl: "https://sqs.us-east-1.amazonaws.com/123456789012/orders" }
    policy: { type: target, backlogPerTask: 10 }
`;

/** What is said besides the differences of a dialect. */
const trouble = (stderr: string): readonly string[] =>
  stderr.split('\n').filter((line) => line !== '' && !line.startsWith('warning: '));

describe('the app', () => {
  test('without any configuration it is an example, and says so', () => {
    const { status, stderr, template } = run({});
    expect(stderr).toMatch(/no configuration given.*example.*-c config=FILE/);
    expect(status).toBe(0);
    expect(Object.keys(template('PulsescaleExample').Outputs)).toEqual(
      expect.arrayContaining([
        'StateMachineArn',
        'TopicArn',
        'BucketName',
        'Start',
        'Pause',
        'Resume',
        'Status',
        'Subscribe',
      ]),
    );
    expect(JSON.stringify(template('PulsescaleExample').Outputs)).toMatch(
      /aws stepfunctions start-execution --state-machine-arn /,
    );
  });

  test('takes a file, the name of the stack, permission to scale in, and the variables that the file names', () => {
    const { status, stderr, template } = run(
      { config: file('eu.yaml', YAML), stackName: 'ScalerEu', disableScaleIn: 'false' },
      { STAGE: 'prod', UNRELATED: 'not to be deployed' },
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const text = JSON.stringify(template('ScalerEu'));
    expect(text).toContain('"DISABLE_SCALE_IN":"no"');
    expect(text).toContain('"STAGE":"prod"');
    expect(text).not.toContain('not to be deployed');
    expect(text).toContain('service/shop/orders-prod');
  });

  test.each([
    ['left out', {}, 6, undefined],
    ['false', { alarms: 'false' }, 0, undefined],
    [
      'a topic',
      { alarms: 'arn:aws:sns:eu-west-1:123456789012:duty' },
      6,
      ['arn:aws:sns:eu-west-1:123456789012:duty'],
    ],
  ])('alarms %s', (_, context, count, actions) => {
    const { status, template } = run(context);
    expect(status).toBe(0);
    const alarms = Object.values(template('PulsescaleExample').Resources).filter(
      ({ Type }) => Type === 'AWS::CloudWatch::Alarm',
    );
    expect(alarms).toHaveLength(count);
    for (const { Properties } of alarms)
      expect((Properties as { readonly AlarmActions?: unknown }).AlarmActions).toEqual(actions);
  });

  test('alarms that are none of those are refused', () => {
    expect(run({ alarms: 'loud' })).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/alarms: expected true, false or the ARN of a topic, got "loud"/),
    });
  });

  test("takes fast-autoscaler's variables", () => {
    const { status, stderr, template } = run(
      {},
      {
        ECS_CLUSTER: 'shop',
        SERVICE_NAME: 'moved',
        SQS_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders',
        S3_CONFIG_BUCKET: 'old-bucket',
        LOG_LEVEL: 'WARNING',
      },
    );
    expect(status).toBe(0);
    expect(trouble(stderr)).toEqual([]);
    expect(stderr.match(/warning: S3_CONFIG_BUCKET: Read once/g)).toHaveLength(1);
    const text = JSON.stringify(template());
    expect(text).toContain('service/shop/moved');
    expect(text).toContain(':s3:::old-bucket/autoscaling-state/*');
    expect(text).toContain('"LOG_LEVEL":"WARN"');
  });

  const MOVED_FROM_REDIS = {
    ECS_CLUSTER: 'shop',
    SERVICE_NAME: 'moved',
    QUEUE_TYPE: 'redis',
    REDIS_HOST: 'cache.internal',
    REDIS_QUEUE_KEY: 'orders',
  };

  test('puts collect into an existing VPC, in a group of its own that brokers can let in', () => {
    const context = {
      vpcId: 'vpc-0123456789abcdef0',
      subnetIds: 'subnet-0123456789abcdef0, subnet-0123456789abcdef1',
    };
    const { status, stderr, template } = run(context, MOVED_FROM_REDIS);
    expect({ status, trouble: trouble(stderr) }).toEqual({ status: 0, trouble: [] });
    const { Resources, Outputs } = template();
    const placed = Object.entries(Resources).filter(([, resource]) => 'VpcConfig' in resource.Properties);
    expect(placed.map(([name]) => name)).toEqual([expect.stringContaining('Collect')]);
    expect(JSON.stringify(placed)).toContain(
      '"SubnetIds":["subnet-0123456789abcdef0","subnet-0123456789abcdef1"]',
    );
    expect(Outputs).toHaveProperty('SecurityGroupId');
  });

  test("a password that would stand in the template is refused; a secret's ARN is allowed to be read", () => {
    const refused = run({}, { ...MOVED_FROM_REDIS, REDIS_PASSWORD: 'hunter2' });
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/%\(REDIS_PASSWORD\) would stand in the template.*passwordSecret/);
    expect(refused.stderr).not.toContain('hunter2');
    const secret = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:cache-AbCdEf';
    const { status, stderr, template } = run(
      {},
      { ...MOVED_FROM_REDIS, REDIS_PASSWORD_SECRET: `${secret}:pw::` },
    );
    expect({ status, trouble: trouble(stderr) }).toEqual({ status: 0, trouble: [] });
    expect(JSON.stringify(template())).toContain(
      `{"Action":"secretsmanager:GetSecretValue","Effect":"Allow","Resource":"${secret}"}`,
    );
  });

  test('tells every problem of a wrong file, and no stack trace', () => {
    const wrong = file(
      'wrong.yaml',
      YAML.replace('max: 50', 'max: -1').replace('backlogPerTask', 'backlogPerTusk'),
    );
    const { status, stderr } = run({ config: wrong });
    expect(status).toBe(1);
    expect(stderr).toContain('wrong.yaml has');
    expect(stderr).toMatch(/wrong\.yaml:6:14 services\[0\]\.tasks\.max/);
    expect(stderr).toContain('backlogPerTusk');
    expect(stderr).toContain('STAGE');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test.each([
    ['a file that is not there', { config: '/nowhere.yaml' }, /nowhere\.yaml: there is no such file/],
    [
      'a flag that is none',
      { disableScaleIn: 'maybe' },
      /disableScaleIn: expected true or false, got "maybe"/,
    ],
    ['an empty file', { config: file('empty.yaml', '') }, /empty\.yaml: this file is empty/],
    ['a VPC without subnets', { vpcId: 'vpc-1' }, /subnetIds: vpcId and subnetIds go together/],
    ['broken YAML', { config: file('broken.yaml', 'services: [') }, /broken\.yaml:1:12: Flow sequence/],
  ])('%s is refused', (_, context, why) => {
    const { status, stderr } = run(context);
    expect(stderr).toMatch(why);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(status).toBe(1);
  });
});
