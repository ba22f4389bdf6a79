/**
 * The ECS agent of the demo's tasks: each has an address of its own, at which it protects itself in the world with the same
 * `pulsescale/worker` that users load.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type TaskProtection, taskProtection } from '../../worker/index.ts';
import { type AgentBackend, agentEndpoint } from '../endpoints/agent.ts';

export interface Protections {
  readonly of: (taskId: string) => TaskProtection;
  readonly close: () => void;
}

/** In a demo 10 s are long. */
const LINGER_SECONDS = 1;

export const startProtections = async (backend: AgentBackend): Promise<Protections> => {
  const server = agentEndpoint(backend).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    of: (taskId) =>
      taskProtection({
        uri: `http://127.0.0.1:${port}/api/${taskId}`,
        lingerSeconds: LINGER_SECONDS,
        // Nothing is begun by a task that is being stopped, so whatever is begun is finished.
        strict: true,
        // That is all there is to tell: a task that is being stopped is refused.
        onTrouble: () => undefined,
      }),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
