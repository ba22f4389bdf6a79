/**
 * One STOMP session over TCP or TLS.
 *
 * @stomp/stompjs speaks STOMP through WebSockets; what it asks of one is the small interface that a node:net socket fulfils
 * here. Frames, escaping, receipts and subscriptions are its own. Its reconnecting is off: who reads decides when to try again.
 *
 * Gotchas: stompjs opens the socket in a promise that nobody can catch, so the socket is opened before it is asked to. It keeps
 * quiet about a socket that fails, so its end is told here. No heart-beats: a Lambda is frozen between two ticks, and the broker
 * would take it for dead.
 */
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { Client, IStompSocket } from '@stomp/stompjs';
import type { StompEndpoint } from './endpoints.ts';

/** The broker answered with an ERROR frame; the message is its own first line. */
export class StompError extends Error {
  override readonly name = 'StompError';
}

export interface Login {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

export interface StompSession {
  /** Connected. */
  readonly client: Client;
  /** Resolves when the session is over, with the reason. */
  readonly over: Promise<Error>;
  /** Says goodbye and closes the socket; at once where nobody is there to hear it. */
  readonly end: () => Promise<void>;
}

export interface Access {
  readonly login: Login;
  /** How to check the certificate, where the endpoint speaks TLS. */
  readonly tls: ConnectionOptions;
  /** For getting in; what comes after it does not hear of it. */
  readonly signal: AbortSignal;
  /**
   * What else must go well for the session to be of use.
   *
   * @param nudge sends a line break, which means nothing, and with it TCP's acknowledgement of what has come. The broker's
   *   socket holds back a small answer until the one before is acknowledged, which a silent receiver does only after 40 ms.
   */
  readonly begin?: (client: Client, nudge: () => void) => Promise<void>;
  /** Gets the ERROR frames of a session that stands: true when one concerns a single request, else it is the end. */
  readonly onRefusal?: (refusal: StompError) => boolean;
}

/** For a goodbye: the broker then forgets the session in order, and logs no warning. */
const GOODBYE_MS = 500;

/** Read on from the server's name, by whoever knows it. */
const HUNG_UP = 'hung up: is this a STOMP port, and does it speak TLS as its address says?';

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 3;

/** What is written in one turn goes out in one piece: a system call for each of fifty frames took most of their time. */
const write = (socket: Socket, data: string | Uint8Array): void => {
  if (socket.writableCorked === 0) {
    socket.cork();
    process.nextTick(() => socket.uncork());
  }
  socket.write(data);
};

/** A socket as stompjs knows one. */
const adapterFor = (socket: Socket, opened: 'connect' | 'secureConnect'): IStompSocket => {
  let readyState: number = CONNECTING;
  const adapter: IStompSocket = {
    url: '',
    onopen: undefined,
    onmessage: undefined,
    onerror: undefined,
    onclose: undefined,
    get readyState() {
      return readyState;
    },
    send: (data) => write(socket, typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer)),
    close: () => socket.destroy(),
    terminate: () => socket.destroy(),
  };
  socket.on(opened, () => {
    readyState = OPEN;
    adapter.onopen?.();
  });
  socket.on('data', (data) => adapter.onmessage?.({ data }));
  socket.on('close', () => {
    readyState = CLOSED;
    adapter.onclose?.({});
  });
  return adapter;
};

const socketTo = ({ host, port, secure }: StompEndpoint, tls: ConnectionOptions): Socket => {
  const socket = secure
    ? connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...tls })
    : connectPlain({ host, port });
  return socket.setNoDelay(true);
};

/** A CONNECT frame knows no escape for a line break, which would end its header early. */
const checked = (login: Login): Login => {
  const [field] = Object.entries(login).find(([, value]) => /[\r\n]/.test(value ?? '')) ?? [];
  if (field === undefined) return login;
  throw new StompError(`the ${field} has a line break, which STOMP cannot send: store it without`);
};

/** The protocol has no escapes in a CONNECT frame, and stompjs writes none; ActiveMQ takes them for escapes all the same. */
const escaped = (text: string): string => text.replaceAll('\\', '\\\\');

const headersOf = (login: Login): Readonly<Record<string, string>> => {
  const { username, password } = checked(login);
  return {
    ...(username === undefined ? {} : { login: escaped(username) }),
    ...(password === undefined ? {} : { passcode: escaped(password) }),
  };
};

const endOf = (socket: Socket): Promise<Error> => {
  let failure: Error | undefined;
  socket.on('error', (cause) => {
    failure = cause;
  });
  return new Promise((resolve) => {
    socket.on('close', () => resolve(failure ?? new Error(HUNG_UP)));
  });
};

/** @throws StompError when the broker refuses, the signal's reason, what `begin` or the socket failed with */
export const openSession = async (
  endpoint: StompEndpoint,
  { login, tls, signal, begin = async () => undefined, onRefusal = () => false }: Access,
): Promise<StompSession> => {
  const { Client: StompClient } = await import('@stomp/stompjs');
  signal.throwIfAborted();
  const connectHeaders = headersOf(login);
  const socket = socketTo(endpoint, tls);
  const over = endOf(socket);
  const adapter = adapterFor(socket, endpoint.secure ? 'secureConnect' : 'connect');
  const client = new StompClient({
    webSocketFactory: () => adapter,
    connectHeaders,
    reconnectDelay: 0,
    heartbeatIncoming: 0,
    heartbeatOutgoing: 0,
    onStompError: ({ headers }) => {
      const refusal = new StompError(headers['message'] ?? 'an ERROR without a message');
      if (!client.connected || !onRefusal(refusal)) socket.destroy(refusal);
    },
  });
  const end = async (): Promise<void> => {
    const impatient = setTimeout(() => socket.destroy(), GOODBYE_MS);
    await client.deactivate();
    await over;
    clearTimeout(impatient);
  };
  const nudge = (): void => {
    write(socket, '\n');
  };
  const giveUp = (): void => {
    socket.destroy(signal.reason as Error);
  };
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    const connected = new Promise<void>((resolve) => {
      client.onConnect = () => resolve();
    });
    client.activate();
    const ended = await Promise.race([connected.then(() => begin(client, nudge)), over]);
    if (ended !== undefined) throw ended;
    return { client, over, end };
  } catch (thrown) {
    if (client.connected) void end();
    else socket.destroy();
    throw thrown;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
};
