/**
 * The demo's tasks: each running task is a real consumer that receives a message, works on it and deletes it. A task that
 * is stopped finishes the message it has.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

export interface Workers {
  /** Brings the consumers of one queue in line with the tasks that run. */
  readonly follow: (queueUrl: string, taskIds: readonly string[]) => void;
  readonly stop: () => void;
}

/** A long poll this short lets a stopped task go soon. */
const POLL_SECONDS = 1;

const consume = async (
  sqs: SQSClient,
  queueUrl: string,
  workMs: number,
  stop: AbortSignal,
): Promise<void> => {
  while (!stop.aborted) {
    try {
      const poll = new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 1,
        WaitTimeSeconds: POLL_SECONDS,
      });
      // Not aborted on stop: a message that is on its way to a task that is gone would be invisible for 30 s.
      const { Messages = [] } = await sqs.send(poll);
      for (const { ReceiptHandle } of Messages) {
        await sleep(workMs);
        await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
      }
    } catch {
      // The queue is away (somebody pressed the button) or we are being stopped: a worker waits and tries again.
      if (!stop.aborted) await sleep(500);
    }
  }
};

/** @param workMs how long one message takes */
export const createWorkers = (sqs: SQSClient, workMs: number): Workers => {
  const running = new Map<string, { readonly queueUrl: string; readonly stop: AbortController }>();
  return {
    follow: (queueUrl, taskIds) => {
      const wanted = new Set(taskIds);
      for (const [id, worker] of running) {
        if (worker.queueUrl !== queueUrl || wanted.has(id)) continue;
        worker.stop.abort();
        running.delete(id);
      }
      for (const id of wanted) {
        if (running.has(id)) continue;
        const stop = new AbortController();
        running.set(id, { queueUrl, stop });
        void consume(sqs, queueUrl, workMs, stop.signal);
      }
    },
    stop: () => {
      for (const { stop } of running.values()) stop.abort();
      running.clear();
    },
  };
};
