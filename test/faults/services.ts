/** The ECS services of a story: the world, moved on by the stage's clock whenever somebody looks. */
import { type Config, keyOf } from '../../lambdas/contract/config.ts';
import type { Clock } from '../../local/clock.ts';
import type { EcsBackend } from '../../local/endpoints/ecs/backend.ts';
import { advance, createWorld, findService, setDesired, type World } from '../../local/world.ts';

export interface Services {
  readonly backend: EcsBackend;
  /** Undefined: there is no such service. */
  readonly desired: (key: string) => number | undefined;
  readonly set: (key: string, desired: number) => void;
  readonly remove: (key: string) => void;
  readonly add: (key: string, desired: number) => void;
}

const partsOf = (key: string): readonly [cluster: string, service: string] => {
  const [cluster = '', service = ''] = key.split('/');
  return [cluster, service];
};

/** @param onSet told of each count that ECS is given by its API */
export const createServices = (
  { services }: Config,
  seed: number,
  clock: Clock,
  onSet: (key: string, from: number, to: number) => void,
): Services => {
  let world: World = createWorld({
    ...{ seed, startUpMs: 8000, startUpSigma: 0.04 },
    services: services.map(({ cluster, service, tasks }) => ({ cluster, service, desired: tasks.min })),
  });
  const began = clock.now();
  const now = (): World => {
    world = advance(world, Math.max(0, clock.now() - began - world.now));
    return world;
  };
  const desired = (key: string): number | undefined => findService(now(), ...partsOf(key))?.desired;
  const set = (key: string, count: number): void => {
    world = setDesired(now(), ...partsOf(key), count);
  };
  return {
    backend: {
      services: () => now().services,
      setDesired: (cluster, service, to) => {
        const key = keyOf({ cluster, service });
        onSet(key, desired(key) ?? 0, to);
        set(key, to);
      },
      count: () => undefined,
    },
    ...{ desired, set },
    remove: (key) => {
      world = { ...now(), services: world.services.filter((each) => keyOf(each) !== key) };
    },
    add: (key, count) => {
      const [cluster, service] = partsOf(key);
      world = { ...now(), services: [...world.services, { cluster, service, desired: 0, tasks: [] }] };
      set(key, count);
    },
  };
};
