/**
 * The Horizontal Pod Autoscaler v2 for one metric with an average value, as kube-controller-manager computes it (kubernetes/kubernetes
 * pkg/controller/podautoscaler/{replica_calculator,horizontal}.go): the metric says a count, the windows of both directions smooth it, the
 * policies bound the step.
 *
 * Gotchas that are kept: the tolerance compares with the present count, so 3 tasks stay 3 from 2.7 to 3.3 tasks' worth of messages, but 1 goes
 * out at 1.11; what is remembered is what the metric said, neither smoothed nor bounded; the count of the first look stands for what was asked for
 * before it; a change that is exactly as old as a period has left it.
 *
 * An HPA without any `behavior` takes max(2 × count, 4) as its bound instead of + 4 or + 100 %: the documented one, used here, is a
 * task more from 1.
 */
interface Policy {
  readonly kind: 'tasks' | 'percent';
  readonly value: number;
  readonly seconds: number;
}

interface Rules {
  readonly windowSeconds: number;
  /** Which of the policies counts: the one that allows the largest change, or the smallest. */
  readonly select: 'max' | 'min';
  readonly policies: readonly Policy[];
}

export interface Behaviour {
  readonly out: Rules;
  readonly in: Rules;
}

export const DEFAULTS: Behaviour = {
  out: {
    windowSeconds: 0,
    select: 'max',
    policies: [
      { kind: 'percent', value: 100, seconds: 15 },
      { kind: 'tasks', value: 4, seconds: 15 },
    ],
  },
  in: { windowSeconds: 300, select: 'max', policies: [{ kind: 'percent', value: 100, seconds: 15 }] },
};

export interface Tolerance {
  readonly out: number;
  readonly in: number;
}

const TOLERANCE: Tolerance = { out: 0.1, in: 0.1 };

/** How many tasks a metric of `total`, `target` for each task, asks for. */
export const averageValue = (
  total: number,
  target: number,
  current: number,
  tolerance = TOLERANCE,
): number => {
  const ratio = total / (target * current);
  if (current > 0 && 1 - tolerance.in <= ratio && ratio <= 1 + tolerance.out) return current;
  return Math.ceil(total / target);
};

/** A recommendation, or a change of the count: positive out, negative in. */
export interface Moment {
  readonly at: number;
  readonly count: number;
}

const within = (moments: readonly Moment[], now: number, seconds: number): readonly number[] =>
  moments.filter(({ at }) => at > now - seconds).map(({ count }) => count);

/** Out to the lowest of the recommendations in the window of out, in to the highest in that of in, `wish` included; else as it is. */
export const stabilized = (
  current: number,
  wish: number,
  { out, in: inwards }: Behaviour,
  recommendations: readonly Moment[],
  now: number,
): number => {
  const lowest = Math.min(wish, ...within(recommendations, now, out.windowSeconds));
  const highest = Math.max(wish, ...within(recommendations, now, inwards.windowSeconds));
  if (current < lowest) return lowest;
  return Math.min(current, highest);
};

/** As near to `wish` as the policies allow. Percentages in integers: 10 and 10 % more are 11, where binary fractions make 12. */
export const limited = (
  current: number,
  wish: number,
  behaviour: Behaviour,
  changes: readonly Moment[],
  now: number,
): number => {
  const outwards = wish > current;
  const { policies, select } = outwards ? behaviour.out : behaviour.in;
  const bounds = policies.map(({ kind, value, seconds }) => {
    const start = current - within(changes, now, seconds).reduce((sum, change) => sum + change, 0);
    if (kind === 'tasks') return outwards ? start + value : start - value;
    return outwards ? Math.ceil((start * (100 + value)) / 100) : Math.trunc((start * (100 - value)) / 100);
  });
  const bound = (select === 'max') === outwards ? Math.max(...bounds) : Math.min(...bounds);
  return outwards ? Math.min(wish, Math.max(bound, current)) : Math.max(wish, Math.min(bound, current));
};

const longest = ({ out, in: inwards }: Behaviour): number =>
  Math.max(
    ...[out.windowSeconds, inwards.windowSeconds],
    ...[...out.policies, ...inwards.policies].map(({ seconds }) => seconds),
  );

interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** Takes the time, the present count and the metric, gives the new count. To be asked every 15 s, the default of its manager. */
export const hpa = (
  target: number,
  behaviour: Behaviour,
  { min, max }: Bounds,
): ((now: number, current: number, total: number) => number) => {
  let recommendations: readonly Moment[] | undefined;
  let changes: readonly Moment[] = [];
  const recent = (moments: readonly Moment[], now: number) =>
    moments.filter(({ at }) => at > now - longest(behaviour));
  return (now, current, total) => {
    recommendations ??= [{ at: now, count: current }];
    const wish = averageValue(total, target, current);
    const smooth = stabilized(current, wish, behaviour, recommendations, now);
    recommendations = [...recent(recommendations, now), { at: now, count: wish }];
    const to = Math.min(max, Math.max(min, limited(current, smooth, behaviour, changes, now)));
    changes = recent(changes, now);
    if (to !== current) changes = [...changes, { at: now, count: to - current }];
    return to;
  };
};
