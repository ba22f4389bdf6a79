/** What the witness tells of the EC2 hosts of a tick: with `--aws` it is all that a view gets to see. */
import { expect, test } from '@jest/globals';
import type { CapacityReading, CapacitySample } from '../../lambdas/contract/capacity.ts';
import type { RunnerEvent } from '../../local/events.ts';
import { createWitness } from '../../local/witness.ts';
import { capacity } from './views/fixtures.ts';

const SIZE = { cpu: 2048, memory: 4000 };

const seen: CapacityReading = {
  ...{ known: true, desired: 2, min: 0, max: 4, needs: {}, coming: [{ type: 'c7g.large' }] },
  hosts: [
    {
      ...{ id: 'i-1', container: 'c1', type: 'c7g.large', status: 'ACTIVE', tasks: 2, registered: SIZE },
      free: { cpu: 512, memory: 3000 },
    },
  ],
};
const unseen: CapacityReading = { known: false, why: 'access is denied', error: 'AccessDenied' };

const witnessed = (showsWorld: boolean) => {
  const told: RunnerEvent[] = [];
  const said: string[] = [];
  const witness = createWitness({
    tell: (event) => told.push(event),
    say: (event, message) => said.push(`${event} ${message}`),
    ...{ seconds: () => 7, showsWorld },
  });
  const collect = (reading: CapacityReading): void => {
    const sample: CapacitySample = {
      capacity: {
        ...{ cluster: 'shop', autoScalingGroup: 'hosts', cpuBuffer: 0, memoryBuffer: 0 },
        disableScaleIn: false,
      },
      reading,
    };
    witness.see('collect', {}, { samples: [], capacity: [sample] });
  };
  return { told, said, witness, collect };
};

test('in AWS the hosts are shown as the loop saw them, the coming ones too', () => {
  const { told, collect } = witnessed(true);
  collect(seen);
  expect(told).toEqual([
    {
      ...{ kind: 'hosts', t: 7, cluster: 'shop', autoScalingGroup: 'hosts', desired: 2 },
      hosts: [
        { id: 'i-1', status: 'ACTIVE', tasks: 2, cpu: 0.75, memory: 0.25 },
        { id: '', status: 'PENDING', tasks: 0, cpu: 0, memory: 0 },
      ],
    },
  ]);
});

test('hosts that cannot be seen are no empty cluster, and said once', () => {
  const { told, said, collect } = witnessed(true);
  for (const reading of [unseen, unseen, { ...seen, movedBy: 'provider' }]) collect(reading);
  expect(told).toEqual([]);
  expect(said).toEqual([
    'source-unknown hosts of shop: access is denied',
    'source-known hosts of shop: they can be seen again',
  ]);
});

test('changes are told, holds are not, a dry run once as long as it wants the same', () => {
  const { told, witness } = witnessed(false);
  const decide = (...decisions: readonly ReturnType<typeof capacity>[]): void =>
    witness.see('decide', {}, { decisions: [], capacity: decisions });
  const held = capacity({ to: 2, direction: 'hold' });
  const wishing = (hosts: number) => ({
    ...held,
    reasons: [{ by: 'dryRun', said: 2, why: `dry run: would have ${hosts} hosts` }],
  });
  decide(capacity());
  for (const each of [held, wishing(3), wishing(3), wishing(4), held, wishing(4)]) decide(each);
  expect(told.map((event) => event.kind === 'capacity' && event.reasons[0]?.why)).toEqual([
    expect.stringContaining('no room for all'),
    ...[3, 4, 4].map((hosts) => `dry run: would have ${hosts} hosts`),
  ]);
});

test('what became of the hosts is told with the outcomes; a room of an older version knows none', () => {
  const { told, witness } = witnessed(false);
  witness.see('apply', {}, { outcomes: [], capacityOutcomes: [{ ...capacity(), applied: true }] });
  witness.see('apply', {}, { outcomes: [] });
  expect(told).toEqual([{ kind: 'capacity-outcome', ...capacity(), applied: true }]);
});
