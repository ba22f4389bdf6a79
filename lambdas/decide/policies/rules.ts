/**
 * ecs-autoscale's rule (`shared/facts/seeds.md`, system C): the first event whose metric lies in its range, both ends included, changes
 * the count by its action, within the service's bounds. An event that wants to go past a bound at which the count is already
 * is passed over; one with the action 0 holds the count, and those after it are not asked. A count outside the bounds is brought
 * to the nearest one first, whatever the events say.
 *
 * It was made for one decision a minute or so. At a tick of seconds it would add its tasks again at every tick while the first
 * ones still start, hence `adds`, which the guard `starting` works on; between two scale-ins lies the cooldown.
 *
 * An event whose metric can't be worked out may be the one that holds. Those after it may still scale out, and never in:
 * ecs-autoscale stops there instead, and so keeps too few tasks while one of its sources is down.
 */
import type { PolicyOf } from '../../contract/policies.ts';
import type { Recommendation, Situation } from './policy.ts';

type Event = PolicyOf<'rules'>['events'][number];

const holds = (value: number, { min, max }: Event): boolean =>
  (min === undefined || value >= min) && (max === undefined || value <= max);

const rangeOf = ({ min, max }: Event): string => {
  if (min === undefined) return max === undefined ? 'whatever it is' : `at most ${max}`;
  return max === undefined ? `at least ${min}` : `from ${min} to ${max}`;
};

const changed = (from: number, action: number): string =>
  action === 0 ? `${from}` : `${from} ${action < 0 ? '-' : '+'} ${Math.abs(action)}`;

const clamp = (count: number, { min, max }: Situation['tasks']): number =>
  Math.max(min, Math.min(max, count));

const MOST_TOLD = 3;
const told = (sentences: readonly string[]): string => {
  const different = [...new Set(sentences)];
  return different.slice(0, MOST_TOLD).join(', ') + (different.length > MOST_TOLD ? ', …' : '');
};

export const rules = ({ events }: PolicyOf<'rules'>, { from, tasks, measure }: Situation): Recommendation => {
  const inside = clamp(from, tasks);
  if (inside !== from)
    return { known: true, to: inside, why: `${from} tasks, first of all ${tasks.min} to ${tasks.max}` };

  const looked: string[] = [];
  const unknown: string[] = [];
  for (const event of events) {
    const { metric, action } = event;
    const measured = measure(metric);
    if (!measured.known) {
      unknown.push(measured.why);
      continue;
    }
    if (!holds(measured.value, event)) {
      looked.push(measured.said);
      continue;
    }
    const to = clamp(from + action, tasks);
    const why = `${measured.said}, ${rangeOf(event)}: ${changed(from, action)}`;
    if (to === from && action !== 0) {
      looked.push(`${why} is out of bounds`);
      continue;
    }
    const bounded = to === from + action ? why : `${why}, within ${tasks.min} to ${tasks.max}`;
    const adds = action > 0 ? { adds: action } : {};
    if (unknown.length === 0) return { known: true, to, why: bounded, ...adds };
    const unseen = told(unknown);
    if (to >= from) return { known: true, to, why: bounded, unseen, ...adds };
    return { known: true, to: from, why: `${why}, but not while an event above it is unknown`, unseen };
  }
  if (looked.length === 0) return { known: false, why: told(unknown) };
  const unseen = unknown.length === 0 ? {} : { unseen: told(unknown) };
  return { known: true, to: from, why: `no event changes it: ${told(looked)}`, ...unseen };
};
