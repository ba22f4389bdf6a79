/** Everything is decided and nothing is done. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Decision } from '../../../lambdas/contract/records.ts';
import { decide } from '../../../lambdas/decide/decide.ts';
import { anySample } from '../../arbitrary/sample.ts';
import { circumstances } from '../../samples.ts';
import { saidBy, type Tick, tellTicks, toOf } from './story.ts';

const busy = (at: number): Tick => ({ at, wish: 8, counts: 2 });

test('a dry run holds, says what would have been done and remembers no action', () => {
  const { decisions, memory } = tellTicks({ dryRun: true }, [busy(0)]);
  expect(decisions).toMatchObject([{ from: 2, to: 2, direction: 'hold' }]);
  expect(decisions[0]?.reasons).toMatchObject([
    { by: 'target', said: 8 },
    { by: 'dryRun', said: 2, why: 'dry run: would go from 2 to 8' },
  ]);
  expect(memory).toEqual({ desired: 2, kept: { dryRun: [8] } });
});

test('it speaks after the bounds, and not where nothing would be done', () => {
  const tasks = { min: 0, max: 5 };
  expect(saidBy(tellTicks({ dryRun: true, tasks }, [busy(0)]), 'dryRun')?.why).toBe(
    'dry run: would go from 2 to 5',
  );
  expect(saidBy(tellTicks({ dryRun: true, tasks: { min: 0, max: 2 } }, [busy(0)]), 'dryRun')).toBeUndefined();
});

test('it leaves a count outside its bounds alone', () => {
  const told = tellTicks({ dryRun: true, tasks: { min: 4, max: 6 } }, [
    { at: 0, wish: 5, counts: 2 },
    { at: 5, wish: 5, counts: 9 },
  ]);
  expect(toOf(told)).toEqual([2, 9]);
  expect(saidBy(told, 'dryRun')?.why).toBe('dry run: would go from 9 to 5');
});

describe('nothing of it counts once it is over', () => {
  const config = { cooldown: { out: 600 }, limits: { out: [{ tasks: 4, per: 60 }] } };
  test('no cooldown runs and no limit is used up', () => {
    const dry = tellTicks({ ...config, dryRun: true }, [busy(0), busy(5), busy(10)]);
    expect(dry.decisions.map(({ reasons }) => reasons.at(-1)?.why)).toEqual(
      Array(3).fill('dry run: would go from 2 to 6'),
    );
    const real = tellTicks(config, [busy(15)], dry.memory);
    expect(toOf(real)).toEqual([6]);
    expect(real.memory.kept).not.toHaveProperty('dryRun');
  });
});

test('whatever happens, nothing is changed, and all but that is as it would be', () => {
  fc.assert(
    fc.property(anySample, fc.boolean(), (sample, disableScaleIn) => {
      const given = { ...sample, memory: { ...sample.memory, kept: {} } };
      const withDryRun = (dryRun: boolean) =>
        decide({ ...given, service: { ...given.service, dryRun } }, circumstances({ disableScaleIn }));
      const [dry, real] = [withDryRun(true).decision, withDryRun(false).decision];
      expect(dry).toMatchObject({ direction: 'hold', from: real.from, to: real.from });
      const why = `dry run: would go from ${real.from} to ${real.to}`;
      // What it would have done takes a place in the memory, and where that is full somebody else loses his, and says so.
      const said = ({ reasons }: Decision) => reasons.filter(({ by }) => by !== 'memory');
      expect(said(dry)).toEqual(
        real.from === real.to ? said(real) : [...said(real), { by: 'dryRun', said: real.from, why }],
      );
    }),
    { numRuns: 2000 },
  );
});
