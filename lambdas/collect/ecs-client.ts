/** The one client of ECS in this room, loaded when it is first needed. */
import type { ECSClient } from '@aws-sdk/client-ecs';

let client: Promise<ECSClient> | undefined;

export const ecs = (): Promise<ECSClient> => {
  client ??= import('@aws-sdk/client-ecs').then(({ ECSClient }) => new ECSClient({ maxAttempts: 2 }));
  return client;
};
