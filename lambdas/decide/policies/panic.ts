/**
 * Knative's pod autoscaler (KPA): so many tasks that each has `target` messages, on average over a long window; and a short
 * window that takes over in a burst, *panic*, in which the count only ever grows. The rule is in `panic/scale.ts`, the windows
 * in `panic/averages.ts`, and what travels from tick to tick in `panic/memory.ts`.
 *
 * Where it differs from Knative's (`shared/facts/scaling-rules.md`):
 * - It ticks as often as the loop, 1 to 60 s. Where that is longer than the panic window, its average is the latest value.
 * - What could not be seen is left out of the averages; Knative takes 0 for it.
 * - A restart starts in panic at what is asked for, with one task as well: Knative takes what is ready, above one, and has 30 s of grace
 *   before 0, which here are the stable window.
 * - Tasks that are stopping or of an old deployment do not count as ready: at most the desired ones do. In counts without
 *   *running* and *pending*, which somebody feeds in by hand, all do.
 * - `target` is what it says. Knative aims at 70 % of its own.
 *
 * Gotcha: it was made for requests in work and tasks that start within seconds. On a queue the target belongs below what a task
 * works on at once, by Knative's 70 % say: at 5 messages a second of 2 s each and 30 s of start-up 0.7 settles at 13 tasks, 1 swings
 * between 10 and 29, and whatever waits while the first tasks start is asked for as if it would always be there.
 *
 * The panic window is rounded to whole seconds as Knative's is, 1 s at least: 60 s at 51 % are 31 s.
 */
import type { PolicyOf } from '../../contract/policies.ts';
import type { KnownCounts } from '../../contract/records.ts';
import { short } from '../rounding.ts';
import { averageOf, extended, type Seen, sizeOf, type Window } from './panic/averages.ts';
import { fromKept, inTasks, type Memory, toKept, type Windows } from './panic/memory.ts';
import { scaled } from './panic/scale.ts';
import { backlogOf, needsMessages, type Recommendation, type Situation } from './policy.ts';

type Options = PolicyOf<'panic'>;

/** How many buckets a window has at most, but for one more of which only a part is inside. */
const BUCKETS = { stable: 8, panic: 6 } as const;

export const panicSecondsOf = ({
  stableWindow,
  panicWindow,
}: Pick<Options, 'stableWindow' | 'panicWindow'>) => Math.max(1, Math.round(stableWindow * panicWindow));

const windowsOf = (policy: Options): Windows => {
  const windowOf = (seconds: number, buckets: number): Window => ({
    seconds,
    width: policy.average === 'weighted' ? undefined : Math.ceil(seconds / buckets),
  });
  return {
    stable: windowOf(Math.round(policy.stableWindow), BUCKETS.stable),
    panic: windowOf(panicSecondsOf(policy), BUCKETS.panic),
  };
};

const restarted = (now: number, from: number): Memory => ({
  seen: { at: now - 1, seconds: 0 },
  spacing: 0,
  stable: [],
  panic: [],
  state: { since: from > 0 ? now : undefined, most: from, answers: undefined },
});

const readyOf = ({ desired, running, pending }: KnownCounts): number =>
  running > 0 || pending > 0 ? Math.min(desired, running) : desired;

export const panic = (policy: Options, { reading, from, counts, at, kept }: Situation): Recommendation => {
  const backlog = backlogOf(reading, policy.count === 'visible+inFlight');
  if (backlog === undefined) return needsMessages('panic');
  const now = Math.round(at);
  const windows = windowsOf(policy);
  const remembered = fromKept(kept, windows, now);
  const before = remembered ?? restarted(now, from);

  const gap = now - before.seen.at;
  const value = inTasks(backlog.size / policy.target);
  const latest = { value, at: now, covers: Math.min(gap, before.spacing || gap) };
  const seen: Seen = { at: now, seconds: Math.min(windows.stable.seconds, before.seen.seconds + gap) };
  const follow = (numbers: readonly number[], window: Window): readonly number[] =>
    extended(numbers, window, before.seen, latest).slice(0, sizeOf(window, seen));
  const after = { stable: follow(before.stable, windows.stable), panic: follow(before.panic, windows.panic) };
  const averages = {
    stable: averageOf(after.stable, windows.stable, seen),
    panic: averageOf(after.panic, windows.panic, seen),
  };

  const load = { ...averages, ready: readyOf(counts), from, at: now };
  const { to, after: state, because } = scaled({ ...policy, target: 1 }, load, before.state);
  const said = (['stable', 'panic'] as const).map(
    (which) => `${short(averages[which])} over ${Math.min(seen.seconds, windows[which].seconds)} s`,
  );
  const why = `${backlog.said} / ${policy.target} per task: on average ${said.join(', ')}`;
  return {
    known: true,
    to,
    why: [why, ...because].join('; '),
    kept: toKept(windows, { ...after, seen, spacing: remembered === undefined ? 0 : gap, state }),
  };
};
