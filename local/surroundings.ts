/** What the loop runs in: embedded endpoints on this machine, or AWS. */
import type { LeaseStore } from '../lambdas/store/lease-object.ts';
import type { Publication } from './machine-parts.ts';

export interface Surroundings {
  /** For the handlers' environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What listens where, for people. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly topicArn: string;
  readonly store: LeaseStore;
  readonly publish: (publication: Publication) => Promise<unknown>;
  /** How often the loop has called each API, where that can be seen. */
  readonly calls: ReadonlyMap<string, number>;
  /** `cluster/service` of those that have a queue of the demo. */
  readonly queues: readonly string[];
  /** @param to `all`, or one service; unset: the first */
  readonly burst: (messages: number, to?: string) => Promise<void>;
  /** Both resolve with what has happened, in a sentence. */
  readonly stopQueue: () => Promise<string>;
  readonly startQueue: () => Promise<string>;
  readonly stop: () => Promise<void>;
}
