/**
 * ECS in its own wire format (AWS JSON 1.1 over HTTP), as a thin skin on the world: services, tasks, hosts and who moves them, each in a
 * file of its own under `ecs/`. Unmodified SDK clients speak to it.
 */
import type { Server } from 'node:http';
import { awsJson } from './aws-json.ts';
import type { EcsBackend } from './ecs/backend.ts';
import { capacityProviderActions } from './ecs/capacity-providers.ts';
import { containerInstanceActions } from './ecs/container-instances.ts';
import { serviceActions } from './ecs/services.ts';
import { taskActions } from './ecs/tasks.ts';

const actions = {
  ...serviceActions,
  ...taskActions,
  ...containerInstanceActions,
  ...capacityProviderActions,
};

/** @returns the server, not yet listening */
export const ecsEndpoint = (backend: EcsBackend): Server => {
  const counted = Object.entries(actions).map(([name, act]) => [
    name,
    (input: unknown) => {
      backend.count(`ecs:${name}`);
      return act(backend, input);
    },
  ]);
  return awsJson('1.1', Object.fromEntries(counted));
};
