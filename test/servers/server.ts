/**
 * A real server that a test or the local runner starts: what every file of this folder returns. It lives in its own
 * temporary folder and on ports of its own, so any number of them run side by side.
 *
 * Gotcha: the first start on a machine installs packages or downloads archives, which takes minutes. Give the
 * `beforeAll` that starts a server {@link START_LIMIT_MS}.
 */
import { appendFileSync } from 'node:fs';
import { removeFolder } from './folder.ts';
import type { Program } from './process.ts';

export interface Server<Address> {
  /** What a client needs to reach it; never changes, not even over a stop and a start. */
  readonly address: Address;
  /** Ends the process: its ports refuse. Its data and its ports stay for `start`. */
  readonly stop: () => Promise<void>;
  /** The same server again, with the same data on the same ports; resolves when it answers. */
  readonly start: () => Promise<void>;
  /** Ends it for good and removes its folder. */
  readonly close: () => Promise<void>;
}

/** For the hook that starts a server: long enough for an installation, which happens once per machine. */
export const START_LIMIT_MS = 600_000;

/** The file that counts the servers of a whole jest run, one name a line; jest's global setup sets it. */
export const STARTED_VARIABLE = 'PULSESCALE_SERVERS_STARTED';

export const countStart = (name: string): void => {
  const file = process.env[STARTED_VARIABLE];
  if (file !== undefined) appendFileSync(file, `${name}\n`);
};

interface Plan<Address> {
  /** The kind, under which its processes are counted. */
  readonly name: string;
  readonly address: Address;
  readonly folder: string;
  /** In the order in which they start; they stop in the opposite one. */
  readonly programs: readonly Program[];
  /** What must hold between the programs after every start (a cluster that has formed, say). */
  readonly settle?: () => Promise<void>;
  /** Done once, after the first start and before `settle`. */
  readonly prepare?: () => Promise<void>;
}

/** Starts the programs of a plan and hands them over as one server; what was started is ended again if one fails. */
export const startServer = async <Address>(plan: Plan<Address>): Promise<Server<Address>> => {
  const start = async (): Promise<void> => {
    for (const program of plan.programs) await program.start();
  };
  const close = async (): Promise<void> => {
    await Promise.all(plan.programs.map((program) => program.kill()));
    await removeFolder(plan.folder);
  };
  try {
    await start();
    await plan.prepare?.();
    await plan.settle?.();
  } catch (failure) {
    await close();
    throw failure;
  }
  for (const program of plan.programs) if (program.counts) countStart(plan.name);
  return {
    address: plan.address,
    stop: async () => {
      for (const program of plan.programs.toReversed()) await program.stop();
    },
    start: async () => {
      await start();
      await plan.settle?.();
    },
    close,
  };
};

/** A server that somebody else runs, named by an environment variable: its address, and no power over it. */
export const notOurs = <Address>(address: Address, variable: string): Server<Address> => {
  const refuse = async (): Promise<never> => {
    throw new Error(
      `The server of ${variable} is not ours to stop or start. Unset ${variable} to use one that is started here.`,
    );
  };
  return { address, stop: refuse, start: refuse, close: async () => {} };
};
