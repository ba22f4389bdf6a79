/**
 * One service in virtual time: a load, a queue, tasks that take time to start (`local/world.ts`) and the real decisions of
 * `lambdas/decide`, tick by tick. For stories in tests and for the plots of the documentation; the same story gives the same
 * answer every time.
 */
import { anySource, serviceSchema } from '../../lambdas/contract/config.ts';
import type {
  Counts,
  Decision,
  KnownCounts,
  Reading,
  ServiceMemory,
} from '../../lambdas/contract/records.ts';
import type { Tools } from '../../lambdas/contract/tools.ts';
import { advance, createWorld, findService, setDesired } from '../world.ts';
import { createQueue, type Message } from './queue.ts';
import { remembering } from './remembering.ts';

/** What is true at one tick, before anybody looks. */
export interface Truth {
  readonly visible: number;
  readonly inFlight: number;
  /** Since the last tick, per second. */
  readonly arrivalsPerSecond: number;
  readonly departuresPerSecond: number;
}

export interface Story {
  /** The service's configuration; cluster, service and source may be left out. */
  readonly service: Readonly<Record<string, unknown>>;
  readonly tools: Tools;
  readonly seconds: number;
  /** From tick to tick, whole seconds. */
  readonly interval?: number;
  /** From asking for a task to its working; every task takes about as long. */
  readonly startUp?: number;
  readonly startUpSigma?: number;
  readonly seed?: number;
  /** Tasks that run from the start. */
  readonly tasks?: number;
  /** The messages that arrive in the second that begins at `t`. */
  readonly load: (t: number) => readonly Message[];
  /** What the source reports; unset: visible and in flight, exactly. */
  readonly see?: (truth: Truth, t: number) => Reading;
  /** The broker is away: nobody can look, take or send; what was to be sent is sent when it is back. */
  readonly down?: (t: number) => boolean;
  readonly deploying?: (t: number) => boolean;
  /** What ECS says; unset: the truth. */
  readonly count?: (counts: KnownCounts, t: number) => Counts;
  /** At these ticks the loop starts with empty memory. */
  readonly forgets?: (t: number) => boolean;
}

export interface StoryTick extends Truth {
  readonly t: number;
  /** Before the decision. */
  readonly desired: number;
  readonly running: number;
  readonly decision: Decision;
  readonly memory: ServiceMemory;
}

export interface Told {
  readonly ticks: readonly StoryTick[];
  /** Seconds that each message waited for a task. */
  readonly waits: readonly number[];
  /** Messages that nobody has taken or finished when the story ends. */
  readonly left: number;
  readonly finished: number;
  /** Tasks asked for, running or not, summed over the seconds: what is paid for. */
  readonly taskSeconds: number;
}

const NAMES = { cluster: 'shop', service: 'orders-worker' };
const parser = serviceSchema(anySource);

const seeExactly = ({ visible, inFlight }: Truth): Reading => ({ known: true, visible, inFlight });
const seeNothing: Reading = { known: false, why: 'the queue did not answer', error: 'TimeoutError' };

/** So many messages a second, evenly spread, each of so many seconds of work: each arrives at the moment that makes it whole. */
export const steady = (perSecond: (t: number) => number, seconds: number | ((nth: number) => number)) => {
  const totals = [0];
  const total = (t: number): number => {
    for (let last = totals.length - 1; last < t; last += 1)
      totals.push((totals[last] ?? 0) + Math.max(0, perSecond(last)));
    return totals[t] ?? 0;
  };
  const whole = (amount: number): number => Math.floor(amount + 1e-9);
  return (t: number): readonly Message[] => {
    const [before, after] = [total(t), total(t + 1)];
    const first = whole(before);
    return Array.from({ length: whole(after) - first }, (_, nth) => ({
      arrivedAt: t + Math.min(1, (first + nth + 1 - before) / (after - before)),
      seconds: typeof seconds === 'number' ? seconds : seconds(first + nth),
    }));
  };
};

export const tell = (story: Story): Told => {
  const { interval = 5, startUp = 30, startUpSigma = 0, seed = 1, tasks = 0, see = seeExactly } = story;
  const service = parser.parse({ ...NAMES, source: { type: 'sqs' }, ...story.service });
  const { cluster, service: name } = service;
  const queue = createQueue();
  let world = createWorld({
    ...{ seed, startUpMs: startUp * 1000, startUpSigma },
    services: [{ cluster, service: name, desired: tasks }],
  });
  const decide = remembering(service, story.tools);
  let before = { ...queue.totals(), t: 0 };
  let taskSeconds = 0;
  const ticks: StoryTick[] = [];
  const unsent: Message[] = [];

  const look = (t: number): void => {
    const found = findService(world, cluster, name);
    if (found === undefined) return;
    const { arrived, departed } = queue.totals();
    const span = Math.max(1, t - before.t);
    const truth: Truth = {
      visible: queue.visible(),
      inFlight: queue.inFlight(),
      arrivalsPerSecond: (arrived - before.arrived) / span,
      departuresPerSecond: (departed - before.departed) / span,
    };
    before = { arrived, departed, t };
    const running = found.tasks.filter(({ status }) => status === 'RUNNING').length;
    const { desired } = found;
    const deploying = story.deploying?.(t) ?? false;
    const counts = { desired, running, pending: desired - running, deploying };
    const reading = story.down?.(t) ? seeNothing : see(truth, t);
    const { decision, memory } = decide({
      ...{ t, readings: [reading], counts: story.count?.(counts, t) ?? counts },
      forgets: story.forgets?.(t) ?? false,
    });
    ticks.push({ ...truth, t, desired, running, decision, memory });
    const { to, direction } = decision;
    if (direction !== 'hold') world = setDesired(world, cluster, name, to);
  };

  for (let t = 0; t < story.seconds; t += 1) {
    if (t % interval === 0) look(t);
    unsent.push(...story.load(t));
    const down = story.down?.(t) ?? false;
    if (!down)
      queue.add(unsent.splice(0).map((each) => ({ ...each, arrivedAt: Math.max(t, each.arrivedAt) })));
    world = advance(world, 1000);
    const found = findService(world, cluster, name);
    const running = found?.tasks.filter(({ status }) => status === 'RUNNING').length ?? 0;
    taskSeconds += found?.desired ?? 0;
    queue.work(down ? 0 : running, t + 1);
  }
  const left = queue.visible() + queue.inFlight() + unsent.length;
  return { ticks, waits: queue.waits(), left, finished: queue.totals().departed, taskSeconds };
};
