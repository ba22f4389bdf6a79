/** Whose queue a burst goes to. */
import { type Config, sourcesOf } from '../../lambdas/contract/config.ts';
import type { DemoQueue } from './queue.ts';
import { choices } from './queues/registry.ts';

const noQueue = (config: Config): string => {
  const types = new Set(config.services.flatMap((service) => sourcesOf(service).map(({ type }) => type)));
  const remedy = [...types].find((type) => choices.includes(type));
  const hint = remedy === undefined ? '' : `; --queue ${remedy} makes one`;
  return `no service has a queue of the demo, its sources are of type ${[...types].join(', ')}${hint}`;
};

/**
 * @param to `all`, the name of a service, or `cluster/service`; unset: the first
 * @throws Error when there is none
 */
export const burstQueues = (
  queues: readonly DemoQueue[],
  config: Config,
  to: string | undefined,
): readonly DemoQueue[] => {
  if (queues.length === 0) throw new Error(noQueue(config));
  if (to === undefined) return queues.slice(0, 1);
  const found = queues.filter(({ key }) => to === 'all' || key === to || key.endsWith(`/${to}`));
  if (found.length > 0) return found;
  const known = queues.map(({ key }) => key).join(', ');
  throw new Error(`${to} has no queue of the demo; those that have one: ${known}`);
};
