/** A stack with one PulseScaler, and what its template allows to whom. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { PulseConfig, PulseScalerProps } from '../../lib/index.ts';
import { PulseScaler } from '../../lib/index.ts';

type Service = PulseConfig['services'][number];

export const orders: Service = {
  cluster: 'shop',
  service: 'orders-worker',
  tasks: { max: 50 },
  source: { type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/orders' },
  policy: { type: 'target', backlogPerTask: 10 },
};

/** Services in numbers: `service-0`, `service-1`, … */
export const manyServices = (count: number): Service[] =>
  Array.from({ length: count }, (_, index) => ({ ...orders, service: `service-${index}` }));

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  /** Flattened: `<LogicalId.Arn>/lanes/*`. */
  readonly Resource: readonly string[];
}

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
}

/** An intrinsic as text: `<Ref>`, `<Id.Attribute>`, joined. */
export const flat = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, never>;
  if (Ref !== undefined) return `<${Ref}>`;
  if (attribute !== undefined) return `<${(attribute as string[]).join('.')}>`;
  const [separator, parts] = join as unknown as [string, unknown[]];
  return parts.map(flat).join(separator);
};

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

export class Synthesised {
  readonly template: Template;
  readonly scaler: PulseScaler;
  readonly #outdir: string;

  constructor(props: PulseScalerProps | ((stack: Stack) => PulseScalerProps)) {
    this.#outdir = mkdtempSync(join(tmpdir(), 'pulsescale-synth-'));
    const stack = new Stack(new App({ outdir: this.#outdir, analyticsReporting: false }), 'Test');
    this.scaler = new PulseScaler(stack, 'Scaler', typeof props === 'function' ? props(stack) : props);
    this.template = Template.fromStack(stack);
  }

  get text(): string {
    return JSON.stringify(this.template.toJSON());
  }

  all(type: string): readonly (readonly [string, Resource])[] {
    return Object.entries(this.template.findResources(type)) as [string, Resource][];
  }

  /** The one resource of a type whose ID contains `part`. */
  the(type: string, part = ''): Resource {
    const found = this.all(type).filter(([id]) => id.includes(part));
    if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} × ${type} ${part}`);
    return found[0][1];
  }

  /** Every statement of every policy. */
  get statements(): readonly Statement[] {
    return [
      'AWS::IAM::Policy',
      'AWS::IAM::ManagedPolicy',
      'AWS::SNS::TopicPolicy',
      'AWS::S3::BucketPolicy',
      'AWS::SQS::QueuePolicy',
    ].flatMap((type) => this.all(type).flatMap(([, resource]) => statementsIn(resource)));
  }

  /** What the role whose ID contains `part` may do. */
  allowedTo(part: string): readonly Statement[] {
    return ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
      this.all(type)
        .filter(([, { Properties }]) => JSON.stringify(Properties['Roles']).includes(part))
        .flatMap(([, resource]) => statementsIn(resource)),
    );
  }

  /** How many characters each policy of a type has, as IAM counts them. */
  policyLengths(type: string): readonly number[] {
    return this.all(type).map(([, resource]) => JSON.stringify(statementsIn(resource)).length);
  }

  /** The configuration that a lane's functions find, by lane. */
  configOf(lane: string): PulseConfig {
    const layer = this.the('AWS::Lambda::LayerVersion', `Lane${lane.replaceAll('-', '')}Config`);
    const { S3Key } = layer.Properties['Content'] as { readonly S3Key: string };
    const file = join(this.#outdir, `asset.${S3Key.replace('.zip', '')}`, 'pulsescale.json');
    return JSON.parse(readFileSync(file, 'utf8')) as PulseConfig;
  }

  /** The variables of a function. */
  environmentOf(part: string): Readonly<Record<string, unknown>> {
    const { Environment } = this.the('AWS::Lambda::Function', part).Properties;
    return (Environment as { readonly Variables: Readonly<Record<string, unknown>> }).Variables;
  }
}

const statementsIn = ({ Properties }: Resource): readonly Statement[] => {
  const { Statement } = Properties['PolicyDocument'] as { readonly Statement: Record<string, unknown>[] };
  return Statement.map(({ Effect, Action, Resource }) => ({
    Effect: Effect as Statement['Effect'],
    Action: list(Action).map(String),
    Resource: list(Resource).map(flat),
  }));
};
