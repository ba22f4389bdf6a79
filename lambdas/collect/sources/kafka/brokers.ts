/** The brokers of one cluster, each connected when it is first needed and forgotten when it fails. */
import { nameOf } from '../../../contract/errors.ts';
import { type Access, type Address, type Node, openNode, textOf } from './node.ts';

export interface Brokers {
  /** Asks one broker. A failure closes and forgets it; the next question connects anew. */
  readonly ask: <Answer>(address: Address, question: (node: Node) => Promise<Answer>) => Promise<Answer>;
  /** Asks whoever answers. Throws what the last one failed with. */
  readonly askAny: <Answer>(question: (node: Node) => Promise<Answer>) => Promise<Answer>;
  readonly close: () => void;
}

/** A broker that is connected or about to be. */
interface Line {
  readonly address: Address;
  readonly node: Promise<Node>;
  readonly over: AbortController;
}

/** A refused login says more than a broker that cannot be reached. */
const mostTelling = (failures: readonly unknown[]): unknown =>
  failures.find((failure) => /Authentication/.test(nameOf(failure))) ?? failures[0];

/**
 * Connects to the first of the bootstrap servers that lets us in, all of them tried at once.
 *
 * @param timeLimitMs of a whole reading; one broker gets half of it, so that one that is silent leaves time for the others
 */
export const openBrokers = async (
  bootstrap: readonly Address[],
  access: Access,
  timeLimitMs: number,
): Promise<Brokers> => {
  const lines = new Map<string, Line>();
  let closed = false;

  const forget = (line: Line): void => {
    const key = textOf(line.address);
    if (lines.get(key) === line) lines.delete(key);
    line.over.abort();
  };
  const lineTo = (address: Address): Line => {
    if (closed) throw new Error('the connection was closed from this side');
    const key = textOf(address);
    const existing = lines.get(key);
    if (existing !== undefined) return existing;
    const over = new AbortController();
    const line = { address, node: openNode(address, access, timeLimitMs / 2, over.signal), over };
    lines.set(key, line);
    line.node.catch(() => forget(line));
    return line;
  };
  const close = (): void => {
    closed = true;
    for (const line of lines.values()) forget(line);
  };

  const limit = setTimeout(close, timeLimitMs);
  let speaker: Address;
  try {
    speaker = await Promise.any(bootstrap.map(async (address) => lineTo(address).node.then(() => address)));
  } catch (thrown) {
    close();
    throw mostTelling((thrown as AggregateError).errors);
  } finally {
    clearTimeout(limit);
  }

  const ask: Brokers['ask'] = async (address, question) => {
    const line = lineTo(address);
    try {
      return await question(await line.node);
    } catch (thrown) {
      forget(line);
      throw thrown;
    }
  };
  return {
    ask,
    askAny: async (question) => {
      const all = [speaker, ...[...lines.values()].map(({ address }) => address), ...bootstrap];
      let failure: unknown;
      for (const address of new Map(all.map((each) => [textOf(each), each])).values()) {
        try {
          const answer = await ask(address, question);
          speaker = address;
          return answer;
        } catch (thrown) {
          failure = thrown;
        }
      }
      throw failure;
    },
    close,
  };
};
