/** What `pulsescale status` makes of a lane's object. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Memory } from '../../../lambdas/contract/records.ts';
import type { Lease } from '../../../lambdas/store/lease-object.ts';
import { conditionOf } from '../../../local/lane/condition.ts';
import { overview } from '../../../local/lane/overview.ts';
import { report } from '../../../local/lane/report.ts';
import { columnsOf } from '../../../local/views/line.ts';
import { later, lease, NOW } from './leases.ts';

const of = (fields: Partial<Lease> = {}) => conditionOf('orders', lease(fields), NOW);
const lines = (fields: Partial<Lease> = {}) => report(of(fields), 80);
const text = (fields: Partial<Lease> = {}) => lines(fields).join('\n');

const untold = (subject: string): Lease['notices'][number] => ({
  subject,
  body: {
    event: 'scale-out',
    cluster: 'shop',
    service: 'mailer',
    from: 1,
    to: 2,
    reasons: [],
    reading: { known: true, visible: 9 },
    at: later(-5),
    lane: 'orders',
    term: 7,
  },
});

describe('the state of a lane', () => {
  test.each<[string, Partial<Lease>, string, readonly string[]]>([
    [
      'held',
      {},
      'ticking',
      ['term       7, held since 11:59:22 UTC (38 s ago)', 'until 12:00:37 UTC, e7:6a1f'],
    ],
    ['held, its successor is missing', { expiresAt: later(14) }, 'ticking', ['overdue: it should have']],
    [
      'its lease ran out just now',
      { expiresAt: later(-20) },
      'not ticking',
      ['11:59:40 UTC (20 s ago)', 'the schedule starts it'],
    ],
    [
      'its lease ran out long ago',
      { expiresAt: later(-7200) },
      'not ticking',
      ['(2 h ago)', 'is it enabled'],
    ],
    [
      'paused, its execution goes on',
      { paused: true },
      'paused',
      ['until it is resumed', 'its loop stops within a minute'],
    ],
    [
      'paused for a while, and standing still',
      { paused: true, pausedUntil: later(1800), expiresAt: later(-5) },
      'paused',
      ['the whole lane until 12:30:00 UTC (in 30 min)', 'its loop stands by'],
    ],
    [
      'its pause has ended',
      { paused: true, pausedUntil: later(-1), expiresAt: later(-900) },
      'not ticking',
      ['its pause ended 11:59:59 UTC (1 s ago)'],
    ],
    ['its pause has ended, an execution goes on', { paused: true, pausedUntil: later(-1) }, 'ticking', []],
    [
      'asleep, and written nine minutes ago',
      { asleep: true, asleepSince: later(-7200), expiresAt: later(-540) },
      'asleep',
      ['asleep     since 10:00:00 UTC (2 h ago): no work and no task', 'looks once a minute'],
    ],
    [
      'asleep where no schedule looks',
      { asleep: true, asleepSince: later(-7200), expiresAt: later(-7200) },
      'asleep',
      ['looked last at 10:00:00 UTC (2 h ago): an alarm on a queue wakes it'],
    ],
    ['asleep, and being looked at', { asleepSince: later(-7200) }, 'ticking', []],
    [
      'paused in its sleep',
      { paused: true, asleep: true, expiresAt: later(-30) },
      'paused',
      ['its loop stands by'],
    ],
    ['the lease ends this second', { expiresAt: later(0) }, 'not ticking', []],
  ])('%s', (_, fields, state, said) => {
    expect(of(fields).state).toBe(state);
    expect(lines(fields)[0]).toBe(`lane orders: ${state}`);
    for (const part of said) expect(text(fields)).toContain(part);
  });

  test('what is paused in it, and what has not been told', () => {
    const said = text({
      pauses: { '*': { what: 'in', until: later(86_400) }, 'shop/mailer': { what: 'all', until: later(-1) } },
      notices: [untold('Scale out: shop/mailer 1 -> 2')],
    });
    expect(said).toContain('paused     scale-in of all services until 2026-11-23 12:00:00 UTC (in 24 h)');
    expect(said).toContain('untold     Scale out: shop/mailer 1 -> 2');
    expect(said).not.toContain('every change of shop/mailer');
  });
});

describe('its services', () => {
  const memory: Memory = {
    'shop/mailer': { desired: 3, unknownSince: later(-240), revivedAt: later(-20) },
    'shop/orders-worker': {
      desired: 12,
      lastOut: { at: later(-180), to: 12 },
      lastIn: { at: later(-3600), to: 4, streak: 1 },
    },
  };
  const last = {
    at: later(-40),
    services: {
      'shop/mailer': { to: 3, desired: 3, running: 3, visible: null },
      'shop/orders-worker': { to: 12, desired: 12, running: 9, visible: 820, inFlight: 40 },
    },
  };

  test('each has a line with what was seen, decided and done last, below its headings', () => {
    const table = lines({ memory, last }).slice(-5);
    expect(table).toEqual([
      'service             tasks  waiting  in flight  decided  scaled',
      'shop/mailer             3        ?          -  hold 3   -',
      '    unknown since 11:56:00 UTC (4 min ago)',
      '    revived, no readings of its own yet: no scale-in',
      'shop/orders-worker   9/12      820         40  hold 12  out 3 min ago',
    ]);
  });

  test('a change after that tick is what counts', () => {
    const changed = { 'shop/orders-worker': { desired: 20, lastOut: { at: later(-10), to: 20 } } };
    expect(text({ memory: changed, last })).toMatch(/orders-worker +9\/20 .*out 10 s ago/);
    expect(text({ memory: changed, last })).toContain('last tick  11:59:50 UTC (10 s ago)');
  });

  test('so is the change of that tick itself: what it saw was before', () => {
    const changed = { 'shop/orders-worker': { desired: 20, lastOut: { at: later(-40.4), to: 20 } } };
    expect(text({ memory: changed, last })).toMatch(/orders-worker +9\/20 /);
  });

  test.each([
    [{ to: 4, desired: 1 }, 'out 1 -> 4'],
    [{ to: 1, desired: 4 }, 'in 4 -> 1'],
    [{ to: 4, desired: null }, 'hold 4'],
    [{ to: null, desired: 4 }, '4        -          -  -        -'],
  ])('%j is %s', (look, said) => {
    expect(text({ services: ['shop/a'], last: { at: later(-40), services: { 'shop/a': look } } })).toContain(
      said,
    );
  });

  test('one that is at its maximum says since when', () => {
    expect(text({ atMax: { 'shop/mailer': later(-900) } })).toContain(
      'at its maximum since 11:45:00 UTC (15 min ago)',
    );
  });

  test('one that is configured but never seen is there, and so is one that was taken out', () => {
    const [configured, gone] = of({
      services: ['shop/mailer'],
      memory: { 'shop/old': { desired: 2 } },
    }).services;
    expect(configured).toEqual({ service: 'shop/mailer', configured: true });
    expect(gone).toMatchObject({ service: 'shop/old', configured: false, tasks: 2 });
    expect(text({ services: [], memory: { 'shop/old': {} } })).toContain('not in the configuration any more');
  });

  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 255 });
  const count = fc.option(fc.integer({ min: 0, max: 99_999 }), { nil: null });
  const look = fc.record({
    to: count,
    desired: count,
    running: fc.integer({ min: 0, max: 9999 }),
    visible: count,
  });

  test('whatever they are called, no line is wider than the terminal, and no control character gets there', () => {
    fc.assert(
      fc.property(
        fc.dictionary(name, look, { maxKeys: 5 }),
        fc.integer({ min: 40, max: 200 }),
        (looks, columns) => {
          const condition = of({ services: Object.keys(looks), last: { at: later(-40), services: looks } });
          for (const line of report(condition, columns)) {
            expect(columnsOf(line)).toBeLessThanOrEqual(columns);
            expect(line).not.toMatch(/\p{Cc}/u);
          }
        },
      ),
    );
  });

  test('in 80 columns all numbers are there: the name gives way', () => {
    const long = `production/${'a-very-long-name-of-a-service-'.repeat(6)}-eu`;
    const looks = { [long]: { to: 4, desired: 1, running: 1, visible: 120_000, inFlight: 17 } };
    const row = lines({ services: [long], last: { at: later(-40), services: looks } }).at(-1) ?? '';
    expect(row).toMatch(/^production.*…-?.*-eu +1 +120000 +17 {2}out 1 -> 4 {2}-$/);
  });
});

test('all lanes in one table', () => {
  const rows = overview(
    [
      of({ memory: { 'shop/mailer': { unknownSince: later(-9) } }, last: { at: later(-40), services: {} } }),
      of({ pauses: { '*': { what: 'out' }, 'shop/mailer': { what: 'in' } } }),
      { lane: 'broken', unreadable: 'not JSON' },
    ],
    80,
  );
  expect(rows).toEqual([
    'lane    state       term  last tick  services',
    'orders  ticking     7     40 s ago   2         1 unknown',
    'orders  ticking     7     -          2         2 paused',
    'broken  unreadable  -     -          -         not JSON',
  ]);
});
