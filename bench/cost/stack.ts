/** What the stack really has, as far as it costs anything: read from the template that would be deployed. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Room } from '../../lambdas/log.ts';
import { definitionFile, rooms } from '../../lib/assets.ts';
import { PulseScaler, type PulseScalerProps } from '../../lib/index.ts';

export interface Deployed {
  /** MB. */
  readonly memory: Readonly<Record<Room, number>>;
  readonly architecture: string;
  /** Of Lambda itself: START and REPORT of each invocation are INFO. */
  readonly platformLog: string;
  /** Of Step Functions. */
  readonly workflowLog: string;
  readonly reviver: string;
  readonly retentionDays: number;
  /** The state machine's definition, in bytes. */
  readonly definition: number;
  readonly alarms: number;
  /** Custom metrics that lines of the log become, in hours that have such lines. */
  readonly lineMetrics: number;
}

type Properties = Readonly<Record<string, unknown>>;

const service = (nth: number): NonNullable<PulseScalerProps['services']>[number] => ({
  cluster: 'shop',
  service: `orders-worker-${nth}`,
  tasks: { max: 50 },
  source: { type: 'sqs', queueUrl: `https://sqs.us-east-1.amazonaws.com/123456789012/orders-${nth}` },
});

const inside = (properties: unknown, name: string): string =>
  String((properties as Properties | undefined)?.[name]);

/** With its defaults. @param services in the one lane @throws Error when the rooms have not been built */
export const deployedFor = (services: number): Deployed => {
  const outdir = mkdtempSync(join(tmpdir(), 'pulsescale-cost-'));
  try {
    const stack = new Stack(new App({ outdir, analyticsReporting: false }), 'Cost');
    new PulseScaler(stack, 'Scaler', {
      services: Array.from({ length: services }, (_, nth) => service(nth)),
    });
    const template = Template.fromStack(stack);
    const all = (type: string): readonly Properties[] =>
      Object.values(template.findResources(type)).map((resource) => resource['Properties'] as Properties);
    const functions = all('AWS::Lambda::Function').filter(({ Description }) =>
      String(Description).startsWith('Pulsescale: '),
    );
    const one = (room: Room): Properties => {
      const found = functions.find(({ Description }) =>
        String(Description).startsWith(`Pulsescale: ${room} `),
      );
      if (found === undefined) throw new Error(`the template has no function "${room}"`);
      return found;
    };
    const [loop] = all('AWS::StepFunctions::StateMachine');
    const [rule] = all('AWS::Events::Rule');
    const [group] = all('AWS::Logs::LogGroup');
    return {
      memory: Object.fromEntries(
        rooms.map((room) => [room, Number(one(room)['MemorySize'])]),
      ) as Deployed['memory'],
      architecture: String(one('collect')['Architectures']),
      platformLog: inside(one('collect')['LoggingConfig'], 'SystemLogLevel'),
      workflowLog: inside(loop?.['LoggingConfiguration'], 'Level'),
      reviver: String(rule?.['ScheduleExpression']),
      retentionDays: Number(group?.['RetentionInDays']),
      definition: statSync(definitionFile).size,
      alarms: all('AWS::CloudWatch::Alarm').length,
      lineMetrics: all('AWS::Logs::MetricFilter').length,
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};
