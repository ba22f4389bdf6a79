/**
 * GET /events: Server-Sent Events. Each client first gets one `snapshot` with the facts and the recent past, then an
 * unnamed message for each event, and a `heartbeat` every few seconds by which the page notices a runner that hangs.
 * A reconnecting client gets a new snapshot, so nothing needs to be numbered or replayed.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Runner, RunnerEvent } from '../events.ts';
import { type LoopState, type Received, recentEvents } from './recent-events.ts';

/** The first message on the stream. */
export interface Snapshot {
  readonly runner: Pick<Runner, 'services' | 'interval' | 'lane' | 'addresses' | 'queues'>;
  readonly state: LoopState;
  readonly events: readonly Received[];
}

export interface EventStream {
  /** Adds a client for as long as its connection is open. */
  readonly open: (request: IncomingMessage, response: ServerResponse) => void;
  readonly clients: () => number;
  /** Ends all clients and the subscription. */
  readonly close: () => void;
}

const historySeconds = 600;
const heartbeatMilliseconds = 5_000;
/** A client that reads this much slower than the runner writes is cut off; it comes back and gets a snapshot. */
const mostUnsentBytes = 16 * 1024 * 1024;

/** Subscribes to the runner and keeps its recent past from now on, with or without clients. */
export function eventStream(runner: Runner): EventStream {
  const recent = recentEvents(historySeconds);
  const clients = new Set<ServerResponse>();
  const send = (client: ServerResponse, text: string) => {
    client.write(text);
    if (client.writableLength > mostUnsentBytes) client.destroy();
  };
  const unsubscribe = runner.subscribe((event: RunnerEvent) => {
    const received: Received = { received: Date.now(), event };
    recent.add(received);
    if (clients.size === 0) return;
    const text = `data: ${JSON.stringify(received)}\n\n`;
    for (const client of clients) send(client, text);
  });
  const heartbeat = setInterval(() => {
    for (const client of clients) send(client, 'event: heartbeat\ndata: {}\n\n');
  }, heartbeatMilliseconds);
  heartbeat.unref();

  return {
    open: (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      response.on('close', () => clients.delete(response));
      response.on('error', () => clients.delete(response));
      const { services, interval, lane, addresses, queues } = runner;
      const snapshot: Snapshot = {
        runner: { services, interval, lane, addresses, queues },
        state: recent.state(),
        events: recent.list(Date.now()),
      };
      response.write(`retry: 1000\nevent: snapshot\ndata: ${JSON.stringify(snapshot)}\n\n`);
      clients.add(response);
    },
    clients: () => clients.size,
    close: () => {
      unsubscribe();
      clearInterval(heartbeat);
      for (const client of clients) client.end();
      clients.clear();
    },
  };
}
