import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { networkAt, type Placement } from './placement.ts';
import { PulseScaler } from './pulse-scaler.ts';
import type { PulseScalerProps } from './pulse-scaler-props.ts';

export interface PulseScalerStackProps extends StackProps, PulseScalerProps {
  /**
   * An existing VPC by its IDs, in place of `vpc`, `subnets` and `securityGroups`.
   *
   * @default - those, or outside any VPC
   */
  readonly placement?: Placement;
  /**
   * An existing topic by its ARN, in place of `alarms`.
   *
   * @default - `alarms`
   */
  readonly alarmTopicArn?: string;
}

/** A {@link PulseScaler} as a stack, with everything an operator needs to know as outputs. */
export class PulseScalerStack extends Stack {
  readonly scaler: PulseScaler;

  constructor(scope: Construct, id: string, props: PulseScalerStackProps) {
    super(scope, id, {
      description: 'Pulsescale: scales ECS services on queue backlog in seconds',
      ...props,
    });
    this.scaler = new PulseScaler(this, 'Scaler', {
      ...props,
      ...networkAt(this, props.placement),
      ...this.alarmsTold(props.alarmTopicArn),
    });
    const { lanes, commands, topic, bucket, subscribeCommand, statusCommand } = this.scaler;
    const output = (name: string, value: string, description: string) =>
      new CfnOutput(this, name, { value, description });

    lanes.forEach(({ laneName, stateMachine }, index) => {
      const nth = index === 0 ? '' : String(index + 1);
      output(`StateMachineArn${nth}`, stateMachine.stateMachineArn, `The loop of lane ${laneName}`);
    });
    commands.forEach(({ lane, start, pause, resume }, index) => {
      const nth = index === 0 ? '' : String(index + 1);
      output(`Start${nth}`, start, `Starts lane ${lane} now; harmless when it runs`);
      output(`Pause${nth}`, pause, `Pauses lane ${lane}`);
      output(`Resume${nth}`, resume, `Resumes lane ${lane}`);
    });
    output('Status', statusCommand, 'Shows all lanes; exits with 0 when every one of them ticks');
    output('TopicArn', topic.topicArn, 'Where scale-outs are announced');
    output('Subscribe', subscribeCommand, 'Sends the announcements to a mailbox');
    if (props.placement?.securityGroupIds.length === 0) {
      const groups = this.scaler.connections.securityGroups.map(({ securityGroupId }) => securityGroupId);
      output('SecurityGroupId', groups.join(), 'Of collect: allow it in the security groups of the brokers');
    }
    output('BucketName', bucket.bucketName, 'Leases and cooldowns');
  }

  private alarmsTold(arn: string | undefined): Pick<PulseScalerProps, 'alarms'> {
    return arn === undefined ? {} : { alarms: { topic: Topic.fromTopicArn(this, 'AlarmTopic', arn) } };
  }
}
