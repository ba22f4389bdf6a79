/**
 * What wakes an operator: six alarms for each lane. Two of them watch metrics that AWS keeps anyway, the others lines of the functions' log
 * that a quiet lane never prints. A metric is made of those lines by one filter for all lanes (a log group takes 100), with the lane as its
 * dimension and without a default value: it costs nothing in an hour without such a line, and an alarm without data is fine.
 *
 * Gotchas: decide is what is counted for *not ticking*, since it runs only when a lease was had and collect has answered. A paused lane does not
 * tick either, and its alarm says so; one that sleeps decides at each look, and where nobody looks it has no such alarm. Lines about what lasts come once per execution, about a minute apart and longer where a hand-over
 * fails, so their alarms look back five minutes; one about a second controller comes every ten minutes. CloudWatch looks at an alarm
 * once a minute, whatever its period (sliding window, "Alarm evaluation").
 */
import { Annotations, Aws, Duration, Names } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  FilterPattern,
  type IFilterPattern,
  type ILogGroup,
  type JsonPattern,
  MetricFilter,
} from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Lane } from './lane.ts';

const line = (message: string): JsonPattern => FilterPattern.stringValue('$.message', '=', message);

/** By the name of the metric: the lines that it counts, as the rooms print them. */
const LINES = {
  SourceUnknown: line('source unknown'),
  AtMax: line('at max'),
  TwoControllers: line('two controllers'),
  // What a pause or a stale term keeps from being applied is no ERROR.
  Failures: FilterPattern.any(
    FilterPattern.all(line('not applied'), FilterPattern.stringValue('$.level', '=', 'ERROR')),
    line('the tick before this one failed'),
  ),
} satisfies Readonly<Record<string, IFilterPattern>>;
type MetricName = keyof typeof LINES;

/** Levels with which those lines are not written. */
const TOO_QUIET: readonly string[] = ['ERROR', 'FATAL'];

export interface AlarmsProps {
  readonly lanes: readonly Lane[];
  readonly logGroup: ILogGroup;
  readonly logLevel: string;
  /** Told of every alarm and of its end; undefined: the console shows them, and that is all. */
  readonly topic: ITopic | undefined;
}

interface Watched {
  readonly metric: IMetric;
  /** Fewer than one is the trouble, and so is no data; else one or more are. */
  readonly missed?: boolean;
  /** So many of the last so many periods; 1 of 1 unless given. */
  readonly periods?: readonly [bad: number, of: number];
  /** What has happened and what to do about it. */
  readonly description: string;
}

const MINUTE = Duration.minutes(1);
const FEW_MINUTES = Duration.minutes(5);

/** The alarms of all lanes. */
export class Alarms extends Construct {
  readonly all: readonly Alarm[];
  readonly #namespace: string;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { lanes, logGroup, logLevel, topic } = props;
    // Two stacks may have lanes of the same name.
    this.#namespace = `Pulsescale/${Names.uniqueResourceName(scope, { maxLength: 200, separator: '-' })}`;
    for (const [metricName, filterPattern] of Object.entries(LINES)) {
      new MetricFilter(this, metricName, {
        logGroup,
        filterPattern,
        metricNamespace: this.#namespace,
        metricName,
        metricValue: '1',
        dimensions: { lane: '$.lane' },
      });
    }
    if (TOO_QUIET.includes(logLevel)) {
      Annotations.of(scope).addWarningV2(
        'pulsescale:blind-alarms',
        `with logLevel ${logLevel} the lines are not written that most alarms wait for: use WARN, or alarms: false`,
      );
    }
    if (topic !== undefined) allowAlarms(topic);
    this.all = lanes.flatMap((lane) => this.alarmsOf(lane, logGroup));
    if (topic === undefined) return;
    for (const alarm of this.all) {
      alarm.addAlarmAction(new SnsAction(topic));
      alarm.addOkAction(new SnsAction(topic));
    }
  }

  private alarmsOf(lane: Lane, { logGroupName }: ILogGroup): readonly Alarm[] {
    const name = lane.laneName;
    const count = (metricName: MetricName, period: Duration): IMetric =>
      new Metric({
        namespace: this.#namespace,
        metricName,
        dimensionsMap: { lane: name },
        statistic: Stats.SUM,
        period,
      });
    const see = (message: string): string => `The lines "${message}" in ${logGroupName} say`;
    const watched: Readonly<Record<string, Watched>> = {
      NotTicking: {
        metric: lane.functions.decide.metricInvocations({ statistic: Stats.SUM, period: MINUTE }),
        missed: true,
        periods: [3, 3],
        description: `Lane ${name} has decided nothing for 3 minutes: it is paused, or was never started, or cannot run. Resume or start it with the command in the outputs of this stack; "npx pulsescale status" and the errors in ${logGroupName} say what is wrong. Until then its services keep their counts.`,
      },
      ExecutionFailed: {
        metric: lane.stateMachine.metricFailed({ statistic: Stats.SUM, period: FEW_MINUTES }),
        description: `An execution of lane ${name} has failed. ConfigError: correct the configuration. StoreError: it cannot reach the bucket. HandOverError: it could not start the next one, so look at the state machine's permissions and at the limits of Step Functions; the schedule revives the lane within two minutes. See ${logGroupName}.`,
      },
      Failing: {
        metric: count('Failures', MINUTE),
        periods: [3, 5],
        description: `Lane ${name} decides, but in 3 of 5 minutes changes could not be made or ticks failed. ${see('not applied')} why (outcome.error), and so do "the tick before this one failed": mostly a permission or a service that is gone.`,
      },
      SourceUnknown: {
        metric: count('SourceUnknown', FEW_MINUTES),
        description: `Lane ${name} has not seen a service's load or counts for 5 minutes; nobody scales it in meanwhile. ${see('source unknown')} which, and the line "unknown" before them says why and what to do.`,
      },
      AtMax: {
        metric: count('AtMax', FEW_MINUTES),
        description: `A service of lane ${name} has been at its maximum for 10 minutes and there is still work. ${see('at max')} which: raise tasks.max, or find out what keeps its tasks.`,
      },
      TwoControllers: {
        metric: count('TwoControllers', Duration.minutes(15)),
        description: `Somebody else moves what lane ${name} moves, and both undo each other's work: Application Auto Scaling, another lane, or a capacity provider with managed scaling. ${see('two controllers')} who, and what ends it.`,
      },
    };
    return Object.entries(watched)
      .filter(([id]) => id !== 'NotTicking' || !lane.restsUnseen)
      .map(([id, each]) => this.alarm(`${name}-${id}`, each));
  }

  private alarm(
    id: string,
    { metric, missed = false, periods: [bad, of] = [1, 1], description }: Watched,
  ): Alarm {
    return new Alarm(this, id, {
      metric,
      threshold: 1,
      comparisonOperator: missed
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: of,
      datapointsToAlarm: bad,
      treatMissingData: missed ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      alarmDescription: description,
    });
  }
}

/** A topic with a policy of its own, one that takes TLS only say, has lost the default one that lets the account's alarms in. */
const allowAlarms = (topic: ITopic): void => {
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  );
};
