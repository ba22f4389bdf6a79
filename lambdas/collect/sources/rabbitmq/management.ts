/**
 * RabbitMQ's management API: one GET per queue, on sockets that stay open.
 *
 * Gotchas: the numbers are statistics, sent by a queue every 5 s (collect_statistics_interval) and sampled every 5 s, so up
 * to 10 s old; ready and unacknowledged are of the same moment. A queue that was just made, that moved, whose node is
 * down or that has no leader is answered with status 200 and without numbers. `message_stats` is missing until there is
 * traffic, and also where rates are switched off (management.rates_mode = none): nobody can tell, so there are no rates.
 *
 * Departed is what was worked on: acknowledged, or delivered to somebody who needs not to. What expired, was purged or went to
 * a dead-letter exchange was not.
 */
import * as z from 'zod';
import type { UnknownReading } from '../../../contract/records.ts';
import type { Connection, Sighting, Totals } from '../../../contract/source.ts';
import { openRequester } from '../http/request.ts';
import { baseUrlOf, loginOf, managementTls, type Options, serverName } from './options.ts';

/** One round trip for fifty services of a tick; no more of them wait for a socket than that. */
const MOST_SOCKETS = 50;

/** What is asked for; a whole answer has every consumer in it. */
const COLUMNS = [
  'type',
  'state',
  'leader',
  'messages_ready',
  'messages_unacknowledged',
  'message_stats.publish',
  'message_stats.ack',
  'message_stats.deliver_no_ack',
  'message_stats.get_no_ack',
].join(',');

const counter = z.number().optional();
const queueSchema = z.object({
  type: z.string().optional(),
  state: z.unknown().optional(),
  leader: z.unknown().optional(),
  messages_ready: counter,
  messages_unacknowledged: counter,
  message_stats: z
    .object({ publish: counter, ack: counter, deliver_no_ack: counter, get_no_ack: counter })
    .optional()
    // Erlang's empty list of fields comes out as [].
    .catch(undefined),
});
type Queue = z.output<typeof queueSchema>;

/** States in which the numbers, if there are any, are old ones. */
const AWAY: readonly unknown[] = ['down', 'crashed', 'stopped', 'minority', 'nodedown'];

const unknown = (error: string, why: string): UnknownReading => ({ known: false, why, error });

const parsed = (text: string): Queue | undefined => {
  try {
    return queueSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

const totalsOf = ({ message_stats: stats }: Queue): { readonly totals?: Totals } => {
  if (stats === undefined) return {};
  const { publish = 0, ack = 0, deliver_no_ack: delivered = 0, get_no_ack: got = 0 } = stats;
  return { totals: { arrived: publish, departed: ack + delivered + got } };
};

const sightingOf = (text: string, given: Options, at: string): Sighting => {
  const { queue, vhost } = given;
  const server = serverName(given);
  const seen = parsed(text);
  if (seen === undefined)
    return unknown(
      'NoJson',
      `${server} answered with something that is no queue in JSON: is that the management API (port 15672, on Amazon MQ 443)?`,
    );
  if (seen.type === 'stream')
    return unknown(
      'StreamQueue',
      `${queue} in vhost ${vhost} is a stream, and keeps what has been read: its backlog is not known; give a classic or a quorum queue`,
    );
  if (AWAY.includes(seen.state) || seen.leader === null)
    return unknown(
      'QueueAway',
      `the queue ${queue} in vhost ${vhost} is away (${seen.leader === null ? 'it has no leader' : `state ${seen.state}`}): bring its nodes up again`,
    );
  const { messages_ready: visible, messages_unacknowledged: inFlight } = seen;
  if (visible === undefined || inFlight === undefined)
    return unknown(
      'NoStatistics',
      `no statistics yet of the queue ${queue} in vhost ${vhost}; if it stays so, they are switched off (management.disable_stats): switch them on, or leave managementUrl out to read over AMQP`,
    );
  return { known: true, visible, inFlight, at, ...totalsOf(seen) };
};

export const connectManagement = (given: Options): Connection<Options> => {
  const requester = openRequester(loginOf(given), managementTls(given), MOST_SOCKETS);
  const base = baseUrlOf(given.managementUrl ?? '');
  return {
    read: async (each, { at, signal }) => {
      const path = [each.vhost, each.queue].map(encodeURIComponent).join('/');
      const url = `${base}/api/queues/${path}?columns=${COLUMNS}`;
      return sightingOf(await requester.ask({ url, signal }), each, at);
    },
    close: requester.close,
  };
};
