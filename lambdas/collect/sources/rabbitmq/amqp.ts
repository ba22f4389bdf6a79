/**
 * RabbitMQ over AMQP 0-9-1: a passive declare tells how many messages wait in a queue and how many consume it, of the moment.
 *
 * A channel does one question at a time, and RabbitMQ closes it with every refusal. So each reading takes a channel of its
 * own, and leaves it for the next one only after a good answer: a queue that is not there costs nobody else anything.
 *
 * Gotchas: of a quorum queue that has no leader, or whose leader does not answer within 250 ms, RabbitMQ says 0 messages and
 * 0 consumers, as of one that is empty and idle (rabbit_quorum_queue:stat; seen with 7 messages in it and one of two
 * nodes down). So where somebody consumed a moment ago, both zeros together count as a floor only, which lowers no
 * count. The package reconnects only when asked to, and its `close` waits for an answer: a server that hangs is cut off.
 */
import type { Channel, ChannelModel } from 'amqplib';
import type { Connection, Sighting } from '../../../contract/source.ts';
import { brokerOf, loginOf, type Options, serverName } from './options.ts';

/** RabbitMQ closes a connection that is silent for so long: what a Lambda that is gone left open. */
const HEARTBEAT_SECONDS = 60;
/** What a server has to say good-bye. */
const GOODBYE_MS = 500;

/**
 * Queues that had consumers when they were last seen well. Not of a connection: a node that goes away takes the connections
 * along, and those are the moments in which a queue has no leader.
 */
const consumed = new Set<string>();

const doubt = (queue: string): string =>
  `${queue} has neither messages nor consumers, where there were some: RabbitMQ says the same of a quorum queue without a leader`;

const sightingOf = (given: Options, messages: number, consumers: number, at: string): Sighting => {
  const key = JSON.stringify([serverName(given), given.queue]);
  if (consumers > 0) consumed.add(key);
  else if (messages > 0) consumed.delete(key);
  const seen = { known: true, visible: messages, at } as const;
  return messages === 0 && consumers === 0 && consumed.has(key)
    ? { ...seen, atLeast: true, notes: [doubt(given.queue)] }
    : seen;
};

/** A channel for every reading that is under way; those that gave a good answer are used again. */
const channelsOf = (model: ChannelModel) => {
  const idle: Channel[] = [];
  const open = async (): Promise<Channel> => {
    const channel = await model.createChannel();
    // Whoever asked gets the failure too; an event without a listener would end the process.
    channel.on('error', () => undefined);
    return channel;
  };
  return {
    ask: async (queue: string) => {
      const channel = idle.pop() ?? (await open());
      const answer = await channel.checkQueue(queue);
      idle.push(channel);
      return answer;
    },
  };
};

/** Resolves when the connection has ended, by a good-bye or cut off. */
const end = (model: ChannelModel, cut: AbortController): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => cut.abort(), GOODBYE_MS);
    const ended = () => {
      clearTimeout(timer);
      cut.abort();
      resolve();
    };
    model.once('close', ended);
    // It refuses when it has ended already.
    model.close().then(ended, ended);
  });

export const connectAmqp = async (given: Options, timeLimitMs: number): Promise<Connection<Options>> => {
  const { connect } = await import('amqplib');
  const { host, port, tls } = brokerOf(given);
  // The package's own limit begins anew with every byte, and does not end what follows.
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), timeLimitMs);
  const server = { protocol: tls === undefined ? 'amqp' : 'amqps', hostname: host, port, vhost: given.vhost };
  const socket = {
    ...tls,
    noDelay: true,
    signal: cut.signal,
    // Shown in the broker's list of connections.
    clientProperties: { connection_name: 'pulsescale' },
  };
  const model = await connect({ ...server, ...loginOf(given), heartbeat: HEARTBEAT_SECONDS }, socket).finally(
    () => clearTimeout(timer),
  );
  model.on('error', () => undefined);
  const channels = channelsOf(model);
  return {
    read: async (each, { at }) => {
      const { messageCount, consumerCount } = await channels.ask(each.queue);
      return sightingOf(each, messageCount, consumerCount, at);
    },
    close: () => end(model, cut),
  };
};
