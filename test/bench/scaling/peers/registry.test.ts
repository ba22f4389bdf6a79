import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Peer } from '../../../../bench/scaling/peer.ts';
import { peers } from '../../../../bench/scaling/peers/registry.ts';
import { play } from '../views.ts';

const named: readonly (readonly [string, Peer])[] = peers.map((peer) => [peer.name, peer]);
const setting = { target: 60, meanWork: 2, tasks: { min: 2, max: 30 } };

test('every peer has a name of its own, a rule and a source', () => {
  expect(new Set(peers.map(({ name }) => name)).size).toBe(peers.length);
  for (const { rule, source } of peers) expect([rule, source]).not.toContain('');
});

test.each(named)('%s: a sweep tries what there is, the default among it', (_, { defaults, grid }) => {
  const documented = defaults(setting);
  for (const [name, values] of Object.entries(grid(setting))) {
    expect(values).toContain(documented[name]);
    expect(new Set(values).size).toBe(values.length);
  }
});

/** A load in minutes, and what it makes a service look like. */
const arbitraryScript = fc.array(fc.constantFrom(0, 3, 60, 700, 40_000), { minLength: 8, maxLength: 8 });

test.each(named)('%s: the same load is answered the same, in whole tasks', (_, peer) => {
  fc.assert(
    fc.property(arbitraryScript, fc.integer({ min: 2, max: 30 }), (minutes, desired) => {
      const at = (t: number): number => minutes[Math.floor(t / 120)] ?? 0;
      const script = {
        visible: at,
        inFlight: (t: number, running: number) => Math.min(running, at(t)),
        arrivals: (t: number) => at(t) / 60,
        utilization: (t: number, running: number) => Math.min(100, (100 * at(t)) / Math.max(1, running)),
        oldestAge: (t: number) => (at(t) > 0 ? 30 : 0),
      };
      const once = () =>
        play(peer.create(peer.defaults(setting), setting), script, { seconds: 960, desired, startUp: 23 });
      const actions = once();
      for (const { to } of actions) expect(Number.isInteger(to)).toBe(true);
      expect(once()).toEqual(actions);
    }),
    { numRuns: 5 },
  );
});
