/** ActiveMQ from the side of those who send, consume and administer it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openSession, type StompSession } from '../../../lambdas/collect/sources/activemq/stomp.ts';
import { basic } from '../../endpoints/json-server.ts';
import type { ActivemqAddress } from '../../servers/activemq.ts';

export interface ActivemqClient {
  /** A consumer makes a queue by coming. */
  readonly create: (queue: string) => Promise<void>;
  /** Resolves when the broker has them all; they are persistent. */
  readonly send: (queue: string, messages: number) => Promise<void>;
  /** Takes so many and keeps them; the answer puts them back. */
  readonly hold: (queue: string, messages: number) => Promise<() => Promise<void>>;
  /** Takes so many and acknowledges them. */
  readonly finish: (queue: string, messages: number) => Promise<void>;
  /** Names of the MBeans of a kind: `Queues`, `Topics`, `TemporaryQueues`. */
  readonly list: (kind: string) => Promise<readonly string[]>;
}

/** Each has what is spoilt on the way to a header, an MBean or a URL; a wildcard is a name like any other to those who send. */
export const ODD_NAMES = ['ord ers/%41', 'größe:1', 'it\'s "so" = \\n & <so>', 'all.*', 'more>'];

const LIMIT_MS = 20_000;

export const activemqClient = (address: ActivemqAddress): ActivemqClient => {
  const { host, stompPort: port, username, password, jolokiaUrl } = address;

  const run = async <T>(work: (session: StompSession) => Promise<T>): Promise<T> => {
    const session = await openSession(
      { url: `stomp://${host}:${port}`, host, port, secure: false },
      { login: { username, password }, tls: {}, signal: AbortSignal.timeout(LIMIT_MS) },
    );
    return work(session).finally(session.end);
  };
  /** Resolves when the broker has done what it was told before. */
  const receipt = ({ client }: StompSession, tell: (headers: { receipt: string }) => void): Promise<void> =>
    new Promise((resolve) => {
      client.watchForReceipt('done', () => resolve());
      tell({ receipt: 'done' });
    });
  const take = (session: StompSession, queue: string, messages: number, done: 'keep' | 'acknowledge') =>
    new Promise<void>((resolve) => {
      let taken = 0;
      session.client.subscribe(
        `/queue/${queue}`,
        (message) => {
          taken += 1;
          if (taken > messages) return;
          if (done === 'acknowledge') message.ack();
          if (taken === messages) resolve();
        },
        { ack: 'client-individual', 'activemq.prefetchSize': done === 'keep' ? String(messages) : '1' },
      );
    });

  return {
    create: (queue) =>
      run((session) =>
        receipt(
          session,
          (headers) => void session.client.subscribe(`/queue/${queue}`, () => undefined, headers),
        ),
      ),
    send: (queue, messages) =>
      run(async (session) => {
        const publish = (headers: object) =>
          session.client.publish({
            destination: `/queue/${queue}`,
            body: 'a message',
            headers: { persistent: 'true', ...headers },
          });
        for (let sent = 1; sent < messages; sent += 1) publish({});
        await receipt(session, publish);
      }),
    hold: async (queue, messages) => {
      const release = Promise.withResolvers<void>();
      const held = Promise.withResolvers<void>();
      const over = run(async (session) => {
        await take(session, queue, messages, 'keep');
        held.resolve();
        await release.promise;
      });
      over.catch(held.reject);
      await held.promise;
      return () => {
        release.resolve();
        return over;
      };
    },
    finish: (queue, messages) =>
      run(async (session) => {
        await take(session, queue, messages, 'acknowledge');
        // The last acknowledgement is read before the goodbye.
        await sleep(100);
      }),
    list: async (kind) => {
      const answer = await fetch(jolokiaUrl, {
        method: 'POST',
        headers: {
          authorization: basic(username, password),
          origin: 'http://localhost',
          'content-type': 'application/json',
        },
        body: JSON.stringify({
          type: 'read',
          mbean: 'org.apache.activemq:type=Broker,brokerName=localhost',
          attribute: kind,
        }),
      });
      const { value } = (await answer.json()) as { value: readonly { objectName: string }[] };
      return value.map(({ objectName }) => /destinationName=([^,]*)/.exec(objectName)?.[1] ?? objectName);
    },
  };
};
