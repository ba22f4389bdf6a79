/**
 * Kinesis: kinesis-local in a process of its own, behind a door of ours (see kinesis-door.ts). It listens on every
 * interface and can't be told otherwise; clients are given the door's port, which is on 127.0.0.1 only.
 *
 * It writes its data to a file every half second; `stop` waits for that.
 */
import { Agent } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeFolder } from './folder.ts';
import { doorTo } from './kinesis-door.ts';
import { listenerOf } from './listener.ts';
import { ask, freePort } from './port.ts';
import { programOf } from './process.ts';
import { type Server, startServer } from './server.ts';

export interface KinesisAddress {
  /** For `AWS_ENDPOINT_URL_KINESIS`; any credentials will do. */
  readonly endpoint: string;
}

const PERSIST_MS = 500;

export const startKinesis = async (
  options: { readonly port?: number } = {},
): Promise<Server<KinesisAddress>> => {
  const port = options.port ?? (await freePort());
  const [innerPort, tlsPort] = [await freePort(), await freePort()];
  const require = createRequire(import.meta.url);
  const main = require.resolve('kinesis-local');
  const agent = new Agent({ keepAlive: true });
  const folder = makeFolder('kinesis');
  const kinesis = programOf({
    name: 'kinesis-local',
    command: process.execPath,
    args: [main],
    folder,
    env: {
      NODE_OPTIONS: '',
      KINESIS_MOCK_PLAIN_PORT: String(innerPort),
      KINESIS_MOCK_TLS_PORT: String(tlsPort),
      KINESIS_MOCK_CERT_PATH: join(dirname(main), 'server.json'),
      LOG_LEVEL: 'WARN',
      // The real one takes seconds; half of one is the default here.
      CREATE_STREAM_DURATION: '50ms',
      DELETE_STREAM_DURATION: '50ms',
      SHOULD_PERSIST_DATA: 'true',
      PERSIST_PATH: folder,
      PERSIST_INTERVAL: `${PERSIST_MS}ms`,
    },
    // A request without a signature is refused, which is an answer.
    answers: () => ask(innerPort, 'POST / HTTP/1.0\r\nContent-Length: 0\r\n\r\n', /^HTTP\/1\.[01] /),
  });
  return startServer({
    name: 'kinesis',
    folder,
    address: { endpoint: `http://127.0.0.1:${port}` },
    programs: [
      {
        ...kinesis,
        stop: async () => {
          // It would wait for these to end by themselves.
          agent.destroy();
          await pause(2 * PERSIST_MS);
          await kinesis.stop();
        },
      },
      listenerOf(doorTo(innerPort, agent), port, false),
    ],
  });
};
