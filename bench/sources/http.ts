import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SourceCase } from './case.ts';

export const http: SourceCase = {
  name: 'http',
  open: async (_address, _queues, network) => {
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end('{"queue":{"waiting":64}}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = await network.to((server.address() as AddressInfo).port);
    const urlOf = (index: number) => `http://127.0.0.1:${port}/${index}`;
    return {
      options: (index) => ({ type: 'http', url: urlOf(index), field: 'queue.waiting' }),
      bare: async () => ({
        ask: async (index) => (await fetch(urlOf(index))).json(),
        close: () => undefined,
      }),
      close: () => {
        server.closeAllConnections();
        server.close();
      },
    };
  },
};
