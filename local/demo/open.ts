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
  /** Of the sqs sources that the service has besides. */
  readonly queueUrls: readonly string[];
}

/**
 * One source a service at most: that of an asked type, else one that is embedded (an sqs queue, the nginx of the service's own tasks) and so
 * harmless; a topic goes before the queue that it delivers into. A source of any other type names a server that may be anybody's:
 * nothing is sent there, and nothing taken from it, unless `--queue` says so.
 *
 * @param asked the types of `--queue`
 * @throws ConfigError when a variable that the source names is not set
 */
export const demoSources = (
  config: Config,
  asked: readonly string[],
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
    const wanted = given.filter(({ type }) => asked.includes(type) && kinds[type] !== undefined);
    const others = given.filter(({ type }) => kinds[type]?.embedded !== undefined);
    const possible = [...wanted, ...others].sort((a, b) => rankOf(b, asked) - rankOf(a, asked));
    for (const source of possible) {
      const kind = kinds[source.type];
      const options = optionsOf(source);
      if (kind === undefined || !(wanted.includes(source) || kind.embedded?.(options, env))) continue;
      const queueUrls = given.flatMap((each) =>
        each.type === 'sqs' && each !== source
          ? [(optionsOf(each) as { readonly queueUrl: string }).queueUrl]
          : [],
      );
      return [{ key: keyOf(service), kind, options, queueUrls }];
    }
    return [];
  });

const rankOf = ({ type }: AnySource, asked: readonly string[]): number =>
  asked.includes(type) ? 2 : Number(type === 'sns');

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
    sources.map(({ key, kind, options, queueUrls }) =>
      kind.open(options, { key, env, workMs, queueUrls, server: addressOf(options) }),
    ),
  );
