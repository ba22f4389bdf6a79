import { describe, expect, test } from '@jest/globals';
import { recentEvents } from '../../../local/views/recent-events.ts';
import { capacity, decision, hold, hosts, loop, world } from './fixtures.ts';

const limits = { samples: 10, happenings: 3 };
const kinds = (list: readonly { readonly event: { readonly kind: string } }[]) =>
  list.map(({ event }) => event.kind);

describe('the history that a new page is given', () => {
  test('is bounded in number, the oldest going first', () => {
    const recent = recentEvents(600, limits);
    for (let t = 0; t < 100; t += 1) recent.add({ received: t, event: world({ t }) });
    expect(recent.list(100).map(({ received }) => received)).toEqual([
      90, 91, 92, 93, 94, 95, 96, 97, 98, 99,
    ]);
  });

  test('is bounded in age, even when nothing new comes', () => {
    const recent = recentEvents(600, limits);
    recent.add({ received: 0, event: loop('started') });
    recent.add({ received: 500_000, event: world() });
    expect(kinds(recent.list(599_000))).toEqual(['event', 'world']);
    expect(kinds(recent.list(700_000))).toEqual(['world']);
    expect(recent.list(2_000_000)).toEqual([]);
  });

  test('samples and holds never push out what happened, and the order is kept', () => {
    const recent = recentEvents(600, limits);
    recent.add({ received: 1, event: loop('burst') });
    recent.add({ received: 2, event: { kind: 'decision', ...decision() } });
    for (let received = 3; received < 50; received += 1)
      recent.add({ received, event: { kind: 'decision', ...hold() } });
    const list = recent.list(60);
    expect(list).toHaveLength(12);
    expect(list[0]?.event).toMatchObject({ event: 'burst' });
    expect(list[1]?.event).toMatchObject({ direction: 'out' });
  });

  test('of hosts, looks are samples and decisions are not', () => {
    const recent = recentEvents(600, limits);
    recent.add({ received: 1, event: { kind: 'capacity', ...capacity() } });
    for (let received = 2; received < 50; received += 1) recent.add({ received, event: hosts() });
    expect(kinds(recent.list(60))).toEqual(['capacity', ...Array(10).fill('hosts')]);
  });

  test('knows that the loop is paused and the queue stopped long after the events are gone', () => {
    const recent = recentEvents(600, limits);
    recent.add({ received: 0, event: loop('paused') });
    recent.add({ received: 0, event: loop('queue-stopped') });
    for (let i = 0; i < 10; i += 1) recent.add({ received: 1_000_000, event: loop('hand-over') });
    expect(kinds(recent.list(1_000_000))).toHaveLength(3);
    expect(recent.state()).toEqual({ paused: true, queueStopped: true });
    recent.add({ received: 1_000_001, event: loop('resumed') });
    recent.add({ received: 1_000_001, event: loop('queue-started') });
    expect(recent.state()).toEqual({ paused: false, queueStopped: false });
  });
});
