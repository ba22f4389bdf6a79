/** What `npm run bench:decide` measures is what the loop does: real decisions that move, with every guard, and the memory carried. */
import { describe, expect, test } from '@jest/globals';
import { guardedCases } from '../../../bench/decide/cases.ts';
import { policySchema } from '../../../lambdas/contract/policies.ts';
import { decide } from '../../../lambdas/decide/decide.ts';
import { guards } from '../../../lambdas/decide/guards/registry.ts';
import { circumstances, tools } from '../../samples.ts';

const cases = guardedCases(tools);

test('every policy has its turn', () => {
  expect(cases.map(({ name }) => name).sort()).toEqual(
    policySchema.options.map(({ shape }) => shape.type.value).sort(),
  );
});

describe.each(cases.map((each) => [each.name, each] as const))('%s', (_, { service, ticks }) => {
  test('has every guard to pass, but those under which nothing moves', () => {
    const always = ['unknown', 'starting', 'disableScaleIn'];
    const configured = guards
      .filter(({ by }) => always.includes(by) || Object.hasOwn(service, by))
      .map(({ by }) => by);
    expect(configured).toEqual(guards.map(({ by }) => by).filter((by) => by !== 'pause' && by !== 'dryRun'));
    expect(service.fallback).toBeDefined();
  });

  test('scales out and in, and gives the recorded counts again from memory that travels as objects', () => {
    let memory = {};
    const directions = new Set<string>();
    for (const { at, readings, counts, to } of ticks) {
      const decided = decide({ service, readings: [...readings], counts, memory }, circumstances({ at }));
      memory = decided.memory;
      directions.add(decided.decision.direction);
      expect(decided.decision.to).toBe(to);
    }
    expect([...directions].sort()).toEqual(['hold', 'in', 'out']);
  });
});
