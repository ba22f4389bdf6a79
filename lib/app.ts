/**
 * The deployable app: one stack.
 *
 * - `-c config=PATH`: a file or a folder, our own shape or a dialect; without it the environment variables of the scalers that are
 *   configured so (fast-autoscaler's, say), without those an example
 * - `-c disableScaleIn=false`: let it scale in
 * - `-c alarms=false`: none; `-c alarms=ARN`: tell this SNS topic of them
 * - `-c vpcId=vpc-1 -c subnetIds=subnet-1,subnet-2`: read brokers in this VPC; `-c securityGroupIds=sg-1`: as a member of
 *   these groups, else of a new one
 * - `-c stackName=NAME`: more than one of it in an account
 */
import { App } from 'aws-cdk-lib';
import { ConfigError } from '../lambdas/contract/errors.ts';
import { findConfig } from './config-source.ts';
import { referencedIn } from './environment.ts';
import type { PulseScalerProps } from './pulse-scaler-props.ts';
import type { PulseConfig } from './scaled-service.ts';
import { PulseScalerStack, type PulseScalerStackProps } from './stack.ts';

const YES = ['true', 'yes', '1'];
const NO = ['false', 'no', '0'];

const flag = (app: App, name: string, expected = 'true or false'): boolean | undefined => {
  const given: unknown = app.node.tryGetContext(name);
  if (given === undefined) return undefined;
  const text = String(given).toLowerCase();
  if (YES.includes(text)) return true;
  if (NO.includes(text)) return false;
  throw new ConfigError(
    [{ path: name, message: `expected ${expected}, got "${given}"` }],
    'the context (-c)',
  );
};

const text = (app: App, name: string): string | undefined => {
  const given: unknown = app.node.tryGetContext(name);
  if (given === undefined || (typeof given === 'string' && given !== '')) return given;
  throw new ConfigError(
    [{ path: name, message: `expected text, got ${JSON.stringify(given)}` }],
    'the context (-c)',
  );
};

const texts = (app: App, name: string): readonly string[] =>
  (text(app, name) ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);

const placement = (app: App): Pick<PulseScalerStackProps, 'placement'> => {
  const vpcId = text(app, 'vpcId');
  const subnetIds = texts(app, 'subnetIds');
  const securityGroupIds = texts(app, 'securityGroupIds');
  if (vpcId !== undefined && subnetIds.length > 0)
    return { placement: { vpcId, subnetIds, securityGroupIds } };
  if (vpcId === undefined && subnetIds.length + securityGroupIds.length === 0) return {};
  const missing = vpcId === undefined ? 'vpcId' : 'subnetIds';
  const message = 'vpcId and subnetIds go together: -c vpcId=vpc-1 -c subnetIds=subnet-1,subnet-2';
  throw new ConfigError([{ path: missing, message }], 'the context (-c)');
};

const alarms = (app: App): Pick<PulseScalerStackProps, 'alarms' | 'alarmTopicArn'> => {
  const given: unknown = app.node.tryGetContext('alarms');
  if (typeof given === 'string' && given.startsWith('arn:')) return { alarmTopicArn: given };
  const wanted = flag(app, 'alarms', 'true, false or the ARN of a topic');
  return wanted === undefined ? {} : { alarms: wanted };
};

const LOG_LEVELS: Readonly<Record<string, PulseScalerProps['logLevel']>> = {
  TRACE: 'TRACE',
  DEBUG: 'DEBUG',
  INFO: 'INFO',
  WARN: 'WARN',
  WARNING: 'WARN',
  ERROR: 'ERROR',
  CRITICAL: 'FATAL',
  FATAL: 'FATAL',
};

const logLevel = (env: NodeJS.ProcessEnv): Pick<PulseScalerProps, 'logLevel'> => {
  const given = env['LOG_LEVEL'];
  if (given === undefined || given === '') return {};
  const level = LOG_LEVELS[given.toUpperCase()];
  if (level !== undefined) return { logLevel: level };
  const message = `expected one of ${Object.keys(LOG_LEVELS).join(', ')}, got "${given}"`;
  throw new ConfigError([{ path: 'LOG_LEVEL', message }], 'the environment');
};

const declare = (app: App, env: NodeJS.ProcessEnv): void => {
  const { raw, origin, isExample, locate, warnings, variables } = findConfig(text(app, 'config'), env);
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  if (isExample) {
    process.stderr.write(
      'pulsescale: no configuration given, so this is an example (service orders-worker of cluster shop). ' +
        'Give yours with -c config=FILE, or with ECS_CLUSTER, SERVICE_NAME and so on in the environment.\n',
    );
  }
  const disableScaleIn = flag(app, 'disableScaleIn');
  const props: PulseScalerStackProps = {
    // What it is is for the construct to find out: it validates.
    config: raw as PulseConfig,
    origin,
    environment: referencedIn(raw, { ...env, ...variables }),
    ...(disableScaleIn === undefined ? {} : { disableScaleIn }),
    ...placement(app),
    ...alarms(app),
    ...logLevel(env),
  };
  try {
    new PulseScalerStack(
      app,
      text(app, 'stackName') ?? (isExample ? 'PulsescaleExample' : 'Pulsescale'),
      props,
    );
  } catch (thrown) {
    throw thrown instanceof ConfigError ? locate(thrown) : thrown;
  }
};

const app = new App();
try {
  declare(app, process.env);
  app.synth();
} catch (thrown) {
  if (!(thrown instanceof ConfigError)) throw thrown;
  process.stderr.write(`${thrown.message}\n`);
  process.exitCode = 1;
}
