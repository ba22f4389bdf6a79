/**
 * What Fargate asks for a task: on demand, Linux on arm64, us-east-1. The rates are those of AWS's price list as of 2026-09-23, and the
 * same are printed at vantage.sh/blog/fargate-pricing (x86: 0.04048 and 0.004445); https://aws.amazon.com/fargate/pricing/ says that the
 * time counts from the start of the image's download until the task has ended, rounded up to a second.
 *
 * A task that lives less than a minute is billed a whole one; a count of tasks per second can't know that, so who starts tasks and stops
 * them within a minute costs more than the dollars here say.
 */
export const fargateArm = { dollarsPerVcpuHour: 0.03238, dollarsPerGbHour: 0.00356 };

export interface TaskSize {
  readonly vcpu: number;
  readonly gb: number;
}

/** The smallest task that Fargate has: 0.25 vCPU and 0.5 GB, 7.21 dollars for a month of 730 hours. */
export const smallestTask: TaskSize = { vcpu: 0.25, gb: 0.5 };

export const dollarsFor = (taskSeconds: number, { vcpu, gb }: TaskSize = smallestTask): number =>
  (taskSeconds / 3600) * (vcpu * fargateArm.dollarsPerVcpuHour + gb * fargateArm.dollarsPerGbHour);
