import { PassThrough } from 'node:stream';
import { WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LoopEvent, RunnerEvent } from '../../../local/events.ts';
import { columnsOf, cutMiddle } from '../../../local/views/line.ts';
import { terminal } from '../../../local/views/terminal.ts';
import {
  capacity,
  decision,
  hold,
  hosts,
  loop,
  notice,
  type TestRunner,
  testRunner,
  unseen,
  world,
} from './fixtures.ts';

/** The part of a terminal that the view uses: where it writes, and what kind of terminal it is. */
function screen(tty: { isTTY?: boolean; columns?: number } = {}) {
  const out = Object.assign(new PassThrough(), tty) as unknown as NodeJS.WriteStream & PassThrough;
  return { out, text: () => String(out.read() ?? '') };
}

/** The lines that these events add below the header. */
function linesOf(events: readonly RunnerEvent[], runner: TestRunner = testRunner()): readonly string[] {
  const { out, text } = screen();
  const close = terminal(runner, out);
  text();
  runner.emit(...events);
  close();
  return stripVTControlCharacters(text()).split('\n').slice(0, -1);
}

const tick = (record = decision()): RunnerEvent => ({ kind: 'decision', ...record });

describe('the header', () => {
  test('names every address, the bounds, the interval, the page and how to stop', () => {
    const { out, text } = screen();
    terminal(testRunner(), out, 'http://127.0.0.1:8701');
    const header = text();
    for (const fact of [
      'every 5 s',
      'lane default',
      'http://127.0.0.1:8701',
      '4566',
      '4570',
      '0 to 50 tasks',
      'Ctrl-C',
    ])
      expect(header).toContain(fact);
    const columns = header.match(/^ {2}(page|SQS|ECS|scales|stop) +/gm)?.map((label) => label.length);
    expect(new Set(columns).size).toBe(1);
  });

  test('stays short with a hundred services', () => {
    const { out, text } = screen();
    terminal(testRunner({ services: 100 }), out);
    const header = text();
    expect(header).toContain('and 92 more');
    expect(header.split('\n').length).toBeLessThan(20);
  });
});

describe('a tick', () => {
  test('says waiting, in flight, running of desired, starting, the decision and the reason', () => {
    const [line] = linesOf([world({ running: 1, pending: 1 }), tick()]);
    expect(line).toMatch(
      /^\d\d:\d\d:\d\d {2,}600 +20 +1\/2 \+1 +\+ out 2 -> 50 +target 60, tasks allowed: at most 50$/,
    );
  });

  test('shows a scale-in with its own sign', () => {
    expect(linesOf([tick(decision({ from: 50, to: 40, direction: 'in' }))])[0]).toContain('- in 50 -> 40');
  });

  test('shows an unknown source as ? and never as 0', () => {
    const [line] = linesOf([tick(unseen())]);
    expect(line).toMatch(/ \? +\? +\?\/2 +\? hold 2 +the queue did not answer$/);
    expect(line?.slice(8)).not.toMatch(/\b0\b/);
  });

  test('of two services has a line each, with names', () => {
    const runner = testRunner({ services: 2 });
    const lines = linesOf([tick(hold()), tick(hold({ service: 'worker-1' }))], runner);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('worker-1');
  });

  test('of many services is one line with the totals and what changed', () => {
    const runner = testRunner({ services: 12 });
    const others = Array.from({ length: 11 }, (_, i) => tick(hold({ service: `worker-${i + 1}` })));
    const lines = linesOf([tick(), ...others], runner);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/7200 waiting, 240 in flight, \?\/24 tasks {2}\+orders-worker 2 -> 50$/);
  });

  test('of many services that all hold unseen says so, with no number made up', () => {
    const runner = testRunner({ services: 4 });
    const [line] = linesOf([tick(unseen()), tick(unseen()), tick(unseen()), tick(unseen())], runner);
    expect(line).toMatch(/\? waiting, \? in flight, .*\?4 unseen {2}all 4 hold$/);
  });

  const dryRun = [
    { by: 'target', said: 60, why: '600 waiting / 10 per task' },
    { by: 'dryRun', said: 2, why: 'dry run: would go from 2 to 60' },
  ];
  test('of a dry run says what would have been done, alone and among many', () => {
    const [line] = linesOf([tick(hold({ reasons: dryRun }))]);
    expect(line).toMatch(/ {2}hold 2 +dryRun: dry run: would go from 2 to 60$/);
    const runner = testRunner({ services: 4 });
    const others = [1, 2, 3].map((nth) => tick(hold({ service: `worker-${nth}` })));
    const [totals] = linesOf([tick(hold({ reasons: dryRun })), ...others], runner);
    expect(totals).toMatch(/ {2}orders-worker: dry run: would go from 2 to 60$/);
  });

  test('that is incomplete is shown when the next one begins', () => {
    const runner = testRunner({ services: 2 });
    const { out, text } = screen();
    terminal(runner, out);
    text();
    runner.emit(tick(hold()));
    expect(text()).toBe('');
    runner.emit(tick(hold({ at: '2026-03-01T10:42:16.000Z' })));
    expect(text().split('\n')).toHaveLength(2);
  });
});

describe('what happens between ticks', () => {
  const kinds: readonly LoopEvent['event'][] = [
    'started',
    'lease-taken',
    'stand-by',
    'hand-over',
    'burst',
    'queue-stopped',
    'queue-started',
    'source-unknown',
    'source-known',
    'paused',
    'resumed',
    'tick-failed',
    'execution-failed',
    'stopped',
  ];
  test.each(kinds)('%s has one line with its message', (kind) => {
    const lines = linesOf([loop(kind, 'what it means')]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`^\\S+ {2}[^\\w\\s]{2} ${kind} +what it means$`));
  });

  test('a notice shows its subject', () => {
    expect(linesOf([notice()])[0]).toMatch(/\*\* notice +Scale out: shop\/orders-worker 2 -> 50$/);
  });

  test('an outcome is silent when it was applied, and trouble when not', () => {
    expect(linesOf([{ kind: 'outcome', ...decision(), applied: true }])).toHaveLength(0);
    const refused = linesOf([{ kind: 'outcome', ...decision(), applied: false, error: 'AccessDenied' }]);
    expect(refused[0]).toMatch(/!! not applied +shop\/orders-worker stays at 2, not 50: AccessDenied$/);
  });

  test('a line is never split or coloured by what came from outside', () => {
    const [line, ...rest] = linesOf([loop('burst', 'a\nb\u001b[31mc\u0007d')]);
    expect(rest).toHaveLength(0);
    expect(line).toMatch(/a bc d$/);
  });
});

describe('hosts', () => {
  const decided = (over: Parameters<typeof capacity>[0] = {}): RunnerEvent => ({
    kind: 'capacity',
    ...capacity(over),
  });

  test('have a line after the tick, each with its fill, when they have changed', () => {
    const [, line, ...rest] = linesOf([hosts(), tick(), hosts({ t: 13 }), tick()]);
    expect(line).toMatch(
      /\[\] hosts +shop {2}▇▁v\. {2}3 of 4 hosts, 1 coming, 1 draining, 40 % memory, 38 % CPU reserved$/,
    );
    expect(rest).toHaveLength(1);
    expect(linesOf([hosts(), tick(), hosts({ desired: 5 }), tick()])).toHaveLength(4);
  });

  test('that are hundreds are counted and not drawn', () => {
    const many = Array.from({ length: 300 }, (_, nth) => ({
      ...{ id: `i-${nth}`, status: 'ACTIVE', tasks: 1, cpu: 0.5, memory: 1 },
    })) as ReturnType<typeof hosts>['hosts'];
    const [, line] = linesOf([hosts({ desired: 300, hosts: many }), tick()]);
    expect(line).toMatch(/shop {2}300 of 300 hosts, 100 % memory, 50 % CPU reserved$/);
  });

  test('of which there are none yet have no percentage made up', () => {
    const [, line] = linesOf([hosts({ desired: 2, hosts: [] }), tick()]);
    expect(line).toMatch(/ 0 of 2 hosts$/);
  });

  test.each([
    [
      'asked for',
      decided(),
      'shop 2 -> 5 hosts, placement: 7 of shop/orders-worker: no room for all on 2 hosts',
    ],
    [
      'drained',
      decided({
        ...{ from: 2, to: 2, direction: 'in', drain: ['c1'] },
        reasons: [{ by: 'drain', said: 1, why: 'i-1: what is on it fits on another host' }],
      }),
      'shop drain 1: i-1: what is on it fits on another host',
    ],
    [
      'terminated',
      decided({
        ...{ from: 3, to: 1, direction: 'in', terminate: ['i-1', 'i-2'] },
        reasons: [{ by: 'terminate', said: 1, why: 'i-1, i-2: drained, no task is left' }],
      }),
      'shop 3 -> 1 hosts, terminate 2: i-1, i-2: drained, no task is left',
    ],
    [
      'left alone in a dry run',
      decided({
        ...{ from: 2, to: 2, direction: 'hold' },
        reasons: [{ by: 'dryRun', said: 2, why: 'dry run: would have 5 hosts' }],
      }),
      'shop: dry run: would have 5 hosts',
    ],
  ])('that are %s have a line with the reason', (_name, event, words) => {
    const [line] = linesOf([event]);
    expect(line?.endsWith(`[] hosts           ${words}`)).toBe(true);
  });

  test('that could not be changed are trouble, and silent when they were', () => {
    const refused = {
      kind: 'capacity-outcome',
      ...capacity(),
      applied: false,
      error: 'AccessDenied',
    } as const;
    expect(linesOf([refused])[0]).toMatch(/!! not applied +shop 2 -> 5 hosts: AccessDenied$/);
    expect(linesOf([{ kind: 'capacity-outcome', ...capacity(), applied: true }])).toEqual([]);
  });
});

test('after its end the view writes nothing and is not subscribed', () => {
  const runner = testRunner();
  const { out, text } = screen();
  terminal(runner, out)();
  text();
  expect(runner.listeners()).toBe(0);
  runner.emit(tick());
  expect(text()).toBe('');
});

test('colours are for terminals only, and not for those that refuse them', () => {
  const coloured = (isTTY: boolean, environment: Record<string, string>) => {
    const { out, text } = screen({ isTTY, columns: 100 });
    out.getColorDepth = () => WriteStream.prototype.getColorDepth(environment);
    const runner = testRunner();
    terminal(runner, out);
    runner.emit(tick());
    const written = text();
    return written !== stripVTControlCharacters(written);
  };
  expect(coloured(true, { TERM: 'xterm-256color' })).toBe(true);
  expect(coloured(true, { TERM: 'xterm-256color', NO_COLOR: '1' })).toBe(false);
  expect(coloured(false, { TERM: 'xterm-256color' })).toBe(false);
});

test('no line is wider than the terminal, whatever the names and numbers', () => {
  const anything = fc.string({ unit: 'binary', maxLength: 60 });
  const count = fc.oneof(fc.nat(), fc.constant(Number.MAX_SAFE_INTEGER));
  const record = fc
    .record({
      service: anything,
      cluster: anything,
      from: count,
      to: count,
      visible: count,
      why: anything,
      by: anything,
    })
    .chain(({ visible, why, by, ...rest }) =>
      fc.constantFrom('out' as const, 'in' as const, 'hold' as const).map((direction) =>
        decision({
          ...rest,
          direction,
          reasons: [{ by, said: rest.to, why }],
          reading: { known: true, visible, inFlight: visible, at: rest.service },
        }),
      ),
    );
  const property = fc.property(
    fc.array(record, { minLength: 1, maxLength: 6 }),
    anything,
    fc.integer({ min: 20, max: 140 }),
    (records, message, columns) => {
      const services = records.map(({ cluster, service }) => ({ cluster, service, min: 0, max: 2 ** 50 }));
      const runner = { ...testRunner(), services, lane: message, addresses: { [message]: message } };
      const { out, text } = screen({ isTTY: true, columns });
      terminal(runner, out, 'http://127.0.0.1:8700');
      for (const { cluster, service } of records) runner.emit(world({ cluster, service, pending: 2 ** 40 }));
      runner.emit(...records.map(tick), loop('source-unknown', message), {
        ...notice(),
        subject: message,
      } as RunnerEvent);
      for (const line of stripVTControlCharacters(text()).split('\n'))
        expect(columnsOf(line)).toBeLessThanOrEqual(columns);
    },
  );
  fc.assert(property, { numRuns: 200 });
});

describe('a long name', () => {
  test('loses its middle, because names of one kind differ at their ends', () => {
    expect(cutMiddle('cluster-0/service-with-name-12', 20)).toBe('cluster-0/…h-name-12');
    expect(cutMiddle('short', 20)).toBe('short');
  });

  test('never takes more room than it has', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 80 }),
        fc.integer({ min: 0, max: 40 }),
        (name, columns) => {
          expect(columnsOf(cutMiddle(name, columns))).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });
});
