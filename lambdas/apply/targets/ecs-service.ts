/**
 * An ECS service as a target: one UpdateService with an absolute count and nothing else, which opens no deployment and
 * does no harm when it is repeated.
 */
import type { ECSClient } from '@aws-sdk/client-ecs';
import { explain, surelyRefused } from '../../contract/aws-errors.ts';
import type { Decision } from '../../contract/records.ts';

/** Two tries of this after those of the save stay under the function's own 20 s. */
const TIME_LIMIT_MS = 4000;

let client: Promise<ECSClient> | undefined;

const ecs = (): Promise<ECSClient> => {
  // Without the last flag the SDK only warns of a request that takes too long.
  const requestHandler = {
    requestTimeout: TIME_LIMIT_MS,
    connectionTimeout: 2000,
    throwOnRequestTimeout: true,
  };
  client ??= import('@aws-sdk/client-ecs').then(
    ({ ECSClient }) => new ECSClient({ maxAttempts: 2, requestHandler }),
  );
  return client;
};

export type Result =
  | { readonly applied: true }
  /** `maybe`: the answer got lost, so the count may have been accepted all the same. */
  | { readonly applied: false; readonly error: string; readonly maybe: boolean };

export const setDesiredCount = async ({
  cluster,
  service,
  to,
}: Pick<Decision, 'cluster' | 'service' | 'to'>): Promise<Result> => {
  try {
    const { UpdateServiceCommand } = await import('@aws-sdk/client-ecs');
    await (await ecs()).send(new UpdateServiceCommand({ cluster, service, desiredCount: to }));
    return { applied: true };
  } catch (thrown) {
    return {
      applied: false,
      error: explain(thrown, 'ecs:UpdateService', `service ${cluster}/${service}`),
      maybe: !surelyRefused(thrown),
    };
  }
};
