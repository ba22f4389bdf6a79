/** What a failure of RabbitMQ means: a reply code and a text over AMQP, a status and a reason in JSON from the management API. */
import { messageOf } from '../../../contract/errors.ts';
import type { Trouble } from '../../../contract/source.ts';
import { HttpError, httpTrouble } from '../http/http-error.ts';
import { baseUrlOf, loginOf, type Options, serverName } from './options.ts';

const CHECK_LOGIN = 'check username and password or passwordSecret';

const refusedLogin = (given: Options): Trouble => ({
  kind: 'login',
  why: `${serverName(given)} refused the user ${loginOf(given).username}: ${CHECK_LOGIN}`,
});

/** How a user gets into a virtual host. */
const rightsFor = ({ vhost }: Options, user: string): string =>
  `rabbitmqctl set_permissions -p '${vhost}' '${user}' '' '' '.*'`;

const missing = ({ queue, vhost }: Options): string =>
  `there is no queue ${queue} in vhost ${vhost}: check queue and vhost`;

const answered = (why: string): Trouble => ({ kind: 'answered', why });

const amqpTrouble = (thrown: unknown, given: Options): Trouble | undefined => {
  const message = messageOf(thrown);
  const server = serverName(given);
  const { queue, vhost } = given;
  const { username } = loginOf(given);
  // The package drops what RabbitMQ says when it does not open a virtual host.
  if (/^Expected ConnectionOpenOk/.test(message))
    return answered(
      `${server} keeps the user ${username} out: check that the vhost ${vhost} is there, that connections are within limits, and permissions: ${rightsFor(given, username)}`,
    );
  if (/^Handshake terminated/.test(message)) return refusedLogin(given);
  // Which is what the package says of each channel when the whole connection has ended.
  if (/^Channel (closed|closing|ended)/.test(message))
    return { kind: 'broken', why: `${server} closed the connection: it is opened again at the next tick` };
  if (/is down or inaccessible/.test(message))
    return answered(`the node that holds the queue ${queue} in vhost ${vhost} is down: bring it up again`);
  switch ((thrown as { code?: unknown } | null)?.code) {
    case 404:
      return answered(missing(given));
    case 405:
      return answered(
        `the queue ${queue} in vhost ${vhost} is exclusive to another connection: give managementUrl, or a queue that is not exclusive`,
      );
    case 403:
      return answered(
        `${server} forbids the user ${username} to look at the queue ${queue}: ${rightsFor(given, username)}`,
      );
    default:
      return undefined;
  }
};

/** `{"error":"not_authorised","reason":"Not management user"}` */
const reasonIn = (body: string): string => /"reason"\s*:\s*"([^"]*)"/.exec(body)?.[1] ?? '';

const managementTrouble = (thrown: HttpError, given: Options): Trouble | undefined => {
  const { vhost } = given;
  const { username } = loginOf(given);
  const server = serverName(given);
  const reason = reasonIn(thrown.body);
  if (/virtual host/.test(reason))
    return answered(
      `${server} keeps the user ${username} out of the vhost ${vhost}: ${rightsFor(given, username)}`,
    );
  if (thrown.status === 403 || /management user/i.test(reason))
    return answered(
      `${server} does not serve the user ${username} without a tag: rabbitmqctl set_user_tags '${username}' monitoring`,
    );
  if (thrown.status === 401) return refusedLogin(given);
  if (thrown.status === 404) return answered(`${missing(given)}, and whether its node is up`);
  return undefined;
};

export const trouble = (thrown: unknown, given: Options): Trouble | undefined => {
  if (given.managementUrl === undefined) return amqpTrouble(thrown, given);
  const own = thrown instanceof HttpError ? managementTrouble(thrown, given) : undefined;
  return own ?? httpTrouble(thrown, baseUrlOf(given.managementUrl), given);
};
