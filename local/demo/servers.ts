/**
 * The servers that the queues of `--queue` live on. One that is up is used as it is; one that is not is started where the
 * configuration says, with the user and password that it gives. A demo sends load, so all of them are on this machine.
 */
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { ConfigError } from '../../lambdas/contract/errors.ts';
import type { DemoSource } from './open.ts';
import type { DemoServer, NamedServer, Place, ServerAddress } from './queue.ts';
import { type ServerProcess, startServer } from './server-process.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** One server: a process of ours, or somebody else's. */
export interface UsedServer {
  readonly address: ServerAddress;
  readonly process?: ServerProcess;
}

export interface DemoServers {
  /** Of the source. */
  readonly type: string;
  readonly addressOf: (options: unknown) => ServerAddress;
  /** For people; no secrets. */
  readonly addresses: Readonly<Record<string, string>>;
  /** AWS services that lead the handlers there, see {@link DemoServer.endpoints}. */
  readonly endpoints: Readonly<Record<string, Server | string>>;
  /** Some were up before us, and will be after us. */
  readonly outliveUs: boolean;
  /** Throws when a server was up before us: it is not ours to stop. */
  readonly refuseForeign: () => void;
  /** Both resolve with what has happened, in a sentence, or throw as {@link DemoServers.refuseForeign}. */
  readonly stop: () => Promise<string>;
  readonly start: () => Promise<string>;
  readonly close: () => Promise<void>;
}

const LOOPBACK = /^(127(\.\d+){3}|localhost|\[?::1\]?)$/i;

const PROBE_LIMIT_MS = 1000;

const listens = ({ host, port }: Place): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: host.replace(/^\[|\]$/g, ''), port, timeout: PROBE_LIMIT_MS });
    const say = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', say(true)).once('error', say(false)).once('timeout', say(false));
  });

const placeText = ({ host, port }: Place): string => `${host}:${port}`;

const refuseElsewhere = ({ places }: NamedServer, { name, settings }: DemoServer<unknown>): void => {
  const elsewhere = places.filter(({ host }) => !LOOPBACK.test(host));
  if (elsewhere.length === 0) return;
  const message = `--queue sends messages to its queue and takes them from it, so the ${name} server must be on this machine, not at ${elsewhere.map(placeText).join(', ')}; give 127.0.0.1 by ${settings}`;
  throw new ConfigError([{ path: '--queue', message }], 'the command');
};

const firstUp = async (places: readonly Place[]): Promise<Place | undefined> => {
  const up = await Promise.all(places.map(listens));
  return places[up.indexOf(true)];
};

const serverFor = async (
  named: NamedServer | undefined,
  server: DemoServer<unknown>,
  log: NodeJS.WritableStream,
): Promise<UsedServer> => {
  const { name, settings } = server;
  if (named === undefined) return await freshServer(server, log);
  const { username, password, places } = named;
  const up = await firstUp(places);
  if (up !== undefined) {
    log.write(`--queue: ${placeText(up)} is up and used as it is: bursts go there, tasks take from there\n`);
    return { address: { ...up, username, password } };
  }
  const process = await startServer({ name, settings, port: places[0].port, username, password }, log);
  return { process, address: process.address };
};

const keyFor = (options: unknown): string => JSON.stringify(options);

/** For the built-in demo: a new server on a free port. */
export const freshServer = async (
  { name, settings }: DemoServer<unknown>,
  log: NodeJS.WritableStream,
): Promise<UsedServer> => {
  const process = await startServer({ name, settings }, log);
  return { process, address: process.address };
};

/** The server of a source with these options. */
export type ServerOf = (options: unknown) => UsedServer | undefined;

/**
 * Brings up every server that the sources name; sources that name none share one.
 *
 * @throws ConfigError when a server is not on this machine
 */
export const bringUp = async (
  sources: readonly DemoSource[],
  server: DemoServer<unknown>,
  env: Environment,
  log: NodeJS.WritableStream,
): Promise<ServerOf> => {
  const wanted = sources.map(({ options }) => ({ options, named: server.named(options, env) }));
  for (const { named } of wanted) if (named !== undefined) refuseElsewhere(named, server);
  const byPlace = new Map<string, UsedServer>();
  const byOptions = new Map<string, UsedServer>();
  for (const { options, named } of wanted) {
    const place = named === undefined ? 'anywhere' : named.places.map(placeText).join();
    const used = byPlace.get(place) ?? (await serverFor(named, server, log));
    byPlace.set(place, used);
    byOptions.set(keyFor(options), used);
  }
  return (options) => byOptions.get(keyFor(options));
};

const addressText = (address: ServerAddress): string => {
  const { endpoint, bootstrapServers, host = '127.0.0.1', port, stompPort } = address;
  return endpoint ?? bootstrapServers ?? `${host}:${port ?? stompPort}`;
};

export const serversOf = (
  type: string,
  server: DemoServer<unknown>,
  sources: readonly DemoSource[],
  serverOf: ServerOf,
): DemoServers => {
  const all = [...new Set(sources.flatMap(({ options }) => serverOf(options) ?? []))];
  const ours = all.flatMap(({ process }) => process ?? []);
  const others = all
    .filter(({ process }) => process === undefined)
    .map(({ address }) => addressText(address));
  const [first] = all;
  const refuseForeign = (): void => {
    if (others.length === 0) return;
    throw new Error(
      `the ${server.name} server at ${others.join(', ')} was up before, so it is not ours to stop: stop and start it where you started it, the loop bears it`,
    );
  };
  const each = async (act: (process: ServerProcess) => Promise<void>): Promise<void> => {
    refuseForeign();
    await Promise.all(ours.map(act));
  };
  return {
    type,
    addressOf: (options) => serverOf(options)?.address ?? {},
    addresses: { [type]: all.map(({ address }) => addressText(address)).join(', ') },
    endpoints:
      (first &&
        server.endpoints?.(
          first.address,
          sources.map(({ options }) => options),
        )) ??
      {},
    outliveUs: others.length > 0,
    refuseForeign,
    stop: async () => {
      await each((process) => process.stop());
      return `the ${server.name} server is stopped`;
    },
    start: async () => {
      await each((process) => process.start());
      return `the ${server.name} server is up again`;
    },
    close: async () => {
      await Promise.all(ours.map((process) => process.close()));
    },
  };
};
