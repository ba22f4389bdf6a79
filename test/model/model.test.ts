/**
 * Never two on one term, nothing forgotten, and a live reviver always leads to a live lane: in every interleaving of the scenarios, by the
 * real `lease.ts` and `save.ts` (`npm run model` says how many those are).
 */
import { describe, expect, test } from '@jest/globals';
import { Broken, explore } from './explore.ts';
import { WITHIN } from './liveness.ts';
import { MUTATIONS } from './mutations.ts';
import { SCENARIOS } from './scenarios.ts';
import type { Scenario } from './state.ts';

const LONG = 120_000;

test.each(SCENARIOS)(
  'no promise is broken: $name',
  async (scenario) => {
    const { states, interleavings, longest } = await explore(scenario);
    expect(states).toBeGreaterThan(1000);
    expect(interleavings).toBeGreaterThan(states);
    expect(longest).toBeLessThanOrEqual(WITHIN);
  },
  LONG,
);

const brokenBy = async (scenario: Scenario): Promise<Broken> => {
  try {
    await explore(scenario);
  } catch (thrown) {
    if (thrown instanceof Broken) return thrown;
    throw thrown;
  }
  throw new Error('no promise was broken');
};

describe('without what the loop relies on a promise is broken, and the story says how', () => {
  test.each([
    ['no-if-match', /both hold term/],
    ['no-if-none-match', /object of term 1 does not know of act/],
    ['lease-ignores-term', /both hold term/],
    ['save-ignores-term', /goes back from term/],
    ['lease-ignores-expiry', /acts on term 1 after term 2 has acted/],
    ['lease-forgets', /object of term 2 does not know of act/],
    ['no-schedule', /nobody acts for 120 seconds/],
  ])(
    '%s',
    async (name, promise) => {
      const mutation = MUTATIONS[name];
      if (mutation === undefined) throw new Error(`there is no mutation ${name}`);
      const { message, story } = await brokenBy(mutation.scenario);
      expect(message).toMatch(promise);
      expect(story[0]).toBe('somebody or the schedule starts e1');
      expect(story.join('\n')).toMatch(/reads the lane|writes term/);
    },
    LONG,
  );

  test('each of them is tried here', () => {
    expect(Object.keys(MUTATIONS)).toHaveLength(7);
  });
});
