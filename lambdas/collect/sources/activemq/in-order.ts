/**
 * The ways in the order of the configuration, inside one time limit. Each that is tried gets an equal share of what is left. A way
 * that failed rests for a minute while another works, so that a warm reading goes straight to the one that does; when the
 * minute is over, or when a session that was slow to open is there, the better one is tried again.
 *
 * Gotcha: a refused login may mean that the secret was rotated, which only collect can find out; a connection that stood on
 * another way for good would never learn of it. So the first refusal in five minutes, which is how long a secret is kept,
 * goes to collect.
 */
import { messageOf } from '../../../contract/errors.ts';
import type { ReadContext, Sighting } from '../../../contract/source.ts';
import { LoginFailure, QueueFailure, type Wanted, type Way } from './way.ts';

export type WayName = 'statistics' | 'jolokia' | 'cloudwatch';

const REST_MS = 60_000;
/** Of the time limit: collect must hear from us before it is over. */
const OURS = 0.9;

interface Failed {
  readonly name: WayName;
  readonly why: string;
}

export interface Request {
  readonly wanted: Wanted;
  readonly order: readonly WayName[];
  /** Whether collect should hear of a refused login, which ends this reading. */
  readonly tellsLogin: (at: number) => boolean;
}

/** A reason is what happened, a colon, and what to do about it. No colon of an address has a blank behind it. */
const PARTS = /^(.*?[\w)>])(?:: (.+))?$/s;

const unique = (texts: readonly (string | undefined)[]): readonly string[] => [
  ...new Set(texts.filter((text) => text !== undefined)),
];

/** What happened to each way, and then what to do, the same thing once: `statistics: …; jolokia: …: is the server up?` */
const worded = (failures: readonly Failed[]): string => {
  const parts = failures.map(({ name, why }) => {
    const [, what = why, remedy] = PARTS.exec(why) ?? [];
    return { name, what, remedy };
  });
  const happened = [...Map.groupBy(parts, ({ what }) => what)].map(
    ([what, same]) => `${same.map(({ name }) => name).join(', ')}: ${what}`,
  );
  const remedies = unique(parts.map(({ remedy }) => remedy));
  return [happened.join('; '), ...(remedies.length > 0 ? [remedies.join('; ')] : [])].join(': ');
};

/** Without an AbortController of its own, which with its listeners would be a tenth of a warm reading. */
const within = async <T>(ms: number, { place, giveUp }: Way, work: Promise<T>): Promise<T> => {
  const over = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    over.reject(
      new Error(`${place} did not answer in time: is it up, and does its security group let collect in?`),
    );
    giveUp?.();
  }, ms);
  try {
    return await Promise.race([work, over.promise]);
  } finally {
    clearTimeout(timer);
  }
};

export interface Ways {
  readonly read: (request: Request, context: ReadContext) => Promise<Sighting>;
  /** This way works again. */
  readonly rested: (name: WayName) => void;
}

interface Rest {
  readonly untilMs: number;
  readonly why: string;
}

export const inOrder = (ways: Readonly<Record<WayName, Way>>): Ways => {
  /** By the name of a way, and of the queue where it is of no use for that queue alone. */
  const resting = new Map<string, Rest>();
  const keyFor = (name: WayName, { queueName }: Wanted): string => `${name} ${queueName}`;
  const restOf = (name: WayName, wanted: Wanted): Rest | undefined =>
    resting.get(name) ?? resting.get(keyFor(name, wanted));
  const rested = (name: WayName, wanted?: Wanted): void => {
    resting.delete(name);
    if (wanted !== undefined) resting.delete(keyFor(name, wanted));
  };

  const failing = (name: WayName, wanted: Wanted, thrown: unknown, now: number): Failed => {
    const why = messageOf(thrown);
    const key = thrown instanceof QueueFailure ? keyFor(name, wanted) : name;
    resting.set(key, { untilMs: now + REST_MS, why });
    return { name, why };
  };

  /** Says why it was not the first way, by which the operator wanted it. */
  const annotated = (seen: Sighting, { order, wanted }: Request, name: WayName): Sighting => {
    const before = order.slice(0, order.indexOf(name));
    if (!seen.known || before.length === 0) return seen;
    const reasons = before.map((each) => ({ name: each, why: restOf(each, wanted)?.why ?? 'not tried' }));
    return { ...seen, notes: [`read by ${name}, because of ${worded(reasons)}`, ...(seen.notes ?? [])] };
  };

  return {
    rested,
    read: async (request, context) => {
      const { wanted, order, tellsLogin } = request;
      const now = Date.parse(context.at);
      const end = performance.now() + context.msLeft() * OURS;
      const rests = (name: WayName): boolean => (restOf(name, wanted)?.untilMs ?? 0) > now;
      const candidates =
        resting.size === 0 ? order : order.toSorted((a, b) => Number(rests(a)) - Number(rests(b)));
      const failures: Failed[] = [];
      for (const [nth, name] of candidates.entries()) {
        const share = (end - performance.now()) / (candidates.length - nth);
        try {
          const way = ways[name];
          const seen = await within(share, way, way.read(wanted, context));
          rested(name, wanted);
          return annotated(seen, request, name);
        } catch (thrown) {
          if (thrown instanceof LoginFailure && tellsLogin(now)) throw thrown;
          failures.push(failing(name, wanted, thrown, now));
        }
      }
      const why = order.length === 1 ? (failures[0]?.why ?? '') : worded(failures);
      return { known: false, why, error: 'BrokerUnseen' };
    },
  };
};
