/** Where servers listen. A demo sends load and takes messages away, so it has to do with this machine only. */
import { connect } from 'node:net';
import { ConfigError } from '../../lambdas/contract/errors.ts';
import type { DemoServer, Place, ServerAddress } from './queue.ts';

const LOOPBACK = /^(127(\.\d+){3}|localhost|\[?::1\]?)$/i;

const PROBE_LIMIT_MS = 1000;

export const placeText = ({ host, port }: Place): string => `${host}:${port}`;

const listens = ({ host, port }: Place): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: host.replace(/^\[|\]$/g, ''), port, timeout: PROBE_LIMIT_MS });
    const say = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', say(true)).once('error', say(false)).once('timeout', say(false));
  });

/** The first place at which something listens. */
export const firstUp = async (places: readonly Place[]): Promise<Place | undefined> => {
  const up = await Promise.all(places.map(listens));
  return places[up.indexOf(true)];
};

/** @throws ConfigError naming every place that is not on this machine */
export const refuseElsewhere = (places: readonly Place[], { name, settings }: DemoServer<unknown>): void => {
  const elsewhere = places.filter(({ host }) => !LOOPBACK.test(host));
  if (elsewhere.length === 0) return;
  const message = `--queue puts messages into its queue and takes them out, so the ${name} server must be on this machine, not at ${elsewhere.map(placeText).join(', ')}; give 127.0.0.1 by ${settings}`;
  throw new ConfigError([{ path: '--queue', message }], 'the command');
};

/** For people; no secrets. */
export const addressText = (address: ServerAddress): string => {
  const { endpoint, bootstrapServers, host = '127.0.0.1', port, stompPort } = address;
  return endpoint ?? bootstrapServers?.join() ?? `${host}:${port ?? stompPort}`;
};

/** Every place that an address leads to. */
export const placesOf = ({
  host,
  port,
  stompPort,
  bootstrapServers,
  endpoint,
}: ServerAddress): readonly Place[] => {
  const listed = bootstrapServers?.map((each) => new URL(`tcp://${each.trim()}`)) ?? [];
  const urls = endpoint === undefined ? listed : [...listed, new URL(endpoint)];
  const direct = host === undefined ? [] : [{ host, port: port ?? stompPort ?? 0 }];
  return [...direct, ...urls.map((url) => ({ host: url.hostname, port: Number(url.port) }))];
};
