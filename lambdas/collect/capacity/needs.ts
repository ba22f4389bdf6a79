/** Which services run on the hosts of a group, and what one task of each needs there. */
import type { Service as EcsService } from '@aws-sdk/client-ecs';
import { lastPart } from '../../contract/arn.ts';
import type { Size } from '../../contract/capacity.ts';
import { keyOf, type Service } from '../../contract/config.ts';
import { messageOf } from '../../contract/errors.ts';
import { lookAt } from '../counts.ts';
import { taskSize } from './task-sizes.ts';

interface Needs {
  readonly needs: Readonly<Record<string, Size>>;
  /** Services whose size nobody could read, or of which nobody knows where they run: why. */
  readonly unsized: Readonly<Record<string, string>>;
}

/** Hosts of ours, as far as ECS tells: by launch type, or by a capacity provider that stands for the group. */
const isHere = (
  { launchType, capacityProviderStrategy = [] }: EcsService,
  providers: readonly string[],
): boolean =>
  capacityProviderStrategy.length > 0
    ? capacityProviderStrategy.some(({ capacityProvider = '' }) => providers.includes(capacityProvider))
    : (launchType ?? 'EC2') === 'EC2';

const isInCluster = (own: string, cluster: string): boolean =>
  own === cluster ||
  (own.startsWith('arn:') !== cluster.startsWith('arn:') && lastPart(own) === lastPart(cluster));

/** ECS has looked, and there is no such service or it is on its way out: then nothing of it is missing. */
const GONE: ReadonlySet<string> = new Set(['MISSING', 'INACTIVE', 'DRAINING']);

export const needsIn = async (
  cluster: string,
  providers: readonly string[],
  services: readonly Service[],
  abortSignal: AbortSignal,
): Promise<Needs> => {
  const looks = await lookAt(services);
  const needs: Record<string, Size> = {};
  const unsized: Record<string, string> = {};
  const keys = new Set(services.filter((each) => isInCluster(each.cluster, cluster)).map(keyOf));
  const reading = [...keys].map(async (key) => {
    const look = looks.get(key);
    if (look === undefined) return;
    const { counts, described } = look;
    if ('known' in counts && GONE.has(counts.error)) return;
    if (described === undefined) {
      unsized[key] = 'known' in counts ? counts.why : 'ECS did not describe it';
      return;
    }
    if (!isHere(described, providers)) return;
    try {
      needs[key] = await taskSize(described.taskDefinition ?? '', abortSignal);
    } catch (thrown) {
      unsized[key] = messageOf(thrown);
    }
  });
  await Promise.all(reading);
  return { needs, unsized };
};
