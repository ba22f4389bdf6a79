/**
 * A door in front of a real Kinesis: sees its calls, and refuses some of them as AWS would. It knows the shard of an iterator,
 * which the call itself does not tell.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { AwsFault } from '../../local/endpoints/aws-json.ts';

export interface Front {
  readonly url: string;
  /** Every call so far; GetRecords too with its `ShardId`. */
  readonly calls: { readonly action: string; readonly input: Readonly<Record<string, unknown>> }[];
  /** Throws an {@link AwsFault} to refuse a call, waits to keep it waiting. */
  refuse: (action: string, input: Readonly<Record<string, unknown>>) => unknown;
  readonly close: () => Promise<void>;
}

export const startFront = async (target: string): Promise<Front> => {
  const shards = new Map<unknown, unknown>();
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const action = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const given = JSON.parse(body === '' ? '{}' : body) as Readonly<Record<string, unknown>>;
    const ShardId = given['ShardId'] ?? shards.get(given['ShardIterator']);
    const input = { ...given, ShardId };
    const send = (status: number, answer: string): void => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(answer);
    };
    front.calls.push({ action, input });
    try {
      await front.refuse(action, input);
      const headers = ['content-type', 'x-amz-target', 'x-amz-date', 'authorization'].map(
        (name) => [name, String(request.headers[name])] as const,
      );
      const answer = await fetch(target, { method: 'POST', headers: Object.fromEntries(headers), body });
      const said = await answer.text();
      const { ShardIterator, NextShardIterator = ShardIterator } = JSON.parse(said === '' ? '{}' : said);
      shards.set(NextShardIterator, ShardId);
      send(answer.status, said);
    } catch (thrown) {
      if (thrown instanceof AwsFault)
        send(400, JSON.stringify({ __type: thrown.type, message: thrown.message }));
      else response.destroy();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const front: Front = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    refuse: () => undefined,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return front;
};
