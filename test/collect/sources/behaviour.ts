/**
 * What every source does, whichever server it reads: one suite, run against the real server. It reads as collect does, through
 * the time limit, the shared connections and the secrets, so what it shows is what a decision is given.
 *
 * A source's own test gives a {@link Behaviour} and adds what only that server has.
 */
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeConnections } from '../../../lambdas/collect/connections.ts';
import { withRates } from '../../../lambdas/collect/rates.ts';
import { readerOf } from '../../../lambdas/collect/read.ts';
import type { Reading } from '../../../lambdas/contract/records.ts';
import { AT } from '../../samples.ts';

export type Options = Readonly<Record<string, unknown>>;

/** A server with queues in it, from the side of those who send and consume. */
export interface Subject {
  /** The source's options for a queue of this name. */
  readonly options: (queue: string) => Options;
  /** Makes an empty queue. For a source that is no queue: whatever has a value, 0 at first. */
  readonly create: (queue: string) => Promise<void>;
  readonly send: (queue: string, messages: number) => Promise<void>;
  /** A consumer takes so many and does not acknowledge; the answer lets it go. */
  readonly hold?: (queue: string, messages: number) => Promise<() => Promise<void>>;
  /** Stops the server, so that its port refuses, and starts it again with its data. */
  readonly server: { readonly stop: () => Promise<void>; readonly start: () => Promise<void> };
  readonly close: () => Promise<void>;
  /** The options with a wrong password, and what the reading then says. */
  readonly wrongPassword?: { readonly options: (queue: string) => Options; readonly why: RegExp };
  /** The options over TLS with the CA that signed, and with another. */
  readonly tls?: {
    readonly options: (queue: string) => Options;
    readonly wrongCa: (queue: string) => Options;
  };
}

export interface Behaviour {
  /** For the title: `redis list`. */
  readonly name: string;
  readonly start: () => Promise<Subject>;
  /** The options that point at another address, where something accepts connections and never answers. */
  readonly at: (options: Options, host: string, port: number) => Options;
  /** What a queue that does not exist is: unknown with such a reason, or such a reading. */
  readonly missing: RegExp | Readonly<Partial<Reading>>;
  /** What so many waiting and held messages read as. Default: `{ visible: waiting, inFlight: held }`. */
  readonly expected?: (waiting: number, held: number) => Readonly<Record<string, unknown>>;
  /** Names that such a server allows and that are easily spoilt on the way. Default: none allowed but plain ones. */
  readonly oddNames?: readonly string[];
  /** What this source has not, and why: its tests are then not there, rather than there and empty. */
  readonly without?: Readonly<Partial<Record<'inFlight' | 'password' | 'tls', string>>>;
  /** An HTTP client keeps a pool; every other one has one socket for all its services. */
  readonly pooled?: boolean;
}

/** What a reading may take unless the test says otherwise: the default of 2 s is too short for a machine that runs other tests. */
const PATIENT = { timeLimit: '8s' };

/** How long numbers may take to settle: management statistics are a second or two behind. */
const SETTLED_MS = 15_000;

let ticks = 0;
/** The time of the next tick of this file: 5 s after the one before. */
const nextAt = (): string => {
  ticks += 1;
  return new Date(Date.parse(AT) + ticks * 5000).toISOString();
};

/** Reads sources as one tick of collect would, each for a service of its own. */
export const readAll = (sources: readonly Options[], at = nextAt()): Promise<readonly Reading[]> => {
  const read = readerOf({ at, longestMs: 8000 });
  return Promise.all(
    sources.map(async (source, index) => {
      const each = { ...PATIENT, ...source };
      const owner = { cluster: 'shop', service: `worker-${index}` };
      const seen = await read({ given: each, path: 'source', owner, needsInFlight: false });
      return withRates(seen, each, undefined, at).reading;
    }),
  );
};

export const readOne = async (given: Options): Promise<Reading> => {
  const [reading] = await readAll([given]);
  if (reading === undefined) throw new Error('nothing was read');
  return reading;
};

/** Reads until the reading is as expected, and fails with the last one if it never is. */
export const settles = async (given: Options, expected: Readonly<Record<string, unknown>>): Promise<void> => {
  const end = Date.now() + SETTLED_MS;
  for (;;) {
    const reading = await readOne(given);
    try {
      expect(reading).toMatchObject(expected);
      return;
    } catch (unlike) {
      if (Date.now() > end) throw unlike;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
};

/** Sockets that this process has open. */
export const sockets = (): number =>
  process.getActiveResourcesInfo().filter((name) => /TCPSocketWrap|TLSWrap|TCPWRAP/.test(name)).length;

const settledSockets = async (most: number): Promise<number> => {
  for (let tries = 0; tries < 50 && sockets() > most; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 100));
  return sockets();
};

/** Something that accepts connections and never says a word. */
const silence = async () => {
  const held = new Set<{ destroy: () => void }>();
  const server = createServer((socket) => {
    held.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () => {
      for (const socket of held) socket.destroy();
      server.close();
    },
  };
};

const given = <T>(part: T | undefined): T => {
  if (part === undefined) throw new Error('this subject lacks what its behaviour does not name in `without`');
  return part;
};

export const behavesAsASource = (behaviour: Behaviour): void => {
  const {
    name,
    missing,
    oddNames = [],
    pooled = false,
    without = {},
    expected = (waiting, held) => ({ visible: waiting, inFlight: held }),
  } = behaviour;

  describe(`${name} behaves as a source`, () => {
    let subject: Subject;
    beforeAll(async () => {
      subject = await behaviour.start();
      await subject.create('orders');
      await subject.create('letters');
    }, 300_000);
    afterAll(async () => {
      await closeConnections();
      await subject?.close();
    }, 60_000);

    const known = (waiting: number, held = 0) => ({ known: true, ...expected(waiting, held) });

    test('empty is a known 0', () => settles(subject.options('orders'), known(0)), 30_000);

    test('a backlog, to the message', async () => {
      await subject.send('orders', 7);
      await settles(subject.options('orders'), known(7));
    }, 30_000);

    if (without.inFlight === undefined) {
      test('what a consumer holds without having acknowledged it', async () => {
        await subject.create('held');
        await subject.send('held', 7);
        const release = await given(subject.hold)('held', 3);
        await settles(subject.options('held'), known(4, 3));
        await release();
      }, 30_000);
    }

    test('what is not there', async () => {
      const reading = await readOne(subject.options('nowhere'));
      if (missing instanceof RegExp) {
        expect(reading).toMatchObject({ known: false, why: expect.stringMatching(missing) });
      } else expect(reading).toMatchObject(missing);
      // And the next reading of a queue that is there works.
      expect(await readOne(subject.options('letters'))).toMatchObject({ known: true });
    });

    for (const queue of oddNames) {
      test(`a queue called ${queue}`, async () => {
        await subject.create(queue);
        await subject.send(queue, 2);
        await settles(subject.options(queue), known(2));
      }, 30_000);
    }

    test('many services share what is open, and a thousand readings leave nothing behind', async () => {
      const orders = subject.options('orders');
      const both = [orders, subject.options('letters')];
      await readAll([orders]);
      const before = sockets();
      for (const reading of await readAll(both)) expect(reading).toMatchObject({ known: true });
      if (!pooled) expect(sockets()).toBe(before);
      const most = Math.max(before, sockets());
      for (let reading = 0; reading < 1000; reading += 2) await readAll(both);
      expect(await settledSockets(most)).toBeLessThanOrEqual(most);
    }, 180_000);

    test('a server that accepts and never answers: unknown within the time limit', async () => {
      const silent = await silence();
      // AWS's clients are pointed somewhere by the environment.
      const environment = { ...process.env };
      try {
        const options = behaviour.at(subject.options('orders'), '127.0.0.1', silent.port);
        const reading = await readOne({ ...options, timeLimit: '300ms' });
        expect(reading).toMatchObject({ known: false, why: expect.stringMatching(/did not answer|in time/) });
        // The others are not kept waiting by it.
        const [lost, good] = await readAll([{ ...options, timeLimit: '300ms' }, subject.options('letters')]);
        expect(lost).toMatchObject({ known: false });
        expect(good).toMatchObject({ known: true });
      } finally {
        Object.assign(process.env, environment);
        silent.close();
      }
    }, 30_000);

    if (without.password === undefined) {
      test('a wrong password is unknown and says so, and the right one goes on', async () => {
        const { options, why } = given(subject.wrongPassword);
        expect(await readOne(options('orders'))).toMatchObject({
          known: false,
          why: expect.stringMatching(why),
        });
        expect(await readOne(subject.options('orders'))).toMatchObject({ known: true });
      }, 30_000);
    }

    if (without.tls === undefined) {
      test('TLS with an own CA; another CA is refused', async () => {
        const { options, wrongCa } = given(subject.tls);
        await settles(options('orders'), { known: true });
        expect(await readOne(wrongCa('orders'))).toMatchObject({
          known: false,
          why: expect.stringMatching(/tls\.ca/),
        });
      }, 30_000);
    }

    test('the server stops: unknown, never 0; it starts again: the same numbers as before', async () => {
      await subject.create('kept');
      await subject.send('kept', 5);
      await settles(subject.options('kept'), known(5));
      await subject.server.stop();
      for (let reading = 0; reading < 3; reading += 1)
        expect(await readOne(subject.options('kept'))).toMatchObject({
          known: false,
          why: expect.any(String),
        });
      await subject.server.start();
      await settles(subject.options('kept'), known(5));
    }, 120_000);
  });
};
