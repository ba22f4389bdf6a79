/**
 * The servers that the queues of `--queue` live on. One that is up is used as it is; one that is not is started where the
 * configuration says, with the user and password that it gives.
 */
import type { Server } from 'node:http';
import type { DemoSource } from './open.ts';
import { addressText, firstUp, placesOf, placeText, refuseElsewhere } from './places.ts';
import type { DemoServer, NamedServer, ServerAddress } from './queue.ts';
import { type ServerProcess, startServer } from './server-process.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** One server: a process of ours, or somebody else's. */
export interface UsedServer {
  readonly address: ServerAddress;
  readonly process?: ServerProcess;
}

/** The server of a source with these options. */
export type ServerOf = (options: unknown) => UsedServer | undefined;

export interface DemoServers {
  /** Of the sources: those that `--queue` has asked for. */
  readonly asked: readonly string[];
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

/** Where it was asked for, or on a free port. */
export const startedServer = async (
  server: DemoServer<unknown>,
  { places, username, password }: NamedServer,
  log: NodeJS.WritableStream,
): Promise<UsedServer> => {
  const { name, settings } = server;
  const [place] = places;
  const where = place === undefined ? {} : { port: place.port };
  const process = await startServer({ name, settings, username, password, ...where }, log);
  // One that test/servers was told of by a variable may be anywhere.
  refuseElsewhere(placesOf(process.address), server);
  return { process, address: process.address };
};

const keyFor = (options: unknown): string => JSON.stringify(options);

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
  for (const { named } of wanted) refuseElsewhere(named.places, server);
  const byPlace = new Map<string, UsedServer>();
  const byOptions = new Map<string, UsedServer>();
  for (const { options, named } of wanted) {
    const { places, username, password } = named;
    const where = places.map(placeText).join();
    const up = await firstUp(places);
    const known = byPlace.get(where);
    if (known === undefined && up !== undefined) {
      log.write(
        `--queue: ${placeText(up)} is up and used as it is: bursts go there, tasks take from there\n`,
      );
    }
    const used =
      known ??
      (up === undefined
        ? await startedServer(server, named, log)
        : { address: { ...up, username, password } });
    byPlace.set(where, used);
    byOptions.set(keyFor(options), used);
  }
  return (options) => byOptions.get(keyFor(options));
};

/** @param serverOf as {@link bringUp} answers it */
export const serversOf = (
  type: string,
  server: DemoServer<unknown>,
  sources: readonly DemoSource[],
  serverOf: ServerOf,
): DemoServers => {
  const every = sources.map(({ options }) => options);
  const all = [...new Set(every.flatMap((options) => serverOf(options) ?? []))];
  const ours = all.flatMap(({ process }) => process ?? []);
  const others = all.filter(({ process }) => process === undefined);
  const [first] = all;
  const refuseForeign = (): void => {
    if (others.length === 0) return;
    const where = others.map(({ address }) => addressText(address)).join(', ');
    throw new Error(
      `the ${server.name} server at ${where} was up before, so it is not ours to stop: stop and start it where you started it, the loop bears it`,
    );
  };
  const each = async (act: (process: ServerProcess) => Promise<void>): Promise<void> => {
    refuseForeign();
    await Promise.all(ours.map(act));
  };
  return {
    asked: [type],
    addressOf: (options) => serverOf(options)?.address ?? {},
    addresses: { [type]: all.map(({ address }) => addressText(address)).join(', ') },
    endpoints: (first && server.endpoints?.(first.address, every)) ?? {},
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

/** Those of several kinds as one. */
export const together = (asked: readonly string[], all: readonly DemoServers[]): DemoServers | undefined => {
  if (all.length === 0) return undefined;
  const each = async (act: (servers: DemoServers) => Promise<string>): Promise<string> => {
    for (const servers of all) servers.refuseForeign();
    return (await Promise.all(all.map(act))).join('; ');
  };
  return {
    asked,
    addressOf: (options) =>
      all.map(({ addressOf }) => addressOf(options)).find((address) => Object.keys(address).length > 0) ?? {},
    addresses: Object.assign({}, ...all.map(({ addresses }) => addresses)),
    endpoints: Object.assign({}, ...all.map(({ endpoints }) => endpoints)),
    outliveUs: all.some(({ outliveUs }) => outliveUs),
    refuseForeign: () => {
      for (const servers of all) servers.refuseForeign();
    },
    stop: () => each(({ stop }) => stop()),
    start: () => each(({ start }) => start()),
    close: async () => {
      await Promise.all(all.map(({ close }) => close()));
    },
  };
};
