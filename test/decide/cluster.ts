/** A cluster with hosts, for tests: what collect would have seen of it, and what is decided. */
import type {
  CapacityDecision,
  CapacityReading,
  CapacitySample,
  ClusterCapacity,
  Host,
  Size,
} from '../../lambdas/contract/capacity.ts';
import { decideCapacity } from '../../lambdas/decide/capacity.ts';
import { AT } from '../samples.ts';

type Known = Extract<CapacityReading, { known: true }>;

/** What a host offers unless a test says otherwise: four tasks of {@link TASK}, to the last CPU unit and MiB. */
export const HOST: Size = { cpu: 2048, memory: 4096 };
export const TASK: Size = { cpu: 512, memory: 1024 };

/** @param used CPU units and MiB that tasks have reserved on it */
export const host = (
  id: string,
  used: readonly [number, number] = [0, 0],
  given: Partial<Host> = {},
): Host => {
  const { registered = HOST } = given;
  const [cpu, memory] = used;
  return {
    id: `i-${id}`,
    container: `c-${id}`,
    type: 'm7g.large',
    status: 'ACTIVE',
    registered,
    free: { cpu: registered.cpu - cpu, memory: registered.memory - memory },
    tasks: memory > 0 ? 1 : 0,
    ...(memory > 0 ? { protectedTask: false } : {}),
    ...given,
  };
};

/** With room for not one more task. */
export const full = (id: string, given: Partial<Host> = {}): Host => host(id, [1900, 3900], given);

export interface Story {
  readonly hosts?: readonly Host[];
  readonly group?: Partial<Known>;
  readonly capacity?: Partial<ClusterCapacity>;
  /** Tasks that were decided and are nowhere yet, by service; undefined: the count is unknown. */
  readonly missing?: Readonly<Record<string, number | undefined>>;
  readonly disableScaleIn?: boolean;
}

export const sampleOf = ({ hosts = [], group = {}, capacity = {}, missing = {} }: Story): CapacitySample => ({
  capacity: {
    cluster: 'shop',
    autoScalingGroup: 'shop-hosts',
    cpuBuffer: 0,
    memoryBuffer: 0,
    disableScaleIn: false,
    ...capacity,
  },
  reading: {
    known: true,
    desired: hosts.length + (group.coming?.length ?? 0),
    min: 0,
    max: 10,
    hosts,
    coming: [],
    needs: Object.fromEntries(Object.keys(missing).map((key) => [key, TASK])),
    refreshing: false,
    ...group,
  },
});

export const decided = (
  sample: CapacitySample,
  { missing = {}, disableScaleIn = false }: Story = {},
): CapacityDecision => {
  const services = Object.entries(missing).flatMap(([key, count]) =>
    count === undefined ? [] : [{ key, to: count + 3, running: 2, pending: 1 }],
  );
  const [decision] = decideCapacity([sample], services, { at: AT, term: 1, disableScaleIn });
  if (decision === undefined) throw new Error('nothing was decided');
  return decision;
};

export const decidedOn = (story: Story): CapacityDecision => decided(sampleOf(story), story);

export const whys = ({ reasons }: CapacityDecision): string => reasons.map(({ why }) => why).join('\n');
