/**
 * A Redis Cluster: every key has an owner among the nodes, and a node that is asked for another's key tells whose it is. So
 * nothing has to be known beforehand: the first command of a key goes to the node that let us in, and from then on to the
 * one that it was moved to. One connection per node that owns a key of ours.
 *
 * A node that fails costs the keys that it owns, and nobody else's. It is forgotten with them, so that the next reading
 * asks the others again who owns them now.
 *
 * The package's own `createCluster` is not used: it connects to every node, keeps one that was lost as lost, and drops no
 * connection of its search for nodes when a server accepts and keeps silent.
 */
import { messageOf } from '../../../contract/errors.ts';
import { type Client, firstOf, type Open, PlaceError } from './client.ts';
import { commandOf, type Link } from './link.ts';
import { addressOf, type Place } from './options.ts';

/** `ASK` is said while a key moves; it is answered once, and the owner stays who it was. */
const REDIRECTION = /^(MOVED|ASK) \d+ (.*):(\d+)$/;

/** More than a moving key needs; a cluster that sends us round in circles is not in order. */
const MOST_REDIRECTIONS = 5;

const placeOf = (address: string): Place => {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
};

/** Whatever it says, it is there: PING may be forbidden. Only one who wants a password has to be believed. */
const ping = (client: Client): Promise<unknown> =>
  client.send(['PING']).catch((thrown: unknown) => {
    if (!client.isOpen() || messageOf(thrown).startsWith('NOAUTH')) throw thrown;
  });

export const clusterLink = async (open: Open, seeds: readonly Place[]): Promise<Link> => {
  const nodes = new Map<string, Promise<Client>>();
  /** Addresses by key. */
  const owners = new Map<string, string>();
  let entering: Promise<string> | undefined;
  let closed = false;

  const end = (node: Promise<Client>): void => {
    void node.then(({ close }) => close()).catch(() => undefined);
  };
  const keep = (address: string, node: Promise<Client>): Promise<Client> => {
    nodes.set(address, node);
    if (closed) end(node);
    return node;
  };
  const lose = (address: string, node: Promise<Client>): void => {
    if (nodes.get(address) !== node) return;
    nodes.delete(address);
    end(node);
    for (const [key, owner] of owners) if (owner === address) owners.delete(key);
  };

  const enter = async (): Promise<string> => {
    const tries = seeds.map(async (seed) => {
      const address = addressOf(seed);
      const client = await open(seed, ping).catch((thrown: unknown) => {
        throw new PlaceError('node', address, thrown);
      });
      return { address, client };
    });
    const { address, client } = await firstOf(tries, (other) => other.client.close());
    if (nodes.has(address)) client.close();
    else keep(address, Promise.resolve(client));
    return address;
  };
  const anyNode = async (): Promise<string> => {
    const [known] = nodes.keys();
    if (known !== undefined) return known;
    entering ??= enter().finally(() => {
      entering = undefined;
    });
    return entering;
  };

  const ask = async (address: string, args: readonly string[], asking: boolean): Promise<unknown> => {
    const node = nodes.get(address) ?? keep(address, open(placeOf(address)));
    const client = await node.catch((thrown: unknown) => {
      lose(address, node);
      throw new PlaceError('node', address, thrown);
    });
    try {
      // First on the wire, with nothing in between: it holds for the next command only.
      const allowed = asking ? client.send(['ASKING']) : undefined;
      const [reply] = await Promise.all([client.send(args), allowed]);
      return reply;
    } catch (thrown) {
      if (client.isOpen()) throw thrown;
      lose(address, node);
      throw new PlaceError('node', address, thrown);
    }
  };

  await anyNode();
  return {
    send: async (command, key, ...more) => {
      const args = commandOf(command, key, more);
      let address = owners.get(key) ?? (await anyNode());
      let asking = false;
      for (let redirections = 0; ; redirections += 1) {
        try {
          return await ask(address, args, asking);
        } catch (thrown) {
          const [, kind, host = '', port] = REDIRECTION.exec(messageOf(thrown)) ?? [];
          if (kind === undefined) throw thrown;
          if (redirections === MOST_REDIRECTIONS)
            throw new Error(`ERR the nodes send each other the key ${key} in circles`, { cause: thrown });
          // A node that does not know its own name leaves it out: it is where we are.
          address = `${/^\??$/.test(host) ? placeOf(address).host : host}:${port}`;
          asking = kind === 'ASK';
          if (!asking) owners.set(key, address);
        }
      }
    },
    close: () => {
      closed = true;
      for (const node of nodes.values()) end(node);
    },
  };
};
