/** What is measured of one source: its readings, beside the same question put by the bare client in the same run. */
import type { ServerAddress } from '../../local/demo/queue.ts';
import type { Network } from './network.ts';

export type Options = Readonly<Record<string, unknown>>;

/** The client library alone, on a connection of its own. */
export interface BareClient {
  /** Asks for what the source reads of the queue with this number. */
  readonly ask: (index: number) => Promise<unknown>;
  readonly close: () => Promise<unknown> | unknown;
}

export interface OpenCase {
  /** The source's options for the queue with this number. */
  readonly options: (index: number) => Options;
  readonly bare: () => Promise<BareClient>;
  readonly close: () => Promise<unknown> | unknown;
}

export interface SourceCase {
  /** `redis list`. */
  readonly name: string;
  /** As `npm run servers` calls it; undefined: the case brings its own endpoint. */
  readonly server?: string;
  /** From tick to tick; default 5. Longer where an answer is kept for a period, or nothing would be asked. */
  readonly secondsPerTick?: number;
  /** Its clients find their way by themselves (a cluster's nodes name their own addresses), so no network can be put between. */
  readonly nearOnly?: boolean;
  /** Makes that many queues, with something in each; the source and the bare client go by the network. */
  readonly open: (address: ServerAddress, queues: number, network: Network) => Promise<OpenCase>;
}
