/**
 * Alarms on the queues of a lane that may sleep, and the rules by which EventBridge starts the lane when one of them goes off. No message is
 * taken, and while the lane ticks such a start finds the lease taken and ends at once.
 *
 * Gotchas: CloudWatch sees a message after one to three minutes, so the schedule's look is mostly first; the alarms take over where it is off.
 * The pattern of a rule has at most 2048 characters, which is ten ARNs.
 */
import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { WakeMetric } from '../lambdas/contract/source.ts';

export interface WakeUpProps {
  readonly laneName: string;
  readonly metrics: readonly WakeMetric[];
  readonly stateMachine: IStateMachine;
}

const ALARMS_PER_RULE = 10;

/** Whatever starts a lane that sleeps, besides the schedule. */
export class WakeUp extends Construct {
  constructor(scope: Construct, id: string, { laneName, metrics, stateMachine }: WakeUpProps) {
    super(scope, id);
    const alarms = metrics.map((metric, nth) => this.alarm(nth, laneName, metric));
    for (let nth = 0; nth * ALARMS_PER_RULE < alarms.length; nth += 1) {
      const watched = alarms.slice(nth * ALARMS_PER_RULE, (nth + 1) * ALARMS_PER_RULE);
      new Rule(this, `Rule${nth}`, {
        description: `Pulsescale: wakes lane ${laneName} when it has work`,
        eventPattern: {
          source: ['aws.cloudwatch'],
          detailType: ['CloudWatch Alarm State Change'],
          resources: watched.map(({ alarmArn }) => alarmArn),
          detail: { state: { value: ['ALARM'] } },
        },
        targets: [
          // EventBridge's own event would travel through every state of the execution.
          new SfnStateMachine(stateMachine, { input: RuleTargetInput.fromObject({}) }),
        ],
      });
    }
  }

  private alarm(nth: number, laneName: string, metric: WakeMetric): Alarm {
    const { namespace, metricName, dimensions, statistic } = metric;
    const what = Object.entries(dimensions).map(([name, value]) => `${name} ${value}`);
    return new Alarm(this, `Alarm${nth}`, {
      metric: new Metric({
        ...{ namespace, metricName, dimensionsMap: dimensions, statistic },
        period: Duration.minutes(1),
      }),
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `Pulsescale: there is work for lane ${laneName} (${what.join(', ')}). It starts the lane's loop if that sleeps; nothing is wrong.`,
    });
  }
}
