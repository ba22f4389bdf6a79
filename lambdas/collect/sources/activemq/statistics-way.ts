/**
 * The first way: the statistics plugin, in one session for all services. The session is opened by the first who reads and opened
 * again when it has ended; what it was in the middle of is asked once more, because a broker that restarts and a Lambda that was
 * frozen both leave a session that only looks alive.
 */
import type { ConnectionOptions } from 'node:tls';
import { explainConnection } from '../../../contract/connection-errors.ts';
import { messageOf } from '../../../contract/errors.ts';
import type { Sighting } from '../../../contract/source.ts';
import type { StompEndpoint } from './endpoints.ts';
import { firstOf } from './first-of.ts';
import { openStatistics, RIGHTS, type Statistics } from './statistics.ts';
import { type Login, StompError } from './stomp.ts';
import { LoginFailure, refusedUser, together, type Wanted, type Way, WayFailure } from './way.ts';

export interface StatisticsAccess {
  /** For people. */
  readonly place: string;
  readonly find: () => Promise<readonly StompEndpoint[]>;
  readonly login: Login;
  readonly tls: ConnectionOptions;
  /** For opening a session. */
  readonly timeLimitMs: number;
  /** A session is open, whether or not somebody still waits for it. */
  readonly ready: () => void;
}

/** `User name [shop] or password is invalid.`, from every login module that ActiveMQ has. */
const BAD_LOGIN = /user ?name.*password|password.*invalid|authentication failed/i;

const MAY_NOT = /not authorized/i;

const explained = (thrown: unknown, url: string, { username }: Login): WayFailure => {
  if (thrown instanceof WayFailure) return thrown;
  const cause = { cause: thrown };
  const message = messageOf(thrown);
  if (!(thrown instanceof StompError))
    return new WayFailure(explainConnection(thrown, url) ?? `${url} ${message}`, cause);
  if (BAD_LOGIN.test(message)) return new LoginFailure(refusedUser(url, username), cause);
  const remedy = MAY_NOT.test(message) ? `: ${RIGHTS}` : '';
  return new WayFailure(`${url} refused a question (${message})${remedy}`, cause);
};

export const statisticsWay = ({
  place: known,
  find,
  login,
  tls,
  timeLimitMs,
  ready,
}: StatisticsAccess): Way => {
  const closing = new AbortController();
  let line: Promise<Statistics> | undefined;
  /** The session that is open. */
  let current: Statistics | undefined;
  let last: StompEndpoint | undefined;

  const open = async (): Promise<Statistics> => {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(timeLimitMs)]);
    const endpoints = await find();
    const order = endpoints.toSorted((a, b) => Number(b === last) - Number(a === last));
    try {
      const { place, line: statistics } = await firstOf(
        order,
        async (endpoint, within) => {
          try {
            return await openStatistics(endpoint, { login, tls, signal: within });
          } catch (thrown) {
            throw explained(thrown, endpoint.url, login);
          }
        },
        (late) => void late.end(),
        signal,
      );
      last = place;
      return statistics;
    } catch (thrown) {
      throw together((thrown as AggregateError).errors as readonly Error[]);
    }
  };

  const session = (): Promise<Statistics> => {
    if (line !== undefined) return line;
    const opening = open();
    line = opening;
    const forget = (): void => {
      if (line !== opening) return;
      line = undefined;
      current = undefined;
    };
    opening.then((statistics) => {
      current = statistics;
      ready();
      void statistics.over.then(forget);
    }, forget);
    return opening;
  };

  const ask = async (wanted: Wanted, at: string, again = true): Promise<Sighting> => {
    const used = line;
    const opened = session();
    const statistics = await opened;
    try {
      return await statistics.read(wanted, at);
    } catch (thrown) {
      if (again && used === opened && line !== opened) return await ask(wanted, at, false);
      throw explained(thrown, last?.url ?? '', login);
    }
  };

  return {
    place: known,
    read: (wanted, { at }) => ask(wanted, at),
    // A session that is there and keeps silent is not asked again; one that is still being opened has a limit of its own.
    giveUp: () => void current?.end(),
    close: async () => {
      closing.abort();
      await line?.then((statistics) => statistics.end()).catch(() => undefined);
    },
  };
};
