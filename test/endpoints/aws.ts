/**
 * An AWS service that answers from this process, on one port for as long as the test lasts: seen while it works, and made to
 * fail as the real one does.
 */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { type Actions, AwsFault, awsJson } from '../../local/endpoints/aws-json.ts';

/** Stands between a request and its answer: may count, throw an {@link AwsFault}, wait, or answer something else. */
export type Meddler = (action: string, input: unknown, answer: () => unknown) => unknown;

export interface TestEndpoint {
  readonly url: string;
  /** `action` of every request so far, with its input. */
  readonly calls: { readonly action: string; readonly input: unknown }[];
  meddle: Meddler;
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
}

export const untouched: Meddler = (_action, _input, answer) => answer();

/** Refuses this action, once or until `meddle` is set anew. */
export const refusing =
  (refused: string, fault: string, message = 'Rate exceeded'): Meddler =>
  (action, _input, answer) => {
    if (action === refused) throw new AwsFault(fault, message);
    return answer();
  };

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

export const startEndpoint = async (version: '1.0' | '1.1', actions: Actions): Promise<TestEndpoint> => {
  const calls: TestEndpoint['calls'] = [];
  const watched = Object.entries(actions).map(([action, act]) => [
    action,
    (input: unknown) => {
      calls.push({ action, input });
      return endpoint.meddle(action, input, () => act(input));
    },
  ]);
  let server = awsJson(version, Object.fromEntries(watched));
  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const port = portOf(server);
  const endpoint: TestEndpoint = {
    url: `http://127.0.0.1:${port}`,
    calls,
    meddle: untouched,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    start: async () => {
      server = awsJson(version, Object.fromEntries(watched));
      await listen(port);
    },
  };
  return endpoint;
};
