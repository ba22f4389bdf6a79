/** Sockets that end when a signal says so, at whatever stage they are: being opened, in the TLS handshake, in the middle of a login. */
import { connect, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';

const KEEP_ALIVE_DELAY_MS = 60_000;

export interface WantedSocket {
  readonly host: string;
  readonly port: number;
  readonly ssl: ConnectionOptions | undefined;
  readonly onConnect: () => void;
}

/** Throws once the signal is aborted, so that a client which opens its sockets anew by itself cannot. */
export const socketsUntil =
  (signal: AbortSignal) =>
  ({ host, port, ssl, onConnect }: WantedSocket): Socket => {
    signal.throwIfAborted();
    const name = isIP(host) === 0 ? { servername: host } : {};
    const socket = ssl
      ? connectTls({ host, port, ...name, ...ssl }, onConnect)
      : connect({ host, port }, onConnect);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_DELAY_MS);
    // With an error, because kafkajs hears of nothing else and would wait for answers for ever.
    const end = () => socket.destroy(new Error('the connection was closed from this side'));
    signal.addEventListener('abort', end, { once: true });
    socket.once('close', () => signal.removeEventListener('abort', end));
    return socket;
  };
