/** Which queues of a configuration the demo makes, and on which servers. */
import { sourceSchema } from '../../lambdas/collect/sources/registry.ts';
import { type AnySource, type Config, keyOf, sourcesOf } from '../../lambdas/contract/config.ts';
import { parseSource } from '../../lambdas/contract/parse.ts';
import { substitute } from '../../lambdas/contract/substitute.ts';
import type { DemoQueue, DemoQueueKind, ServerAddress } from './queue.ts';
import { kinds } from './queues/registry.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A source for which the demo makes a queue, fills it and works on it. */
export interface DemoSource {
  readonly key: string;
  readonly kind: DemoQueueKind;
  /** As the source itself gets them: parsed, every `%(NAME)` replaced. */
  readonly options: unknown;
}

/**
 * One source a service at most: that of `type`, else one that is embedded (an sqs queue, the nginx of the service's own tasks) and so
 * harmless. A source of any other type names a server that may be anybody's: nothing is sent there, and nothing taken from it, unless
 * `--queue` says so.
 *
 * @param type of `--queue`
 * @throws ConfigError when a variable that the source names is not set
 */
export const demoSources = (
  config: Config,
  type: string | undefined,
  env: Environment,
): readonly DemoSource[] =>
  config.services.flatMap((service, index) => {
    const given = sourcesOf(service);
    const optionsOf = (source: AnySource): unknown => {
      const nth = service.sources === undefined ? 'source' : `sources[${given.indexOf(source)}]`;
      return parseSource<typeof sourceSchema>(
        substitute<AnySource>(source, env),
        sourceSchema,
        `services[${index}].${nth}`,
      );
    };
    const asked = given.find((each) => each.type === type);
    const possible = asked === undefined ? given.filter((each) => kinds[each.type]?.embedded) : [asked];
    for (const source of possible) {
      const kind = kinds[source.type];
      const options = optionsOf(source);
      if (kind !== undefined && (source === asked || kind.embedded?.(options)))
        return [{ key: keyOf(service), kind, options }];
    }
    return [];
  });

/**
 * @param workMs how long a task is busy with one message
 * @param addressOf where the server of a source with these options is
 */
export const openQueues = (
  sources: readonly DemoSource[],
  env: Environment,
  workMs: number,
  addressOf: (options: unknown) => ServerAddress,
): Promise<readonly DemoQueue[]> =>
  Promise.all(
    sources.map(({ key, kind, options }) =>
      kind.open(options, { key, env, workMs, server: addressOf(options) }),
    ),
  );
