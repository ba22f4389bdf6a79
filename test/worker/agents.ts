/** An ECS agent for one task: the runner's endpoint on a port of its own, with what it was asked and how it shall refuse. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { agentEndpoint } from '../../local/endpoints/agent.ts';

export interface Agent {
  readonly uri: string;
  /** What was put so far: the minutes, or `false` for a release. */
  readonly puts: (number | false)[];
  /** Of the task: whether it is protected now. */
  readonly isOn: () => boolean;
  /** From now on every request is answered like this; `undefined`: as the agent does. `hang`: never. */
  refuse: readonly [status: number, body: unknown] | 'hang' | undefined;
  readonly close: () => void;
}

export const startAgent = async (): Promise<Agent> => {
  let until: number | undefined;
  const agent = agentEndpoint({
    task: (id) => (id === 'a' ? { arn: 'arn:aws:ecs:us-east-1:1:task/shop/a', until } : undefined),
    protect: (_, minutes) => {
      until = minutes === undefined ? undefined : Date.now() + minutes * 60_000;
    },
  }).listen(0, '127.0.0.1');
  await once(agent, 'listening');
  const inner = `http://127.0.0.1:${(agent.address() as AddressInfo).port}`;
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { ProtectionEnabled, ExpiresInMinutes } = JSON.parse(body);
    started.puts.push(ProtectionEnabled ? ExpiresInMinutes : false);
    if (started.refuse === 'hang') return;
    const [status, said] = started.refuse ?? (await passed(`${inner}${request.url}`, body));
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof said === 'string' ? said : JSON.stringify(said));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const started: Agent = {
    uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/a`,
    puts: [],
    isOn: () => until !== undefined,
    refuse: undefined,
    close: () => {
      for (const each of [agent, server]) {
        each.closeAllConnections();
        each.close();
      }
    },
  };
  return started;
};

const passed = async (url: string, body: string): Promise<readonly [number, unknown]> => {
  const response = await fetch(url, { method: 'PUT', body });
  return [response.status, await response.text()];
};
