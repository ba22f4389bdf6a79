/** SQS: fauxqs in this process. Its queues lie in memory, and so are there again after a stop and a start. */
import { createServer } from 'node:http';
import { buildApp } from 'fauxqs';
import { makeFolder } from './folder.ts';
import { listenerOf } from './listener.ts';
import { freePort } from './port.ts';
import { type Server, startServer } from './server.ts';

export interface SqsAddress {
  /** For `AWS_ENDPOINT_URL_SQS`; any credentials will do. */
  readonly endpoint: string;
}

export const startSqs = async (options: { readonly port?: number } = {}): Promise<Server<SqsAddress>> => {
  const port = options.port ?? (await freePort());
  const fauxqs = buildApp({ logger: false });
  await fauxqs.ready();
  // Fastify can't listen a second time once it was closed; this door in front of it can.
  const door = createServer((request, response) => fauxqs.routing(request, response));
  const server = await startServer({
    name: 'sqs',
    folder: makeFolder('sqs'),
    address: { endpoint: `http://127.0.0.1:${port}` },
    programs: [listenerOf(door, port, true)],
  });
  return {
    ...server,
    close: async () => {
      await server.close();
      await fauxqs.close();
    },
  };
};
