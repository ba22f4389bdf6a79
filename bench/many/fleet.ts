/** Fifty services in three clusters, with what holds for each cluster said once, and a budget that some of them share. */
import { sourceSchema } from '../../lambdas/collect/sources/registry.ts';
import type { Config } from '../../lambdas/contract/config.ts';
import { parseConfig } from '../../lambdas/contract/parse.ts';
import type { ServerAddress } from '../../local/demo/queue.ts';
import { type Failure, failures, type Trouble } from './failures.ts';
import { type Kind, kinds } from './kinds.ts';

export interface Member {
  readonly cluster: string;
  readonly service: string;
  readonly type: string;
  /** Of its queue. */
  readonly source: Readonly<Record<string, unknown>>;
  readonly failure?: Failure;
  /** It shares the budget. */
  readonly grouped: boolean;
}

export const BUDGET = 14;

const CLUSTERS = ['shop', 'mail', 'media'] as const;
/** The cluster whose services of one kind share a budget. */
const GROUP = { cluster: CLUSTERS[0], type: 'sqs' } as const;

type AddressOf = (type: string) => ServerAddress;

const healthy = (chosen: readonly Kind[], addressOf: AddressOf): readonly Member[] =>
  chosen.flatMap(({ type, services, options }) =>
    Array.from({ length: services }, (_, nth): Member => {
      const cluster = CLUSTERS[nth % CLUSTERS.length] ?? GROUP.cluster;
      const service = `${type}-${nth + 1}`;
      return {
        cluster,
        service,
        type,
        source: { type, ...options(`many-${nth + 1}`, addressOf(type)) },
        grouped: cluster === GROUP.cluster && type === GROUP.type,
      };
    }),
  );

const failing = (chosen: readonly Kind[], addressOf: AddressOf, trouble: Trouble): readonly Member[] =>
  failures
    .filter(({ type }) => type === undefined || chosen.some((kind) => kind.type === type))
    .map((failure, nth): Member => {
      const source = failure.source(trouble, failure.type === undefined ? {} : addressOf(failure.type));
      return {
        cluster: failure.ecs === 'no cluster' ? 'nowhere' : (CLUSTERS[nth % CLUSTERS.length] ?? ''),
        service: `failing-${nth + 1}`,
        type: String(source['type']),
        source,
        failure,
        grouped: false,
      };
    });

/** @param types of source; empty: all */
export const fleetOf = (types: readonly string[], addressOf: AddressOf, trouble: Trouble) => {
  const chosen = kinds.filter(({ type }) => types.length === 0 || types.includes(type));
  return { healthy: healthy(chosen, addressOf), failing: failing(chosen, addressOf, trouble) };
};

/** One lane of these services. */
export const configOf = (
  loop: { readonly name: string; readonly interval: number },
  members: readonly Member[],
): Config => {
  const grouped = members
    .filter((each) => each.grouped)
    .map(({ cluster, service }) => `${cluster}/${service}`);
  const services = members.map(({ cluster, service, source }) => ({ cluster, service, source }));
  return parseConfig(
    {
      loop: { ...loop, executionLength: '20s' },
      defaults: { tasks: { max: 8 }, policy: { type: 'target', backlogPerTask: 10 }, emptyFor: 0 },
      clusters: [
        { cluster: 'shop', defaults: { cooldown: { in: 0 } } },
        {
          cluster: 'mail',
          defaults: { cooldown: { in: 0 }, policy: { type: 'target', backlogPerTask: 20 } },
        },
        { cluster: 'media', defaults: { cooldown: { in: 0 }, tasks: { max: 4 } } },
      ],
      groups:
        grouped.length === 0
          ? []
          : [{ services: grouped, maxTotalTasks: BUDGET, priority: grouped.slice(0, 1) }],
      services,
    },
    sourceSchema,
  );
};
