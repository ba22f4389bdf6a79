/** What the page's modules make of the events: plain modules without a document, so they run here as in the browser. */
import { describe, expect, test } from '@jest/globals';
import type { Decision } from '../../../lambdas/contract/records.ts';
import { guards } from '../../../lambdas/decide/guards/registry.ts';
import type { RunnerEvent } from '../../../local/events.ts';
import type { Snapshot } from '../../../local/views/event-stream.ts';
import type { Received } from '../../../local/views/recent-events.ts';
import {
  capacity,
  decision,
  hold,
  hosts,
  loop,
  notice,
  testRunner,
  unseen as unseenDecision,
  world,
} from './fixtures.ts';

interface State {
  readonly paused: boolean;
  readonly queueStopped: boolean;
  readonly services: ReadonlyMap<string, { readonly series: readonly (readonly (number | null)[])[] }>;
  readonly hosts: ReadonlyMap<string, unknown>;
  readonly decisions: readonly Decision[];
  readonly happenings: readonly { readonly label: string; readonly message: string }[];
  readonly marks: readonly { readonly kind: string }[];
}

// The compiler does not look into the page's JavaScript, and a constant path would make it try.
const page = '../../../local/views/page';
const { fromSnapshot, add, unseen } = (await import(`${page}/state.js`)) as {
  fromSnapshot: (snapshot: Snapshot) => State;
  add: (state: State, received: Received) => void;
  unseen: (state: State) => readonly { readonly why: string }[];
};
const { chain, saw, change, isDryRun, hostsChange, hostsNow } = (await import(`${page}/words.js`)) as Record<
  'chain' | 'saw' | 'change' | 'isDryRun' | 'hostsChange' | 'hostsNow',
  (of: unknown) => string
>;

function stateAfter(events: readonly RunnerEvent[], flags = { paused: false, queueStopped: false }): State {
  const received = events.map((event, i) => ({ received: 1_000_000 + i * 1000, event }));
  return fromSnapshot({ runner: testRunner(), state: flags, events: received });
}

describe('the state of the page', () => {
  test('keeps a sample of the world per second, unknown as a gap', () => {
    const { services } = stateAfter([world(), world({ backlog: null, inFlight: null })]);
    expect(services.get('shop/orders-worker')?.series).toEqual([
      [1000, 1001],
      [600, null],
      [20, null],
      [2, 2],
      [2, 2],
    ]);
  });

  test('takes its samples from the decisions where nobody watches the world, as with --aws', () => {
    const { services } = stateAfter([
      { kind: 'decision', ...decision() },
      { kind: 'decision', ...unseenDecision() },
    ]);
    const series = services.get('shop/orders-worker')?.series;
    expect(series).toEqual([
      [1000, 1001],
      [600, null],
      [20, null],
      [2, 2],
      [null, null],
    ]);
  });

  test('forgets samples after ten minutes', () => {
    const state = stateAfter(Array.from({ length: 900 }, (_, t) => world({ t })));
    for (const column of state.services.get('shop/orders-worker')?.series ?? [])
      expect(column).toHaveLength(601);
  });

  test('keeps decisions newest first, and marks bursts, notices and hand-overs', () => {
    const state = stateAfter([
      { kind: 'decision', ...hold() },
      loop('burst'),
      { kind: 'decision', ...decision() },
      notice(),
      loop('hand-over'),
    ]);
    expect(state.decisions.map(({ direction }) => direction)).toEqual(['out', 'hold']);
    expect(state.marks.map(({ kind }) => kind)).toEqual(['hand-over', 'notice', 'burst']);
    expect(state.happenings.map(({ label }) => label)).toEqual(['hand-over', 'notice', 'burst']);
  });

  test('says which source cannot be seen, until it can', () => {
    const state = stateAfter([{ kind: 'decision', ...unseenDecision() }]);
    expect(unseen(state)).toMatchObject([{ why: 'the queue did not answer' }]);
    add(state, { received: 2_000_000, event: { kind: 'decision', ...hold() } });
    expect(unseen(state)).toEqual([]);
  });

  test('believes the snapshot about the pause, and then the events', () => {
    const state = stateAfter([loop('resumed')], { paused: true, queueStopped: true });
    expect([state.paused, state.queueStopped]).toEqual([true, true]);
    add(state, { received: 2_000_000, event: loop('resumed') });
    add(state, { received: 2_000_000, event: loop('queue-started') });
    expect([state.paused, state.queueStopped]).toEqual([false, false]);
  });

  test('while the loop cannot see the queue, the chart does not either', () => {
    const state = stateAfter([
      world(),
      { kind: 'decision', ...unseenDecision() },
      world(),
      { kind: 'decision', ...decision() },
      world(),
    ]);
    const [, backlog, , desired] = [...state.services.values()][0]?.series ?? [];
    expect(backlog?.map((each) => each === null)).toEqual([false, true, false]);
    expect(desired?.includes(null as never)).toBe(false);
  });

  test('tells of an outcome only when it was not applied', () => {
    const state = stateAfter([
      { kind: 'outcome', ...decision(), applied: true },
      { kind: 'outcome', ...decision(), applied: false, error: 'AccessDenied' },
    ]);
    expect(state.happenings.map(({ message }) => message)).toEqual([
      'shop/orders-worker stays at 2, not 50: AccessDenied',
    ]);
  });
});

describe('hosts on the page', () => {
  test('are the latest look of each cluster, their decisions stand among the others', () => {
    const state = stateAfter([
      hosts(),
      { kind: 'capacity', ...capacity() },
      hosts({ cluster: 'mail' }),
      hosts({ desired: 5 }),
      { kind: 'capacity-outcome', ...capacity(), applied: true },
      { kind: 'capacity-outcome', ...capacity(), applied: false, error: 'AccessDenied' },
    ]);
    expect([...state.hosts.keys()]).toEqual(['shop', 'mail']);
    expect(state.hosts.get('shop')).toMatchObject({ desired: 5 });
    expect(state.decisions).toMatchObject([{ autoScalingGroup: 'shop-hosts', to: 5 }]);
    expect(state.happenings.map(({ message }) => message)).toEqual(['hosts of shop: AccessDenied']);
  });

  test('are put into words', () => {
    expect(hostsNow(hosts())).toBe('3 of 4 hosts, 1 coming, 1 draining, 4 tasks');
    expect(hostsNow(hosts({ desired: 1, hosts: [] }))).toBe('0 of 1 host, 0 tasks');
    expect(hostsChange(capacity())).toBe('out 2 → 5 hosts');
    expect(hostsChange(capacity({ to: 2, direction: 'in', drain: ['c1'] }))).toBe('in: drain 1');
    expect(hostsChange(capacity({ to: 1, direction: 'in', terminate: ['i-1'] }))).toBe(
      'in 2 → 1 hosts, terminate 1',
    );
    expect(hostsChange(capacity({ to: 2, direction: 'hold' }))).toBe('hold 2 hosts');
  });
});

describe('the words of the page', () => {
  test('a chain of reasons reads as sentences', () => {
    const reasons = [
      { by: 'target', said: 60, why: '600 waiting / 10 per task' },
      { by: 'tasks', said: 50, why: 'at most 50' },
    ];
    expect(chain(decision({ reasons }))).toBe(
      'target said 60: 600 waiting / 10 per task; tasks allowed 50: at most 50',
    );
  });

  test.each(guards.map(({ by }) => by))('%s is known as a guard, which allows and proposes nothing', (by) => {
    expect(chain(decision({ reasons: [{ by, said: 1, why: '' }] }))).toContain(`${by} allowed 1`);
  });

  test('a dry run would have done something, a hold would not', () => {
    const reasons = [{ by: 'dryRun', said: 2, why: 'dry run: would go from 2 to 60' }];
    expect([hold({ reasons }), hold()].map(isDryRun)).toEqual([true, false]);
  });

  test('an unknown reading is never a number', () => {
    expect(saw(unseenDecision().reading)).toBe('unknown');
    expect(saw(decision().reading)).toBe('600 + 20');
    expect(change(hold())).toBe('hold 2');
    expect(change(decision())).toBe('out 2 → 50');
  });
});
