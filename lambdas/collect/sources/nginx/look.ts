/** Asks every running task, many at once, each within its share of the time. */
import { explainConnection } from '../../../contract/connection-errors.ts';
import { messageOf } from '../../../contract/errors.ts';
import type { Patience } from '../../../contract/patience.ts';
import { httpTrouble } from '../http/http-error.ts';
import type { Requester } from '../http/request.ts';
import type { Options } from './options.ts';
import { type Status, statusIn } from './status.ts';
import type { RunningTask } from './tasks.ts';

const AT_ONCE = 50;
/** Of the time that is left, so that the answers are counted before it is over. */
const SHARE_OF_TASKS = 0.9;

export type Looked = { readonly id: string } & ({ readonly status: Status } | { readonly why: string });

/** Everything is worked on, at most so many at the same time. */
const inTurns = async <T, R>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> => {
  const results: R[] = [];
  const rest = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of rest) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return results;
};

/**
 * @param msLeft for all of them together
 * @param patient of the tasks by their ids: one that kept silent again and again does not keep the others waiting
 */
export const lookAtAll = (
  tasks: readonly RunningTask[],
  { scheme, port, path }: Options,
  requester: Requester,
  patient: Patience,
  msLeft: number,
): Promise<readonly Looked[]> => {
  const rounds = Math.ceil(tasks.length / AT_ONCE);
  const allMs = Math.floor(msLeft * SHARE_OF_TASKS);
  const shareMs = Math.floor(allMs / rounds);
  // Shares may add up to more than the whole: each begins when its turn comes, and timers are late on a busy machine.
  const over = AbortSignal.timeout(allMs);
  return inTurns(tasks, AT_ONCE, async ({ id, address }): Promise<Looked> => {
    if (typeof address !== 'string') return { id, ...address };
    const server = `${scheme}://${address}:${port}`;
    const url = `${server}${path}`;
    const ms = patient.msFor(id, shareMs);
    const began = performance.now();
    try {
      const signal = AbortSignal.any([over, AbortSignal.timeout(ms)]);
      const status = statusIn(await requester.ask({ url, signal }));
      patient.answered(id, performance.now() - began);
      if (status !== undefined) return { id, status };
      return { id, why: `${url} answers with something else than stub_status: check path and port` };
    } catch (thrown) {
      const tookMs = performance.now() - began;
      // Whoever's turn came just before the end has not been given time, and so was not silent.
      if (!over.aborted || tookMs > ms / 2) patient.failed(id, tookMs, ms);
      const why = httpTrouble(thrown, url, {})?.why ?? explainConnection(thrown, server);
      return { id, why: why ?? `${server}: ${messageOf(thrown)}` };
    }
  });
};
