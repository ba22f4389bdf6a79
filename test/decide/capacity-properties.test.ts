/** What holds of every decision about hosts. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CapacitySample, Host, Size } from '../../lambdas/contract/capacity.ts';
import { decided, HOST, host, type Story, sampleOf } from './cluster.ts';

const upTo = (most: number) => fc.integer({ min: 0, max: most });
const maybe = fc.constantFrom(undefined, true, false, false);

const LARGE: Size = { cpu: 4096, memory: 8192 };

const anyHost: fc.Arbitrary<Host> = fc
  .record({
    id: fc.integer({ min: 0, max: 1e9 }),
    isLarge: fc.boolean(),
    // In eighths, so that exact fits and empty hosts come up.
    cpu: upTo(8),
    memory: upTo(8),
    draining: upTo(4),
    scaleInProtected: maybe,
    protectedTask: maybe,
  })
  .map(({ id, isLarge, cpu, memory, draining, scaleInProtected, protectedTask }) => {
    const registered = isLarge ? LARGE : HOST;
    return host(`${id}`, [(cpu * registered.cpu) / 8, (memory * registered.memory) / 8], {
      registered,
      type: isLarge ? 'm7g.xlarge' : 'm7g.large',
      status: draining === 0 ? 'DRAINING' : 'ACTIVE',
      tasks: memory,
      scaleInProtected,
      protectedTask,
    });
  });

const anyStory: fc.Arbitrary<Story> = fc
  .record({
    hosts: fc.uniqueArray(anyHost, { maxLength: 25, selector: ({ id }) => id }),
    coming: fc.array(fc.constantFrom({ type: 'm7g.large' }, { type: 'm7g.xlarge', size: LARGE }), {
      maxLength: 3,
    }),
    more: upTo(3),
    min: upTo(10),
    width: upTo(40),
    bounds: fc.record({ min: upTo(20), max: upTo(60) }, { requiredKeys: [] }),
    buffer: fc.constantFrom({}, { cpuBuffer: 512, memoryBuffer: 1024 }, { memoryBuffer: 4096 }),
    instance: fc.constantFrom(undefined, HOST, LARGE),
    missing: fc.dictionary(
      fc.constantFrom('shop/a', 'shop/b', 'shop/c'),
      fc.constantFrom(undefined, 0, 0, 0, 1, 7, 40),
    ),
    sizes: fc.tuple(upTo(5), upTo(5), upTo(5)),
    refreshing: fc.constantFrom(undefined, true, false, false, false),
    unsized: fc.constantFrom({}, {}, {}, { 'shop/c': 'denied' }),
    suspended: fc.constantFrom(undefined, undefined, undefined, ['Launch'], ['Terminate']),
    disableScaleIn: fc.constantFrom(false, false, false, true),
    dryRun: fc.constantFrom(undefined, undefined, undefined, true),
  })
  .map(({ hosts, coming, more, min, width, bounds, buffer, instance, sizes, dryRun, ...rest }) => {
    const { missing, refreshing, unsized, suspended, disableScaleIn } = rest;
    const needs = Object.keys(missing).map((key, nth) => {
      const eighths = (sizes[nth % 3] ?? 0) + 1;
      return [key, { cpu: eighths * 256, memory: eighths * 512 }] as const;
    });
    const { min: least = 0, max: most = least } = bounds;
    return {
      hosts,
      missing,
      disableScaleIn,
      capacity: {
        ...bounds,
        ...(bounds.max === undefined ? {} : { min: Math.min(least, most) }),
        ...buffer,
        instance,
        dryRun,
      },
      group: {
        desired: hosts.length + coming.length + more,
        coming,
        min,
        max: min + width,
        needs: Object.fromEntries(needs),
        refreshing,
        unsized,
        suspended,
      },
    };
  });

const RUNS = { numRuns: 600 };

const known = ({ reading }: CapacitySample) => {
  if (!reading.known) throw new Error('a story is known');
  return reading;
};

const within = (count: number, { min, max }: { readonly min: number; readonly max: number }): number =>
  Math.max(min, Math.min(max, count));

test('the count stays in its bounds or comes nearer, and the same is decided twice', () => {
  fc.assert(
    fc.property(anyStory, (story) => {
      const sample = sampleOf(story);
      const decision = decided(sample, story);
      const group = known(sample);
      const { from, to } = decision;
      const lower = within(sample.capacity.min ?? group.min, group);
      const upper = within(sample.capacity.max ?? group.max, group);
      expect(to).toBeGreaterThanOrEqual(Math.min(from, lower));
      expect(to).toBeLessThanOrEqual(Math.max(from, upper));
      expect(to).toBe(from + Math.max(0, to - from) - decision.terminate.length);
      expect(JSON.stringify(decided(sample, story))).toBe(JSON.stringify(decision));
    }),
    RUNS,
  );
});

test('no host goes that is protected, or may be, and never more than a tenth at once', () => {
  fc.assert(
    fc.property(anyStory, (story) => {
      const { drain, terminate } = decided(sampleOf(story), story);
      const hosts = story.hosts ?? [];
      for (const each of hosts) {
        const goes = drain.includes(each.container) || terminate.includes(each.id);
        if (!goes) continue;
        expect(each.scaleInProtected).not.toBe(true);
        if (each.tasks > 0) expect(each.protectedTask).toBe(false);
        expect(each.status).toBe(terminate.includes(each.id) ? 'DRAINING' : 'ACTIVE');
      }
      const draining = hosts.filter(({ status }) => status === 'DRAINING').length;
      if (drain.length > 0)
        expect(draining + drain.length).toBeLessThanOrEqual(Math.max(1, Math.floor(hosts.length / 10)));
      const gone = hosts.filter(({ id }) => terminate.includes(id));
      expect(gone.every(({ tasks }) => tasks === 0)).toBe(true);
    }),
    RUNS,
  );
});

test('whatever is unknown, a refresh and disableScaleIn let no host go', () => {
  const cause = fc.constantFrom(
    'reading',
    'refresh',
    'refreshing',
    'count',
    'size',
    'one',
    'all',
    'provider',
  );
  fc.assert(
    fc.property(anyStory, cause, (story, why) => {
      const { reading, capacity } = sampleOf(story);
      const group = known({ reading, capacity });
      const sample = {
        capacity: { ...capacity, disableScaleIn: why === 'one' },
        reading: {
          reading: { known: false, why: 'AWS is silent', error: 'TimeoutError' } as const,
          refresh: { ...group, refreshing: undefined },
          refreshing: { ...group, refreshing: true },
          count: { ...group, needs: { ...group.needs, 'shop/nobody-counted': HOST } },
          size: { ...group, unsized: { 'shop/nobody-sized': 'denied' } },
          provider: { ...group, movedBy: 'shop-provider' },
          one: group,
          all: group,
        }[why],
      };
      const decision = decided(sample, { ...story, disableScaleIn: why === 'all' });
      expect(decision).toMatchObject({ drain: [], terminate: [] });
      expect(decision.to).toBeGreaterThanOrEqual(decision.from);
    }),
    RUNS,
  );
});

test('once the asked hosts are coming, no more are asked for', () => {
  fc.assert(
    fc.property(anyStory, fc.boolean(), (story, areSeen) => {
      const sample = sampleOf(story);
      const { from, to } = decided(sample, story);
      fc.pre(to > from);
      const group = known(sample);
      const coming = Array.from({ length: areSeen ? to - from : 0 }, () => ({ type: 'm7g.large' }));
      // Those of before that nobody has seen yet come first.
      const unseen = from - group.hosts.length - group.coming.length;
      const earlier = Array.from({ length: areSeen ? unseen : 0 }, () => ({ type: 'm7g.large' }));
      const reading = { ...group, desired: to, coming: [...group.coming, ...earlier, ...coming] };
      const again = decided({ ...sample, reading }, story);
      expect(again.to).toBeLessThanOrEqual(to);
      // What had to go before it may follow now: at max an empty host that drains.
      expect(again.to).toBe(to - again.terminate.length);
    }),
    RUNS,
  );
});
