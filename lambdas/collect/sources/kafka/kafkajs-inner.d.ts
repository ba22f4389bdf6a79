/** What {@link ./node.ts} uses of the inner parts of kafkajs 2.2.4, which has types for its outer ones only. */

declare module 'kafkajs/src/network/connectionPool.js' {
  import type { Socket } from 'node:net';
  import type { ConnectionOptions } from 'node:tls';
  import type { SASLOptions } from 'kafkajs';

  interface WantedSocket {
    readonly host: string;
    readonly port: number;
    readonly ssl: ConnectionOptions | undefined;
    readonly onConnect: () => void;
  }

  interface Exchange {
    readonly request: unknown;
    readonly response: {
      readonly decode: (bytes: Buffer) => Promise<unknown>;
      readonly parse: (decoded: unknown) => Promise<unknown>;
    };
  }

  class ConnectionPool {
    constructor(options: {
      readonly host: string;
      readonly port: number;
      readonly ssl: ConnectionOptions | undefined;
      readonly sasl: SASLOptions | undefined;
      readonly clientId: string;
      readonly connectionTimeout: number;
      readonly requestTimeout: number;
      readonly socketFactory: (wanted: WantedSocket) => Socket;
      readonly logger: unknown;
    });
    send(exchange: Exchange & { readonly logResponseError: boolean }): Promise<unknown>;
  }

  export type { Exchange };
  export default ConnectionPool;
}

declare module 'kafkajs/src/network/requestQueue/index.js' {
  class RequestQueue {
    readonly pending: readonly unknown[];
    scheduleCheckPendingRequests(): void;
  }
  export default RequestQueue;
}

declare module 'kafkajs/src/broker/index.js' {
  import type ConnectionPool from 'kafkajs/src/network/connectionPool.js';
  import type { Exchange } from 'kafkajs/src/network/connectionPool.js';

  class Broker {
    constructor(options: {
      readonly connectionPool: ConnectionPool;
      readonly logger: unknown;
      readonly authenticationTimeout: number;
    });
    readonly connectionPool: ConnectionPool;
    /** By API, once connected. */
    readonly versions: Readonly<Record<number, { readonly maxVersion: number } | undefined>> | null;
    connect(): Promise<void>;
    /** The newest version of a request that both sides know. */
    lookupRequest(apiKey: number, definitions: unknown): (body: object) => Exchange;
  }
  export default Broker;
}

declare module 'kafkajs/src/protocol/requests/index.js' {
  const known: { readonly requests: Readonly<Record<string, unknown>> };
  export default known;
}

declare module 'kafkajs/src/protocol/requests/apiKeys.js' {
  const apiKeys: Readonly<Record<string, number>>;
  export default apiKeys;
}

declare module 'kafkajs/src/protocol/encoder.js' {
  class Encoder {
    writeInt32(value: number): this;
    writeBoolean(value: boolean): this;
    writeUVarInt(value: number): this;
    writeUVarIntString(value: string): this;
  }
  export default Encoder;
}

declare module 'kafkajs/src/protocol/decoder.js' {
  class Decoder {
    constructor(bytes: Buffer);
    readInt16(): number;
    readInt32(): number;
    readInt64(): { toString(): string };
    readUVarIntString(): string | null;
    readUVarIntArray<T>(read: (from: Decoder) => T): T[] | null;
    readTaggedFields(): unknown;
  }
  export default Decoder;
}

declare module 'kafkajs/src/loggers/index.js' {
  const loggers: {
    readonly LEVELS: { readonly NOTHING: number };
    readonly createLogger: (options: {
      readonly level: number;
      readonly logCreator: () => () => void;
    }) => unknown;
  };
  export default loggers;
}
