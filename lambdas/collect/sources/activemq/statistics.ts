/**
 * ActiveMQ's statistics plugin over STOMP: a message to `ActiveMQ.Statistics.Destination.<queue>` is answered by one with the
 * queue's counters, here in a temporary queue that ends with the session. One session serves all services; every question has
 * a correlation ID.
 *
 * Gotchas:
 * - Without the plugin a question would be an ordinary message, and pile up in a queue of that name. So questions go to a *topic*,
 *   where a message that nobody wants is gone, and name the queue as `queue://…`. When a session begins, the plugin is looked for.
 * - Nothing comes back for a queue that does not exist. So when an answer is late, a message of our own follows into the temporary
 *   queue: what has not been answered when it arrives never will be.
 */
import type { Client, IMessage } from '@stomp/stompjs';
import type { Sighting } from '../../../contract/source.ts';
import type { StompEndpoint } from './endpoints.ts';
import { questionsAsked } from './questions.ts';
import { type Access, openSession } from './stomp.ts';
import { QueueFailure, type Wanted, WayFailure } from './way.ts';

export interface Statistics {
  /** @throws WayFailure, or what the session ended with */
  readonly read: (wanted: Wanted, at: string) => Promise<Sighting>;
  /** Resolves when the session is over, with the reason. */
  readonly over: Promise<Error>;
  readonly end: () => Promise<void>;
}

const REPLY_TO = '/temp-queue/statistics';
const PLUGIN = '/topic/ActiveMQ.Statistics.Broker';
const FIRST_MESSAGE = 'ActiveMQ.Statistics.Destination.Include.First.Message.Timestamp';
/** An answer takes less than a millisecond where broker and collect are close together. */
const LATE_MS = 25;

/** For a user to whom an authorization map refuses it. */
export const RIGHTS =
  'allow the user to write to the topics ActiveMQ.Statistics.>, or put statisticsBrokerPlugin behind authorizationPlugin';

const topicFor = ({ queueName }: Wanted): string => `ActiveMQ.Statistics.Destination.queue://${queueName}`;

const ask = (client: Client, destination: string, id: string, headers: object = {}): void =>
  client.publish({ destination, headers: { 'reply-to': REPLY_TO, 'correlation-id': id, ...headers } });

/** Of the lowest priority, should the broker sort by it. */
const askOurselves = (client: Client, id: string): void =>
  client.publish({ destination: REPLY_TO, headers: { 'correlation-id': id, priority: '0' } });

/** @throws WayFailure where the plugin is missing, or as `openSession` */
export const openStatistics = async (
  endpoint: StompEndpoint,
  access: Pick<Access, 'login' | 'tls' | 'signal'>,
): Promise<Statistics> => {
  const questions = questionsAsked();
  const plugin = Promise.withResolvers<boolean>();
  /** Messages of our own that are under way. */
  let marks = 0;

  const hear = (message: IMessage): void => {
    const [kind, digits] = (message.headers['correlation-id'] ?? '').split('-');
    const number = Number(digits);
    if (kind === 'plugin') plugin.resolve(true);
    else if (kind === 'queue') questions.answer(number, message);
    else {
      marks -= 1;
      plugin.resolve(false);
      questions.endAt(number);
    }
  };
  const mark = (client: Client, number: number): void => {
    marks += 1;
    askOurselves(client, `end-${number}`);
  };

  const { client, over, end } = await openSession(endpoint, {
    ...access,
    begin: async (begun, nudge) => {
      const hearAndNudge = (message: IMessage): void => {
        hear(message);
        if (questions.size() + marks > 0) nudge();
      };
      begun.subscribe(REPLY_TO, hearAndNudge, { transformation: 'jms-map-json' });
      ask(begun, PLUGIN, 'plugin-0');
      mark(begun, 0);
      if (await plugin.promise) return;
      throw new WayFailure(
        `${endpoint.url} has no statistics plugin: add <statisticsBrokerPlugin/> to the plugins of the broker's configuration`,
      );
    },
    onRefusal: ({ message }) =>
      questions.refuse(
        (wanted) => message.endsWith(topicFor(wanted)),
        new QueueFailure(`${endpoint.url} refused a question (${message}): ${RIGHTS}`),
      ),
  });
  let late: NodeJS.Timeout | undefined;
  let lost: Error | undefined;
  void over.then((reason) => {
    lost = reason;
    clearTimeout(late);
    questions.refuseAll(reason);
  });

  return {
    over,
    end,
    read: (wanted, at) =>
      new Promise((resolve, reject) => {
        if (lost !== undefined) throw lost;
        const number = questions.add({ wanted, at, resolve, reject });
        ask(client, `/topic/${topicFor(wanted)}`, `queue-${number}`, { [FIRST_MESSAGE]: 'true' });
        late ??= setTimeout(() => {
          late = undefined;
          if (questions.size() > 0) mark(client, questions.last());
        }, LATE_MS);
      }),
  };
};
