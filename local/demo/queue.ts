/**
 * What a queue of the demo is, whatever its kind: real messages go in, real consumers take them out, and it is watched
 * directly. A kind is one file in `queues/` and one line in `queues/registry.ts`; its client library is loaded inside
 * {@link DemoQueueKind.open}, so that a demo pays only for its own.
 */
import type { Server } from 'node:http';
import * as z from 'zod';

type Environment = Readonly<Record<string, string | undefined>>;

/** One task of the service: `id` as ECS names it, `index` counts the tasks that this queue has seen. */
export interface DemoTask {
  readonly id: string;
  readonly index: number;
  /**
   * Is busy with a message for so long. Rejects when the task is killed before the end, or must not begin: the message must then
   * not be acknowledged, and what holds it closed, so that the queue delivers it again.
   *
   * @param message its name in this queue, by which it is known when it comes again; unset: it has none
   */
  readonly work: (ms: number, message?: string) => Promise<void>;
}

export interface DemoQueue {
  /** `cluster/service` of who works on it. */
  readonly key: string;
  /** Sends that many real messages. Throws when the server is away. */
  readonly send: (messages: number) => Promise<void>;
  /** As the server itself sees it; `inFlight` is `null` where it cannot tell. Throws when the server is away, never 0. */
  readonly depth: () => Promise<{ readonly backlog: number; readonly inFlight: number | null }>;
  /**
   * A real consumer with a connection of its own: takes a message, is busy with it for `workMs`, acknowledges it, takes
   * the next. Resolves once `stop` is aborted and the message that it has is finished. When the server goes away or the
   * task is killed it throws, its connection closed: until `stop` is aborted it is called again after half a second.
   */
  readonly work: (task: DemoTask, workMs: number, stop: AbortSignal) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Where a server is, as `test/servers/cli.ts` tells it. A server that was up already has only what the options name. */
export const serverAddress = z.object({
  host: z.string().optional(),
  port: z.number().optional(),
  managementUrl: z.string().optional(),
  bootstrapServers: z.array(z.string()).optional(),
  stompPort: z.number().optional(),
  jolokiaUrl: z.string().optional(),
  endpoint: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
});
export type ServerAddress = Readonly<z.infer<typeof serverAddress>>;

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** The server that a source's options name. */
export interface NamedServer {
  /**
   * Where it may listen: one place, or the nodes of a cluster; it is started at the first one if none listens. None where
   * only AWS could tell (the options have the ID of a broker, the name of a stream): it is started on a free port, and
   * {@link DemoServer.endpoints} lead to it.
   */
  readonly places: readonly Place[];
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

export interface DemoContext {
  readonly key: string;
  /** The environment that the handlers get: the embedded AWS endpoints (`AWS_ENDPOINT_URL…`), region and credentials. */
  readonly env: Environment;
  /** The server that these options name, or the one that was started for them; empty for a kind without one. */
  readonly server: ServerAddress;
  /** How long a task is busy with one message: a queue that hands out again what nobody acknowledges must wait longer than that. */
  readonly workMs: number;
  /** Of the sqs sources that the service has besides. */
  readonly queueUrls?: readonly string[];
}

/** How a kind of queue gets its server; a kind that lives in the embedded AWS endpoints (sqs) has none. */
export interface DemoServer<Options> {
  /** What `node test/servers/cli.ts <name>` calls it. */
  readonly name: string;
  /** What to set where no server can be started from here: `REDIS_HOST and REDIS_PORT, or host and port of the source`. */
  readonly settings: string;
  readonly named: (options: Options, env: Environment) => NamedServer;
  /**
   * The source of the built-in demo on a server that was just started, and its policy where `demo.yaml` has none that fits;
   * secrets go into `env` and are named `%(NAME)`.
   */
  readonly demo: (address: ServerAddress) => {
    readonly source: Readonly<Record<string, unknown>>;
    readonly policy?: Readonly<Record<string, unknown>>;
    readonly env?: Readonly<Record<string, string>>;
  };
  /**
   * The AWS services by which the handlers find and watch this server, by the name in their variable `AWS_ENDPOINT_URL_<NAME>`:
   * an endpoint to be served on a free port, or the URL of one that is served already. `options` are those of every source.
   */
  readonly endpoints?: (
    address: ServerAddress,
    options: readonly Options[],
  ) => Readonly<Record<string, Server | string>>;
}

export interface DemoQueueKind<Options = unknown> {
  /** The type of the source that it is the demo of, and the value of `--queue`. */
  readonly type: string;
  readonly server?: DemoServer<Options>;
  /**
   * Whether it is part of what is embedded, or its server comes with this clone and nobody has named another, so that what is sent there
   * reaches nobody else: it is then made unasked, without `--queue`. Unset: never.
   */
  readonly embedded?: (options: Options, env: Environment) => boolean;
  /** AWS services that a kind without a server needs, as {@link DemoServer.endpoints}. */
  readonly endpoints?: () => Readonly<Record<string, Server | string>>;
  /** Makes the queue as the options name it, where it does not exist yet. `%(NAME)` is replaced already. */
  readonly open: (options: Options, context: DemoContext) => Promise<DemoQueue>;
}

/** Ties a kind's parts to the options of its source. */
export const defineDemoQueue = <Options>(kind: DemoQueueKind<Options>): DemoQueueKind<Options> => kind;
