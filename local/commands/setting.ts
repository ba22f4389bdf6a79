/**
 * What `pulsescale run` runs on: the configuration as it was given, or the built-in demo, and with `--queue` the servers of
 * that kind, up before anything else starts.
 */
import { sourceSchema } from '../../lambdas/collect/sources/registry.ts';
import { type Config, sourcesOf } from '../../lambdas/contract/config.ts';
import { ConfigError } from '../../lambdas/contract/errors.ts';
import { parseConfig } from '../../lambdas/contract/parse.ts';
import { namesIn } from '../../lambdas/contract/substitute.ts';
import { readEnvironment } from '../../lib/config-environment.ts';
import { loadConfigFile, parseRead, type ReadConfig, readConfigFile } from '../../lib/config-file.ts';
import { translationNotice } from '../../lib/translation-notice.ts';
import { demoConfig } from '../assets.ts';
import { demoSources } from '../demo/open.ts';
import type { DemoQueueKind, DemoServer } from '../demo/queue.ts';
import { kinds } from '../demo/queues/registry.ts';
import { bringUp, type DemoServers, serversOf, startedServer, together } from '../demo/servers.ts';

export interface Wish {
  readonly config?: string;
  readonly queue?: readonly string[];
  readonly aws?: boolean;
}

export interface Setting {
  readonly config: Config;
  /** The configuration is the built-in one. */
  readonly demo: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly servers?: DemoServers;
}

/** fast-autoscaler's names of the kinds, where they differ. */
const QUEUE_TYPES: Readonly<Record<string, string>> = { activemq: 'amq' };

/** `--queue` also says what QUEUE_TYPE would, unless a variable says that it is something else. */
const withQueueType = (env: NodeJS.ProcessEnv, [queue]: readonly string[] = []): NodeJS.ProcessEnv =>
  queue === undefined || env.QUEUE_TYPE !== undefined || env.SQS_QUEUE_URL !== undefined
    ? env
    : { ...env, QUEUE_TYPE: QUEUE_TYPES[queue] ?? queue };

/** What was given, and the environment that it needs. */
interface Given {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
}

/** Those of a `KEY=value` file that its translation refers to, as `%(REDIS_PASSWORD)`. */
const referred = ({ raw, variables }: ReadConfig): NodeJS.ProcessEnv => {
  const names = namesIn(JSON.stringify(raw) ?? '');
  return Object.fromEntries(Object.entries(variables).filter(([name]) => names.includes(name)));
};

/** Variables that are wrong are a configuration as well. */
const isInEnvironment = (env: NodeJS.ProcessEnv): boolean => {
  try {
    return readEnvironment(env) !== undefined;
  } catch {
    return true;
  }
};

/** `undefined`: nothing was given. */
const given = (
  { config: path, queue }: Wish,
  env: NodeJS.ProcessEnv,
  log: NodeJS.WritableStream,
): Given | undefined => {
  const use = (read: ReadConfig, ...said: readonly (string | undefined)[]): Given => {
    for (const line of said) if (line !== undefined) log.write(`${line}\n`);
    return { config: parseRead(read, sourceSchema), env: { ...env, ...referred(read) } };
  };
  if (path !== undefined) {
    const read = readConfigFile(path, env);
    return use(read, translationNotice(read, path));
  }
  if (!isInEnvironment(env)) return undefined;
  const read = readEnvironment(withQueueType(env, queue));
  return read && use(read, read.notice, translationNotice(read));
};

const disagree = (config: Config, queue: string): ConfigError => {
  const types = new Set(config.services.flatMap((each) => sourcesOf(each).map(({ type }) => type)));
  const message = `is ${queue}, but the configuration has sources of type ${[...types].join(', ')} only; leave --queue out, or name a ${queue} queue in the configuration`;
  return new ConfigError([{ path: '--queue', message }], 'the command');
};

/** The demo's configuration with another source in it, on a server of its own. */
const onFreshServer = async (
  { type }: DemoQueueKind,
  server: DemoServer<unknown>,
  given: NodeJS.ProcessEnv,
  log: NodeJS.WritableStream,
): Promise<Setting> => {
  const used = await startedServer(server, { places: [] }, log);
  const { env: more, ...changed } = server.demo(used.address);
  const env = { ...given, ...more };
  const raw = readConfigFile(demoConfig(), env).raw as { readonly services: readonly object[] };
  const services = raw.services.map((service) => ({ ...service, ...changed }));
  const config = parseConfig({ ...raw, services }, sourceSchema, `the demo of ${type}`);
  const sources = demoSources(config, [type], env);
  const servers = serversOf(type, server, sources, () => used);
  return { config, demo: true, env, servers };
};

/** Up before anything else: the servers of what was asked for, and of what is made unasked. */
const serversFor = async (
  config: Config,
  asked: readonly string[],
  env: NodeJS.ProcessEnv,
  log: NodeJS.WritableStream,
): Promise<DemoServers | undefined> => {
  const sources = demoSources(config, asked, env);
  const used = new Set(sources.map(({ kind }) => kind));
  for (const type of asked) if (![...used].some((kind) => kind.type === type)) throw disagree(config, type);
  const all: DemoServers[] = [];
  for (const kind of used) {
    if (kind.server === undefined) continue;
    const own = sources.filter((each) => each.kind === kind);
    all.push(serversOf(kind.type, kind.server, own, await bringUp(own, kind.server, env, log)));
  }
  return together(asked, all);
};

/**
 * @param log gets what there is to say about servers
 * @throws ConfigError when what was asked for and what was configured do not go together
 */
export const settingOf = async (
  wish: Wish,
  surroundings: NodeJS.ProcessEnv,
  log: NodeJS.WritableStream,
): Promise<Setting> => {
  const { queue: asked = [] } = wish;
  const found = given(wish, surroundings, log);
  if (found === undefined) {
    if (wish.aws) throw new Error('--aws needs a configuration: --config FILE');
    if (asked.length > 1)
      throw new Error('--queue of several kinds needs a configuration with such queues: --config FILE');
    const kind = kinds[asked[0] ?? ''];
    if (kind?.server !== undefined) return await onFreshServer(kind, kind.server, surroundings, log);
    return {
      config: loadConfigFile(demoConfig(), sourceSchema, surroundings),
      demo: true,
      env: surroundings,
    };
  }
  const { config, env } = found;
  if (wish.aws) return { config, demo: false, env };
  const servers = await serversFor(config, asked, env, log);
  return { config, demo: false, env, ...(servers && { servers }) };
};
