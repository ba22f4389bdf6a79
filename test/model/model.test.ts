/**
 * Never two on one term, nothing forgotten, and a live reviver always leads to a live lane: in every interleaving of the scenarios, by the
 * real `lease.ts` and `save.ts` (`npm run model` says how many those are).
 */
import { expect, test } from '@jest/globals';
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

test.each(Object.entries(MUTATIONS))(
  'without what the loop relies on a promise is broken, and the story says how: %s',
  async (_, { scenario, breaks }) => {
    const { message, story } = await brokenBy(scenario);
    expect(message).toMatch(breaks);
    expect(story[0]).toBe('somebody or the schedule starts e1');
    expect(story.join('\n')).toContain('writes term 1 of e1');
  },
  LONG,
);
