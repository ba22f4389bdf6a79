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
 * One source a service at most: that of `type`, else an sqs queue, which is embedded and so harmless. A source of any other
 * type names a server that may be anybody's: nothing is sent there, and nothing taken from it, unless `--queue` says so.
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
    const found = given.find((each) => each.type === type) ?? given.find((each) => each.type === 'sqs');
    const kind = found && kinds[found.type];
    if (found === undefined || kind === undefined) return [];
    const nth = service.sources === undefined ? 'source' : `sources[${given.indexOf(found)}]`;
    const options = parseSource<typeof sourceSchema>(
      substitute<AnySource>(found, env),
      sourceSchema,
      `services[${index}].${nth}`,
    );
    return [{ key: keyOf(service), kind, options }];
  });

/** @param addressOf where the server of a source with these options is */
export const openQueues = (
  sources: readonly DemoSource[],
  env: Environment,
  addressOf: (options: unknown) => ServerAddress,
): Promise<readonly DemoQueue[]> =>
  Promise.all(
    sources.map(({ key, kind, options }) => kind.open(options, { key, env, server: addressOf(options) })),
  );
