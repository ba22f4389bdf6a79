/** The demo's way to Kafka, and its own connections. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Kafka, Producer, SASLOptions } from 'kafkajs';
import { endIdleLoop } from '../../../../lambdas/collect/sources/kafka/idle-loop.ts';
import { textOf } from '../../../../lambdas/collect/sources/kafka/node.ts';
import type { Options } from '../../../../lambdas/collect/sources/kafka/options.ts';
import { authenticationOf, placesOf, tlsOf } from '../../../../lambdas/collect/sources/kafka/way-in.ts';
import type { ServerAddress } from '../../queue.ts';

export const LIMIT_MS = 2000;
export const GOODBYE_MS = 2000;

export const serversAt = ({
  bootstrapServers,
  host = '127.0.0.1',
  port = 9092,
}: ServerAddress): readonly string[] => bootstrapServers ?? [textOf({ host, port })];

export const clientTo = async (options: Options, server: ServerAddress): Promise<Kafka> => {
  const { Kafka, logLevel } = await import('kafkajs');
  await endIdleLoop();
  const { username = '', password = '' } = options;
  const places = placesOf(options);
  const authentication = authenticationOf(options) ?? 'none';
  if (authentication === 'iam')
    throw new Error('the demo does not log in by IAM: give a server on this machine, with another login');
  const ssl = tlsOf(options, places, authentication);
  const sasl: SASLOptions | undefined =
    authentication === 'none' ? undefined : { mechanism: authentication, username, password };
  return new Kafka({
    clientId: 'pulsescale-demo',
    brokers: places.length > 0 ? places.map(textOf) : [...serversAt(server)],
    logLevel: logLevel.NOTHING,
    connectionTimeout: LIMIT_MS,
    requestTimeout: LIMIT_MS,
    // Whoever asks is to be told at once that the server is away.
    retry: { retries: 0 },
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
  });
};

interface Line {
  readonly admin: Admin;
  readonly producer: Producer;
}

/** The demo's own connections, opened when they are needed and again after a failure. */
export const keptLine = (kafka: Kafka) => {
  let kept: Promise<Line> | undefined;
  const open = async (): Promise<Line> => {
    const line = { admin: kafka.admin(), producer: kafka.producer() };
    await Promise.all([line.admin.connect(), line.producer.connect()]);
    return line;
  };
  const end = async (line: Promise<Line> | undefined): Promise<void> => {
    const opened = await line?.catch(() => undefined);
    const bye = Promise.all([opened?.admin.disconnect(), opened?.producer.disconnect()]);
    // A broker that is away does not say good-bye.
    await Promise.race([bye.catch(() => undefined), sleep(GOODBYE_MS, undefined, { ref: false })]);
  };
  return {
    use: async <T>(work: (line: Line) => Promise<T>): Promise<T> => {
      kept ??= open();
      const line = kept;
      try {
        return await work(await line);
      } catch (thrown) {
        if (kept === line) kept = undefined;
        void end(line);
        throw thrown;
      }
    },
    close: () => end(kept),
  };
};
