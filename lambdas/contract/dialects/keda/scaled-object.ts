/** One ScaledObject as one service: what it is, its bounds, its pauses and guards, and around them what its triggers say. */
import type { Owner } from '../../source.ts';
import type { Ledger } from '../ledger.ts';
import type { Fields } from '../values.ts';
import type { Parameter, Parameters } from './authentication.ts';
import { behaviorOf } from './behavior.ts';
import { IDENTITY } from './documents.ts';
import { policiesFor } from './policies.ts';
import { type Triggers, triggersIn } from './triggers.ts';

const SECONDS = { polling: 30, cooldown: 300, longest: 3600 } as const;
/** The most that a count of the HPA has by default. */
const MOST_REPLICAS = 100;
const MOST_WINDOWS = 20;

const WHY = {
  cluster:
    'ECS has clusters where Kubernetes has namespaces: the cluster is taken to be called like the namespace, check it.',
  target: 'The ECS service is taken to be called like the workload, check it.',
  zero: 'KEDA goes from 0 to 1 and leaves the rest to the HPA; here the count goes from 0 to what the load needs at once.',
  cliff:
    'KEDA goes from any count to 0 in one step, so long after the last trigger was active. Here the windows and limits of scale-in hold down to the last task, which goes when nothing was left for so long (emptyFor, 1h at most).',
  polling:
    'Every trigger is read at every tick, and a tick is every 5 s unless loop.interval says otherwise (1s to 60s, for all services of the lane).',
  failing:
    'A trigger that cannot be read never lowers a count here, at 0 neither, and does not stop the others. fallback.tasks would raise it.',
  initial:
    'No equivalent: the time in which nothing must be left for scale to zero begins with the first tick.',
  restore: 'No equivalent: the count stays as it is when the service is taken out of the configuration.',
  hpa: 'No equivalent: there is no HPA here.',
} as const;

const ownerOf = (object: Ledger): Owner => {
  const metadata = object.at('metadata');
  const cluster = metadata.text('namespace') ?? 'default';
  metadata.note('namespace', WHY.cluster);
  metadata.ignore(...IDENTITY);
  object.ignore('apiVersion', 'kind', 'status');
  const target = object.at('spec').at('scaleTargetRef');
  const service = target.text('name');
  if (service === undefined) target.refuse('name', 'required, the workload that is scaled');
  else target.note('name', WHY.target);
  target.ignore('apiVersion', 'kind', 'envSourceContainerName');
  return { cluster, service: service ?? '' };
};

const PAUSED = 'autoscaling.keda.sh/paused';

/** The annotations that pause; the others of KEDA concern its HPA. */
const pauseIn = (annotations: Ledger): { readonly at: number } | 'all' | 'in' | 'out' | undefined => {
  const at = annotations.whole(`${PAUSED}-replicas`);
  const isAll = annotations.flag(PAUSED) === true;
  const isIn = annotations.flag(`${PAUSED}-scale-in`) === true;
  const isOut = annotations.flag(`${PAUSED}-scale-out`) === true;
  for (const key of annotations.keys.filter((each) => !each.startsWith(PAUSED)))
    if (/keda\.sh\//.test(key)) annotations.tell(key, WHY.hpa);
    else annotations.ignore(key);
  if (at !== undefined) {
    if (isAll || isIn || isOut)
      annotations.note(PAUSED, 'Beside paused-replicas it means nothing, there as well.');
    return { at };
  }
  if (isAll || (isIn && isOut)) return 'all';
  return isIn ? 'in' : isOut ? 'out' : undefined;
};

const BEHAVIORS = [
  ...['static', 'currentReplicas', 'currentReplicasIfHigher', 'currentReplicasIfLower'],
  'scalingModifiers',
];

const fallbackIn = (spec: Ledger, max: number): Fields['fallback'] => {
  if (!spec.has('fallback')) {
    spec.note('fallback', WHY.failing);
    return undefined;
  }
  const fallback = spec.at('fallback');
  const threshold = fallback.whole('failureThreshold') ?? 3;
  const replicas = fallback.whole('replicas') ?? 0;
  const behavior = fallback.choice('behavior', BEHAVIORS) ?? 'static';
  const after = threshold * (spec.whole('pollingInterval', 1) ?? SECONDS.polling);
  fallback.note(
    'failureThreshold',
    `There so many failures in a row; here the time that as many polls take, ${after} s.`,
  );
  const hold = behavior === 'currentReplicas' || behavior === 'currentReplicasIfLower';
  const lowers =
    behavior === 'static' || behavior === 'currentReplicasIfLower' || behavior === 'scalingModifiers';
  if (behavior === 'scalingModifiers')
    fallback.note(
      'behavior',
      'No equivalent: a formula cannot leave out the trigger that has failed, so the count is held until the fallback.',
    );
  if (lowers)
    fallback.note(
      'replicas',
      'There the count becomes this number even if it is lower; here what cannot be seen never lowers it: at least so many.',
    );
  if (hold && !lowers) fallback.note('replicas', 'Not looked at, there as well: the present count stays.');
  return { after: `${after}s`, tasks: hold ? 'hold' : { atLeast: Math.min(replicas, max) } };
};

/** A service cannot be without a source; this one has nothing to report and says so: 0. */
const NOTHING: Fields = {
  source: { type: 'cloudwatch', namespace: 'Pulsescale', metricName: 'Nothing', period: '1h', emptyIs: 0 },
  policy: { type: 'formula', tasks: '0' },
};

const advancedIn = (spec: Ledger) => {
  const advanced = spec.at('advanced');
  const hpa = advanced.at('horizontalPodAutoscalerConfig');
  if (hpa.has('name')) hpa.tell('name', WHY.hpa);
  if (advanced.flag('restoreToOriginalReplicaCount') === true)
    advanced.note('restoreToOriginalReplicaCount', WHY.restore);
  return { modifiers: advanced.at('scalingModifiers'), behavior: hpa.at('behavior') };
};

const boundsIn = (spec: Ledger) => {
  const min = spec.whole('minReplicaCount') ?? 0;
  const max = spec.whole('maxReplicaCount') ?? MOST_REPLICAS;
  const idle = spec.whole('idleReplicaCount');
  if (min > max) spec.refuse('minReplicaCount', `${min} is above maxReplicaCount, which is ${max}`);
  if (idle !== undefined && idle !== 0)
    spec.note('idleReplicaCount', 'Only 0 works, there as well: the others are left out.');
  const isIdle = idle === 0 && min > 0;
  return { min: isIdle ? 0 : min, max, whileActive: isIdle ? min : undefined };
};

const wholeSchedule = (spec: Ledger, { schedule }: Triggers): Fields => {
  if (schedule.length > MOST_WINDOWS)
    spec.note('triggers', `Of more than ${MOST_WINDOWS} windows the others are left out.`);
  return schedule.length === 0 ? {} : { schedule: schedule.slice(0, MOST_WINDOWS) };
};

/** @returns undefined: nothing of it can be translated, and every trigger says why */
export const serviceOf = (
  object: Ledger,
  parametersOf: (kind: string, name: string) => Parameters | undefined,
  used: Set<Parameter>,
): Fields | undefined => {
  const owner = ownerOf(object);
  const spec = object.at('spec');
  const { min, max, whileActive } = boundsIn(spec);
  const toZero = min === 0;
  const pause = pauseIn(object.at('metadata').at('annotations'));
  const at = typeof pause === 'object' ? pause.at : undefined;
  if (at !== undefined && (at < min || at > max))
    object
      .at('metadata')
      .at('annotations')
      .note(
        `${PAUSED}-replicas`,
        `Outside the bounds ${min} to ${max}, which are widened for it: restore them when the pause ends.`,
      );
  const tasks = { min: Math.min(min, at ?? min), max: Math.max(max, at ?? max) };
  const { modifiers, behavior } = advancedIn(spec);
  const { guards, tolerance } = behaviorOf(behavior);
  const found = triggersIn(spec, { owner, max, toZero, parametersOf, used });
  spec.note('pollingInterval', WHY.polling);
  spec.ignore('pollingInterval');
  const cooldown = spec.whole('cooldownPeriod') ?? SECONDS.cooldown;
  if (toZero) {
    spec.note('cooldownPeriod', WHY.cliff);
    spec.note('minReplicaCount', WHY.zero);
  } else if (spec.has('cooldownPeriod'))
    spec.note('cooldownPeriod', 'Without scale to zero it means nothing, there as well.');
  if (spec.has('initialCooldownPeriod')) spec.tell('initialCooldownPeriod', WHY.initial);
  const fallback = fallbackIn(spec, max);
  const load =
    found.loads.length === 0
      ? NOTHING
      : policiesFor(found.loads, modifiers, { tolerance, whileActive, toZero });
  if (found.loads.length === 0) {
    if (found.schedule.length === 0) return undefined;
    spec.note(
      'triggers',
      'Windows alone need no source, and a service here has one: CloudWatch is asked once an hour for a metric that does not exist, which counts as 0.',
    );
    modifiers.ignore('formula', 'target', 'metricType', 'activationTarget');
  }
  return {
    ...owner,
    tasks,
    ...load,
    // The HPA knows no pause between two actions: its windows are what keeps the count calm.
    cooldown: { out: '0s', in: '0s' },
    ...guards,
    ...(toZero ? { emptyFor: `${Math.min(cooldown, SECONDS.longest)}s` } : {}),
    ...(fallback === undefined ? {} : { fallback }),
    ...wholeSchedule(spec, found),
    ...(pause === undefined ? {} : { pause }),
  };
};
