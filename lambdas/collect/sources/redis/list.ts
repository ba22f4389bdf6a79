/**
 * A list and what its consumers move from it: LLEN of one, and the length of the other by whichever command fits its type. A
 * key that is not there is an empty one; Redis knows no other.
 */
import { countIn, isWrongType, kindOf, type Link, WrongTypeError } from './link.ts';
import type { Options } from './options.ts';

/** By the type in words; a key that has gone in between is as good as an empty list. */
const LENGTH: Readonly<Record<string, string>> = {
  none: 'LLEN',
  list: 'LLEN',
  set: 'SCARD',
  'sorted set': 'ZCARD',
  hash: 'HLEN',
};

const lengthOfList = async (link: Link, key: string): Promise<number> => {
  try {
    return countIn(await link.send('LLEN', key));
  } catch (thrown) {
    if (!isWrongType(thrown)) throw thrown;
    const kind = await kindOf(link, key);
    const remedy = kind === 'stream' ? 'set queueType: stream' : 'check queueKey';
    throw new WrongTypeError(`the key ${key} is a ${kind}, and a list was expected: ${remedy}`);
  }
};

/** Reads lists over one link; it learns of what type each processing key is. */
export const listReader = (link: Link) => {
  const commands = new Map<string, string>();

  const lengthOfAny = async (key: string): Promise<number> => {
    try {
      return countIn(await link.send(commands.get(key) ?? 'LLEN', key));
    } catch (thrown) {
      if (!isWrongType(thrown)) throw thrown;
      const kind = await kindOf(link, key);
      const command = LENGTH[kind];
      if (command === undefined)
        throw new WrongTypeError(
          `the key ${key} is a ${kind}, and a list, set, sorted set or hash was expected: check processingKey`,
        );
      commands.set(key, command);
      return countIn(await link.send(command, key));
    }
  };

  return async ({ queueKey, processingKey }: Options) => {
    const [visible, inFlight] = await Promise.all([
      lengthOfList(link, queueKey),
      processingKey === undefined ? undefined : lengthOfAny(processingKey),
    ]);
    return inFlight === undefined ? { visible } : { visible, inFlight };
  };
};
