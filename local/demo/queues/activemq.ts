/**
 * The demo's ActiveMQ queue: persistent messages over STOMP; a task is a consumer with prefetch 1 that acknowledges after the
 * work. A broker that goes away hands out again what was not acknowledged.
 *
 * It is watched as the source sees it, without CloudWatch, for there is none here.
 */
import { brokerAt } from '../../../lambdas/collect/sources/activemq/endpoints.ts';
import { certificateCheck, type Options } from '../../../lambdas/collect/sources/activemq/options.ts';
import { openSession, type StompSession } from '../../../lambdas/collect/sources/activemq/stomp.ts';
import { activemq as source } from '../../../lambdas/collect/sources/activemq.ts';
import { mqEndpoint } from '../../endpoints/mq.ts';
import { type DemoTask, defineDemoQueue, type ServerAddress } from '../queue.ts';

const LIMIT_MS = 2000;

/** A server that was up already has a port, one of ours a port for each protocol. */
const endpointsAt = ({ host = '127.0.0.1', port, stompPort = port, jolokiaUrl }: ServerAddress) => ({
  stomp: `stomp://${host}:${stompPort}`,
  consoleUrl: jolokiaUrl === undefined ? undefined : new URL(jolokiaUrl).origin,
});

/** As the handlers will find it: by the endpoints, or by the ID that leads to this server. */
const withEndpoints = (options: Options, address: ServerAddress): Options => {
  const { stomp, consoleUrl } = endpointsAt(address);
  const found = [stomp, ...(consoleUrl === undefined ? [] : [consoleUrl])];
  const { via: _, ...rest } = options;
  return { ...rest, brokerId: undefined, brokerName: undefined, endpoints: options.endpoints ?? found };
};

const sessionTo = (options: Options): Promise<StompSession> => {
  const { username, password, endpoints = [], tls } = options;
  const [endpoint] = brokerAt(endpoints, tls).stomp;
  if (endpoint === undefined)
    throw new Error('the demo sends and consumes over STOMP: give its stomp:// address in endpoints');
  const login = { username, password };
  return openSession(endpoint, {
    login,
    tls: certificateCheck(options),
    signal: AbortSignal.timeout(LIMIT_MS),
  });
};

/** Resolves when the broker has done what it is told with this receipt, and all before it. */
const confirmed = async (
  { client, over }: StompSession,
  tell: (headers: { readonly receipt: string }) => void,
): Promise<void> => {
  const receipt = `done-${performance.now()}`;
  const done = new Promise<undefined>((resolve) => {
    client.watchForReceipt(receipt, () => resolve(undefined));
  });
  tell({ receipt });
  const ended = await Promise.race([done, over]);
  if (ended !== undefined) throw ended;
};

/** The demo's own session, opened when it is needed and again after it was lost. */
const keptSession = (options: Options) => {
  let kept: Promise<StompSession> | undefined;
  const open = (): Promise<StompSession> => {
    const opening = sessionTo(options);
    const lose = (): void => {
      if (kept === opening) kept = undefined;
    };
    opening.then(({ over }) => over.then(lose), lose);
    return opening;
  };
  return {
    use: async <T>(work: (session: StompSession) => Promise<T>): Promise<T> => {
      kept ??= open();
      return work(await kept);
    },
    close: async () => {
      await kept?.then(({ end }) => end()).catch(() => undefined);
    },
  };
};

const send = (session: StompSession, destination: string, messages: number): Promise<void> =>
  confirmed(session, (confirmation) => {
    for (let sent = 1; sent <= messages; sent += 1) {
      const headers = { persistent: 'true', ...(sent === messages ? confirmation : {}) };
      session.client.publish({ destination, body: JSON.stringify({ order: sent }), headers });
    }
  });

const workOn = async (
  { client, over, end }: StompSession,
  destination: string,
  task: DemoTask,
  workMs: number,
  stop: AbortSignal,
): Promise<void> => {
  const { promise: stopped, resolve, reject } = Promise.withResolvers<undefined>();
  stop.addEventListener('abort', () => resolve(undefined), { once: true });
  if (stop.aborted) resolve(undefined);
  let busy: Promise<void> | undefined;
  client.subscribe(
    destination,
    (message) => {
      // What still comes after the stop goes back when the session ends.
      if (stop.aborted) return;
      busy = task.work(workMs, message.headers['message-id']).then(() => {
        if (client.connected) message.ack();
      });
      busy.catch(reject);
    },
    { ack: 'client-individual', 'activemq.prefetchSize': '1' },
  );
  try {
    const ended = await Promise.race([stopped, over]);
    if (ended !== undefined) throw ended;
    await busy;
  } finally {
    // The broker answers the goodbye after it has read the last acknowledgement.
    await end();
  }
};

const watcherOf = async (options: Options) => {
  const connection = await source.connect(options, { timeLimitMs: LIMIT_MS });
  return {
    depth: async () => {
      const seen = await connection.read(options, {
        at: new Date().toISOString(),
        tick: {},
        signal: AbortSignal.timeout(LIMIT_MS),
        msLeft: () => LIMIT_MS,
      });
      if (!seen.known) throw new Error(seen.why);
      return { backlog: seen.visible ?? 0, inFlight: seen.inFlight ?? null };
    },
    close: connection.close,
  };
};

export const activemq = defineDemoQueue<Options>({
  type: 'activemq',
  server: {
    name: 'activemq',
    settings: 'AMQ_BROKER_ID, which leads to a broker that is started here, or endpoints of the source',
    named: ({ endpoints = [], username, password }) => ({
      places: brokerAt(endpoints, undefined).stomp.map(({ host, port }) => ({ host, port })),
      username,
      password,
    }),
    demo: (address) => {
      const { stomp, consoleUrl = '' } = endpointsAt(address);
      const { username, password = '' } = address;
      return {
        source: {
          type: 'activemq',
          endpoints: [stomp, consoleUrl],
          queueName: 'orders',
          username,
          password: '%(PULSESCALE_DEMO_PASSWORD)',
        },
        env: { PULSESCALE_DEMO_PASSWORD: password },
      };
    },
    endpoints: (address) => {
      const { stomp, consoleUrl } = endpointsAt(address);
      return { MQ: mqEndpoint(() => [{ endpoints: [stomp], consoleUrl }]) };
    },
  },
  open: async (given, { key, server }) => {
    const options = withEndpoints(given, server);
    const destination = `/queue/${options.queueName}`;
    const session = keptSession(options);
    // A consumer makes a queue by coming.
    await session.use(async (begun) => {
      const headers = { id: 'maker', 'activemq.prefetchSize': '0' };
      await confirmed(
        begun,
        (confirmation) =>
          void begun.client.subscribe(destination, () => undefined, { ...headers, ...confirmation }),
      );
      begun.client.unsubscribe('maker');
    });
    const watcher = await watcherOf(options);
    return {
      key,
      send: (messages) => session.use((begun) => send(begun, destination, messages)),
      depth: watcher.depth,
      work: async (task, workMs, stop) => workOn(await sessionTo(options), destination, task, workMs, stop),
      close: async () => {
        await watcher.close();
        await session.close();
      },
    };
  },
});
