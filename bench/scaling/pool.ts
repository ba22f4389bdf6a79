/**
 * Threads that share the work: each takes the next question as soon as it has answered its last, so which of them answers which is a
 * matter of timing, and the answer is not.
 */
import { Worker } from 'node:worker_threads';
import type { Figures } from '../../local/simulation/figures/figures.ts';
import type { Job } from './job.ts';
import type { LoadFacts, LoadName } from './load.ts';
import type { Question } from './question.ts';

export interface Pool {
  /** @throws Error that names the job, when it fails */
  readonly run: (job: Job) => Promise<Figures>;
  /** undefined: the file of the trace is not there. */
  readonly describe: (load: LoadName) => Promise<LoadFacts | undefined>;
  readonly close: () => Promise<void>;
}

type Answer = { readonly answer: unknown } | { readonly failed: string };

interface Asked {
  readonly question: Question;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A trace that can't be loaded says so itself, with its file. */
const named = (question: Question, failed: string): string => {
  if ('describe' in question) return failed;
  const { contestant, load, startUp } = question.run;
  return `${contestant} on ${load.trace} (${load.part}, seed ${load.seed}, start-up ${startUp} s): ${failed}`;
};

/** @param answered is told each run that has ended */
export const createPool = (threads: number, answered?: (job: Job) => void): Pool => {
  const waiting: Asked[] = [];
  const idle: Worker[] = [];
  const busy = new Map<Worker, Asked>();

  const next = (): void => {
    while (waiting.length > 0) {
      const worker = idle.pop();
      if (worker === undefined) return;
      const asked = waiting.shift() as Asked;
      busy.set(worker, asked);
      worker.postMessage(asked.question);
    }
  };
  const ended = (worker: Worker, answer: Answer): void => {
    const asked = busy.get(worker);
    busy.delete(worker);
    idle.push(worker);
    if (asked === undefined) return;
    if ('failed' in answer) asked.reject(new Error(named(asked.question, answer.failed)));
    else asked.resolve(answer.answer);
    if ('run' in asked.question) answered?.(asked.question.run);
    next();
  };
  const workers = Array.from({ length: threads }, () => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url));
    worker.on('message', (answer: Answer) => ended(worker, answer));
    worker.on('error', (error) => busy.get(worker)?.reject(error));
    idle.push(worker);
    return worker;
  });
  const ask = (question: Question): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      next();
    });
  return {
    run: (job) => ask({ run: job }) as Promise<Figures>,
    describe: (load) => ask({ describe: load }) as Promise<LoadFacts | undefined>,
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
};
