/**
 * What the scalers cost that ours is compared with: for the same services, in the same month. Each by its own published deployment: memory, architecture,
 * schedule and calls are read in its repository, durations are assumed and said. Free tiers are left out, as for ours.
 *
 * `n/a`: whoever runs in a cluster shares its nodes, and a rule on paper has no deployment at all; the reason says what it would take.
 */
import { dollarsOf, type Item } from './bill.ts';
import { type Case, oursDollars } from './ours.ts';
import { MONTH_SECONDS } from './prices.ts';

export interface PeerCost {
  /** As in `bench/scaling/peers`; undefined where it is not among them. */
  readonly peer: string;
  /** For so many services; undefined: there is no such number. */
  readonly items?: (services: number) => readonly Item[];
  readonly why: string;
  readonly source: string;
}

const HOURS = MONTH_SECONDS / 3600;
const MINUTES = MONTH_SECONDS / 60;

/** The sum of an old Standard workflow: so many transitions each so many seconds. */
export const standardLoop = (everySeconds: number, transitions: number): readonly Item[] => [
  {
    what: 'Step Functions, transitions',
    price: 'standardTransition',
    units: (MONTH_SECONDS / everySeconds) * transitions,
  },
];

interface Function {
  readonly runs: number;
  readonly seconds: number;
  readonly gb: number;
  /** Of its own and the platform's three lines (START, END, REPORT). */
  readonly bytesLogged: number;
}

/** A function on x86_64, as it is where nobody asks for another architecture. */
const lambda = ({ runs, seconds, gb, bytesLogged }: Function): readonly Item[] => [
  { what: 'Lambda', price: 'lambdaRequest', units: runs },
  { what: 'Lambda', price: 'lambdaX86GbSecond', units: runs * seconds * gb },
  { what: 'logs', price: 'logGb', units: (runs * bytesLogged) / 1e9 },
];

const alarms = (units: number): Item => ({ what: 'CloudWatch', price: 'alarm', units });

const pods = (vcpu: number, gb: number): string => {
  const dollars = dollarsOf([
    { what: 'pods', price: 'podVcpuHour', units: HOURS * vcpu },
    { what: 'pods', price: 'podGbHour', units: HOURS * gb },
  ]);
  const control = dollarsOf([{ what: 'control plane', price: 'eksHour', units: HOURS }]);
  return `runs in the cluster: its pods ask for ${vcpu} vCPU and ${gb} GB (${dollars.toFixed(2)} USD at Fargate's rates), and EKS's control plane is ${control.toFixed(2)} USD, shared with all that runs there`;
};

const onPaper = {
  why: 'a rule on paper: costs what the loop costs that asks it',
  source: 'AtLarge, "An experimental performance evaluation of autoscalers"',
};

export const peerCosts: readonly PeerCost[] = [
  {
    peer: 'fast-autoscaler',
    // 400 B of the platform, six lines of its own.
    items: (services) => [
      ...lambda({ runs: MINUTES * services, seconds: 0.8, gb: 0.125, bytesLogged: 1300 }),
      { what: 'SQS', price: 'sqsRequest', units: MINUTES * services },
      // Both states are read and one is written when it wants to scale: ten times an hour, as ours.
      { what: 'S3', price: 's3Get', units: 2 * 10 * HOURS * services },
      { what: 'S3', price: 's3Put', units: 10 * HOURS * services },
    ],
    why: 'a function per service and minute, 128 MB; 0.8 s assumed (it makes its clients anew each time)',
    source: 'stepscale/fast-autoscaler examples/ecs-sqs-basic.yaml, autoscaler/main.py, state/s3_state.py',
  },
  {
    peer: 'Serverless ECS Scaler',
    items: (services) => [{ what: 'as documented', price: 'documented', units: 0.86 * services }],
    why: 'as its authors say, for one service',
    source: 'its README (../shared/facts/seeds.md, B)',
  },
  {
    peer: 'aws-fargate-fast-autoscaler',
    items: (services) => standardLoop(3, 4 * services),
    why: `its Standard workflow alone, 4 transitions each 3 s; its function (1,024 MB, the AWS CLI in a shell) adds ${dollarsOf(lambda({ runs: MONTH_SECONDS / 3, seconds: 0.5, gb: 1, bytesLogged: 400 })).toFixed(2)} USD at 0.5 s a run`,
    source: 'aws-samples/aws-fargate-fast-autoscaler src/autoscaler.ts; ../shared/facts/aws.md (a)',
  },
  {
    peer: 'ecs-autoscale',
    items: (services) => [
      ...lambda({
        runs: MINUTES / 5,
        seconds: 1 + 0.2 * services,
        gb: 0.125,
        bytesLogged: 500 + 200 * services,
      }),
      { what: 'CloudWatch', price: 'metricRequest', units: (MINUTES / 5) * services },
    ],
    why: 'one function for all each 5 minutes, 128 MB; 1 s and 0.2 s per service assumed, one CloudWatch statistic per service',
    source: 'structurely/ecs-autoscale README.md, bootstrap.sh',
  },
  {
    peer: 'AWS target tracking, CPU 60 s',
    items: (services) => [alarms(2 * services)],
    why: 'the policy is free; its two alarms per service are not',
    source: 'docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html',
  },
  {
    peer: 'AWS target tracking, CPU 20 s',
    items: (services) => [
      { what: 'CloudWatch', price: 'highResolutionAlarm', units: 2 * services },
      { what: 'CloudWatch', price: 'metric', units: services },
    ],
    why: 'two high-resolution alarms per service, and the metric, billed like detailed monitoring',
    source: 'dev.classmethod.jp/en/articles/ecs-high-resolution-metrics-faster-autoscaling, 2026-06',
  },
  {
    peer: 'AWS target tracking, backlog per task',
    items: (services) => [alarms(2 * 2 * services), { what: 'CloudWatch', price: 'metric', units: services }],
    why: 'at least: two alarms over two metrics each, and RunningTaskCount of Container Insights, which bills its other metrics too',
    source: '../shared/facts/aws.md §3',
  },
  {
    peer: 'AWS step scaling',
    items: (services) => [alarms(4 * services)],
    why: 'two alarms of its steps and two of target tracking on CPU per service (QueueProcessingFargateService)',
    source: '../shared/facts/aws.md §6',
  },
  {
    peer: 'KEDA + HPA',
    why: pods(0.2, 0.2),
    source: 'kedacore/charts values.yaml: operator and metrics server, 100m and 100Mi each',
  },
  {
    peer: 'Knative KPA',
    why: pods(0.6, 0.37),
    source:
      'knative/serving config/core/deployments: activator 300m and 60Mi; autoscaler, controller, webhook 100m and 100Mi each',
  },
  { peer: 'React', ...onPaper },
  { peer: 'Reg', ...onPaper },
  { peer: 'Hist', ...onPaper },
  { peer: 'Adapt', ...onPaper },
];

export interface ScalerDollars {
  /** A month; undefined: there is no such number. */
  readonly dollars: number | undefined;
  readonly why: string;
}

/**
 * What a contestant of `bench/scaling` costs for itself, a month. Whoever is no peer is ours, whatever the policy: they differ in microseconds.
 *
 * @param given of ours: the seconds from tick to tick, and how often it changed the count
 */
export const scalerDollars = (contestant: string, given: Case): ScalerDollars => {
  const cost = peerCosts.find(({ peer }) => peer === contestant);
  if (cost === undefined) return { dollars: oursDollars(given), why: 'bench/cost' };
  const { items, why } = cost;
  return { dollars: items === undefined ? undefined : dollarsOf(items(given.services)), why };
};
