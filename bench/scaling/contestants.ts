/** Who runs in the bench besides the bounds: the peers, and ours by their configurations. */
import { anySource, type Service, serviceSchema } from '../../lambdas/contract/config.ts';
import { toolsFor } from '../../lambdas/tools.ts';
import type { Controller } from '../../local/simulation/controller.ts';
import { ours } from '../../local/simulation/ours.ts';
import { entries } from './entries.ts';
import type { Parameters, Setting } from './peer.ts';
import { peers } from './peers/registry.ts';

/** A configuration that somebody brought: a service without names and source, as it was written. */
export interface Own {
  readonly service: Readonly<Record<string, unknown>>;
  readonly interval: number;
}

interface Chosen {
  readonly contestant: string;
  readonly parameters?: Parameters;
  readonly interval?: number;
  readonly own?: Own;
  readonly load: { readonly seed: number };
}

const tools = await toolsFor([{ schedule: [] }]);
const parser = serviceSchema(anySource);

export const parsedService = (service: Own['service'], tasks: Setting['tasks']): Service =>
  parser.parse({ cluster: 'bench', service: 'bench', tasks, source: { type: 'sqs' }, ...service });

/** @throws Error for a name that nobody has */
export const controllerOf = (chosen: Chosen, setting: Setting): Controller => {
  const { contestant, parameters, own, load } = chosen;
  if (own !== undefined) {
    const interval = chosen.interval ?? own.interval;
    return ours({ service: parsedService(own.service, setting.tasks), tools, interval });
  }
  const entry = entries.find(({ name }) => name === contestant);
  if (entry !== undefined) {
    const service = parsedService(entry.service(setting), setting.tasks);
    const interval = chosen.interval ?? entry.interval;
    return ours({ service, tools, interval, see: entry.see, seed: load.seed });
  }
  const peer = peers.find(({ name }) => name === contestant);
  if (peer === undefined) throw new Error(`there is no contestant "${contestant}"`);
  return peer.create(parameters ?? peer.defaults(setting), setting);
};
