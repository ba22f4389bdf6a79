/**
 * Stands before the embedded endpoints, and lets each call through, answers it itself, delays, doubles or loses it. Unmodified SDK clients
 * speak to it by the `AWS_ENDPOINT_URL…` of {@link Front.env}. A call of an invocation is known by the trace that
 * the handlers' host sends along (`local/lambda-host.ts`).
 *
 * Gotcha: `Date` and S3's `Last-Modified` are rewritten to the given clock, since leases are judged by them.
 */
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Clock } from '../../local/clock.ts';
import type { Api, Call, Fault } from './fault.ts';
import type { Injections } from './injections.ts';
import { refusalOf } from './refusal.ts';

/** Clients of the story carry this in their user agent: no fault befalls their calls. */
export const STORY_AGENT = 'pulsescale-story';

export type Caller = Pick<Call, 'room' | 'act' | 'execution' | 'delivery'>;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface FrontParts {
  readonly clock: Clock;
  readonly injections: Injections;
  /** Who calls with this trace; `dead`: whoever it was has ended, and nothing that he still sends arrives. Unset: nobody is known. */
  readonly callerOf?: (trace: string) => Caller | 'dead' | undefined;
  /** Told of each call that an endpoint answered with 2xx, whether the answer reached the caller or not. */
  readonly onAccepted?: (call: Call, trace: string | undefined, answered: boolean) => void;
}

export interface Front {
  /** As those that were given, each leading here. */
  readonly env: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

const apiOf = ({ method, headers, url = '' }: IncomingMessage, body: string): Api => {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    const [service = '', action = ''] = target.split('.');
    return `${service === 'AmazonSQS' ? 'sqs' : 'ecs'}:${action}` as Api;
  }
  if (String(headers['content-type']).includes('x-www-form-urlencoded'))
    return `sns:${new URLSearchParams(body).get('Action')}` as Api;
  if (method === 'PUT') return 's3:PutObject';
  return url.includes('list-type=2') ? 's3:ListObjectsV2' : 's3:GetObject';
};

const DROPPED = /^(content-length|transfer-encoding|connection|keep-alive|date)$/;

/** Never resolves: the caller waits until his own patience ends. */
const SILENCE = new Promise<never>(() => undefined);

export const startFront = async (
  targets: Readonly<Record<string, string>>,
  parts: FrontParts,
): Promise<Front> => {
  const { clock, injections } = parts;
  const agent = new Agent({ keepAlive: true });
  const modified = new Map<string, number>();

  const passOn = async (target: string, asked: IncomingMessage, body: Buffer): Promise<Answer> => {
    const { host: _host, connection: _connection, expect: _expect, ...headers } = asked.headers;
    const outgoing = request(new URL(asked.url ?? '/', target), { method: asked.method, headers, agent });
    outgoing.end(body);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    const [path = ''] = (asked.url ?? '').split('?', 1);
    const status = answer.statusCode ?? 500;
    if (asked.method === 'PUT' && status < 300) modified.set(path, clock.now());
    const kept = Object.entries(answer.headers).filter(([name]) => !DROPPED.test(name));
    const lastModified = modified.get(path);
    return {
      status,
      headers: {
        ...Object.fromEntries(kept),
        ...('last-modified' in answer.headers && lastModified !== undefined
          ? { 'last-modified': new Date(lastModified).toUTCString() }
          : {}),
      },
      body: await buffer(answer),
    };
  };

  const send = (response: ServerResponse, { status, headers, body }: Answer): void => {
    response.writeHead(status, { ...headers, date: new Date(clock.now()).toUTCString() });
    response.end(body);
  };

  const serve = async (target: string, asked: IncomingMessage, response: ServerResponse): Promise<void> => {
    const bytes = await buffer(asked);
    const header = asked.headers['x-amzn-trace-id'];
    const trace = typeof header === 'string' ? header : undefined;
    const caller = (): Caller | 'dead' => (trace === undefined ? {} : (parts.callerOf?.(trace) ?? {}));
    const who = caller();
    if (who === 'dead') return void response.destroy();
    const call: Call = {
      api: apiOf(asked, bytes.toString()),
      ...who,
      body: bytes.toString(),
      path: asked.url ?? '/',
    };
    const isStory = String(asked.headers['user-agent']).includes(STORY_AGENT);
    const fault: Fault = (isStory ? undefined : injections.meet(call)) ?? { how: 'none' };
    const { how } = fault;

    await fault.before?.(call);
    if (caller() === 'dead' || how === 'refuse') return void response.destroy();
    if (how === 'silent') return SILENCE;
    if (how === 'error' || how === 'throttle' || how === 'deny' || how === 'garbage') {
      const { status, type, body } = refusalOf(call.api, how);
      return send(response, { status, headers: { 'content-type': type }, body: Buffer.from(body) });
    }
    const unheard = how === 'late' || how === 'lost' || how === 'mute';
    const land = async (isHeard = !unheard): Promise<Answer> => {
      const answer = await passOn(target, asked, bytes);
      if (answer.status < 300) parts.onAccepted?.(call, trace, isHeard && caller() !== 'dead');
      return answer;
    };
    if (how === 'late') {
      await clock.sleep((fault.lateSeconds ?? 8) * 1000);
      await land();
      return;
    }
    const first = await land(!unheard && how !== 'twice');
    const answer = how === 'twice' ? await land() : first;
    await fault.after?.(call);
    if (how === 'mute') return SILENCE;
    if (how === 'lost') return void response.destroy();
    const body = fault.alter === undefined ? answer.body : Buffer.from(fault.alter(answer.body.toString()));
    send(response, { ...answer, body });
  };

  const servers = await Promise.all(
    [...new Set(Object.values(targets))].map(async (target) => {
      // Nobody's connection is cut because he was idle, in real time, for Node's usual 5 s.
      const server = createServer({ keepAliveTimeout: 600_000 }, (asked, response) => {
        serve(target, asked, response).catch(() => response.destroy());
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      return { target, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
    }),
  );
  return {
    env: Object.fromEntries(
      Object.entries(targets).map(([name, target]) => [
        name,
        servers.find((each) => each.target === target)?.url ?? target,
      ]),
    ),
    close: async () => {
      for (const { server } of servers) {
        server.closeAllConnections();
        server.close();
      }
      agent.destroy();
    },
  };
};
