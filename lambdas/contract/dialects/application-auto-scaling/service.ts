/** A scalable target with all that belongs to it, as one service. */
import type { Owner } from '../../source.ts';
import type { Book, Ledger } from '../ledger.ts';
import type { Fields } from '../values.ts';
import { wordsFor } from '../words.ts';
import type { Policy, Target } from './gather.ts';
import { placeIn } from './metrics.ts';
import type { Rule } from './rule.ts';
import { scheduledBy } from './schedule.ts';
import { stepScaling } from './step-scaling.ts';
import { targetTracking } from './target-tracking.ts';

const DIMENSION = 'ecs:service:DesiredCount';
/** What a policy on an ECS service waits by default between two actions. */
const USUAL_COOLDOWN = 300;

const UNSCHEDULED =
  'As long as the schedule is suspended it is left out: translate again when it is not, or write schedule.';

const REMOVE =
  'Two controllers on one service undo each other: deregister this target (delete it from the template) before Pulsescale takes over.';

const IDENTITY = [
  ...['PolicyName', 'PolicyARN', 'PolicyType', 'ScalingTargetId', 'ResourceId', 'ServiceNamespace'],
  ...['ScalableDimension', 'CreationTime', 'Alarms', 'PredictiveScalingPolicyConfiguration'],
];

const pauseIn = (suspended: Ledger): 'in' | 'out' | 'all' | undefined => {
  const isIn = suspended.flag('DynamicScalingInSuspended') === true;
  const isOut = suspended.flag('DynamicScalingOutSuspended') === true;
  return isIn && isOut ? 'all' : isIn ? 'in' : isOut ? 'out' : undefined;
};

const ruleOf = ({ read }: Policy, owner: Owner): Rule | undefined => {
  if (read.has('PredictiveScalingPolicyConfiguration')) {
    read.leaveOut(
      'Predictive scaling has no such equivalent: the policy forecast learns from what the lane sees.',
    );
    return undefined;
  }
  const called = read.text('PolicyName') ?? 'policy';
  read.ignore(...IDENTITY);
  if (!read.has('TargetTrackingScalingPolicyConfiguration')) return undefined;
  const config = read.at('TargetTrackingScalingPolicyConfiguration');
  return targetTracking(config, called, { ...owner, place: placeIn(read.value) });
};

const rulesOf = ({ policies }: Target, owner: Owner): readonly Rule[] => {
  const tracking = policies.map((policy) => ruleOf(policy, owner));
  const steps = policies.filter(({ read }) => read.has('StepScalingPolicyConfiguration'));
  return [...tracking, stepScaling(steps, { ...owner, place: placeIn(steps[0]?.read.value) })].filter(
    (rule) => rule !== undefined,
  );
};

const inSmall = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;

/** The sources of all rules, each once; sources and policies with a name where there are several. */
const named = (rules: readonly Rule[]): Fields => {
  const all = [
    ...new Map(rules.flatMap(({ sources }) => sources).map((each) => [JSON.stringify(each), each])).values(),
  ];
  const keys = all.map((source) => JSON.stringify(source));
  const names = wordsFor(all.map(({ type, metricName }) => inSmall(String(metricName ?? type))));
  const policyNames = wordsFor(
    rules.map(({ called }) => called),
    names,
  );
  const isOne = all.length === 1;
  const policies = rules.map(({ sources, policy }, nth) => {
    const own = sources.map((source) => names[keys.indexOf(JSON.stringify(source))]);
    const isTied = own.length === 1;
    return {
      ...(rules.length === 1 ? {} : { name: policyNames[nth] }),
      ...(isTied && !isOne ? { source: own[0] } : {}),
      ...policy(isTied ? [] : own.map((each) => `${each}.`)),
    };
  });
  return {
    ...(isOne
      ? { source: all[0] }
      : { sources: all.map((source, nth) => ({ name: names[nth], ...source })) }),
    ...(policies.length === 1 ? { policy: policies[0] } : { policies }),
  };
};

const ownerOf = (read: Ledger): Owner | undefined => {
  const resource = read.text('ResourceId') ?? '';
  const [, cluster, service] = /^service\/([^/]+)\/([^/]+)$/.exec(resource) ?? [];
  if (cluster !== undefined && service !== undefined) return { cluster, service };
  read.refuse('ResourceId', 'expected service/CLUSTER/SERVICE');
  return undefined;
};

const ONE_PAUSE =
  'A service has one pause in each direction: of several policies the shortest between scale-outs and the longest between scale-ins.';

const HELD_BACK =
  'There the others scale in without asking this policy; here the highest answer of all wins, so that it may hold them back.';

const BESIDE =
  'Between its alarms a step policy leaves the count as it is, and here the highest answer of all policies wins: the others scale in only when this one does.';

interface Cooldown {
  readonly out: number;
  readonly in: number;
}

const cooldownOf = (rules: readonly Rule[]): Cooldown => ({
  out: Math.min(...rules.map(({ cooldownOut = 0 }) => cooldownOut)),
  in: Math.max(...rules.map(({ cooldownIn = USUAL_COOLDOWN }) => cooldownIn)),
});

/** In what several policies of one service cannot differ here. */
const tellOfSeveral = ({ policies }: Target, rules: readonly Rule[], cooldown: Cooldown): void => {
  const isMixed = rules.some(({ noScaleIn }) => noScaleIn) && !rules.every(({ noScaleIn }) => noScaleIn);
  for (const { read } of policies) {
    const tracking = read.at('TargetTrackingScalingPolicyConfiguration');
    const pauses = [
      ['ScaleOutCooldown', cooldown.out],
      ['ScaleInCooldown', cooldown.in],
    ] as const;
    for (const [key, seconds] of pauses)
      if ((tracking.amount(key) ?? seconds) !== seconds) tracking.note(key, ONE_PAUSE);
    if (isMixed && tracking.flag('DisableScaleIn') === true) tracking.note('DisableScaleIn', HELD_BACK);
    const steps = read.at('StepScalingPolicyConfiguration');
    if (rules.length > 1 && steps.has('StepAdjustments')) steps.note('StepAdjustments', BESIDE);
    if (![undefined, cooldown.out, cooldown.in].includes(steps.amount('Cooldown')))
      steps.note('Cooldown', ONE_PAUSE);
  }
};

/** @returns undefined: not of ECS, or nothing of it has an equivalent; which is told */
export const serviceOf = (target: Target, book: Book): Fields | undefined => {
  const { read } = target;
  const namespace = read.text('ServiceNamespace');
  const dimension = read.text('ScalableDimension') ?? DIMENSION;
  if (namespace !== 'ecs' || dimension !== DIMENSION) {
    read.leaveOut(
      `${namespace} is left out: only the count of an ECS service (${DIMENSION}) is scaled here.`,
    );
    for (const policy of target.policies) policy.read.leaveOut(`It scales ${namespace}, and is left out.`);
    return undefined;
  }
  read.ignore('RoleARN', 'CreationTime', 'ScalableTargetARN', 'PredictedCapacity');
  const owner = ownerOf(read);
  const min = read.whole('MinCapacity');
  const max = read.whole('MaxCapacity');
  if (min === undefined) read.refuse('MinCapacity', 'required, a whole number');
  if (max === undefined) read.refuse('MaxCapacity', 'required, a whole number');
  const suspended = read.at('SuspendedState');
  const pause = pauseIn(suspended);
  const isUnscheduled = suspended.flag('ScheduledScalingSuspended') === true;
  if (owner === undefined || min === undefined || max === undefined) return undefined;
  const problems = book.problems.length;
  const rules = rulesOf(target, owner);
  const { tasks, schedule } = scheduledBy(target.actions, { min, max });
  if (isUnscheduled) suspended.note('ScheduledScalingSuspended', UNSCHEDULED);
  if (schedule.length > 0)
    for (const key of ['MinCapacity', 'MaxCapacity'])
      read.note(key, 'What the scheduled actions set holds in its place.');
  read.note('ResourceId', REMOVE);
  if (rules.length === 0) {
    if (book.problems.length === problems)
      read.note(
        'ResourceId',
        'None of its policies has an equivalent, and the service is left out: it needs a source and a policy.',
      );
    return undefined;
  }
  const cooldown = cooldownOf(rules);
  tellOfSeveral(target, rules, cooldown);
  const calm = Math.min(3600, Math.max(...rules.map((rule) => rule.calm)));
  return {
    ...owner,
    tasks: isUnscheduled ? { min, max } : tasks,
    ...named(rules),
    cooldown: { out: `${cooldown.out}s`, in: `${cooldown.in}s` },
    ...(calm > 0 ? { stabilization: { in: `${calm}s` } } : {}),
    ...(rules.every(({ noScaleIn }) => noScaleIn) ? { disableScaleIn: true } : {}),
    ...(schedule.length > 0 && !isUnscheduled ? { schedule } : {}),
    ...(pause === undefined ? {} : { pause }),
  };
};
