/** What the test of the servers needs of each: how it is started, filled and counted, by a client that users have too. */
import type { Server } from '../server.ts';

export interface Running {
  readonly server: Server<unknown>;
  /** Every port that must refuse while it is stopped. */
  readonly ports: readonly number[];
  /** Those of them that speak TLS under our CA. */
  readonly tlsPorts?: readonly number[];
  readonly write: (messages: number) => Promise<unknown>;
  readonly count: () => Promise<number>;
}

export const present = (ports: readonly (number | undefined)[]): readonly number[] =>
  ports.filter((port) => port !== undefined);
export const portOf = (address: string): number => Number(address.slice(address.lastIndexOf(':') + 1));
export const KEY = 'orders';
export const bodies = (messages: number): string[] =>
  Array.from({ length: messages }, (_, index) => `m${index}`);
