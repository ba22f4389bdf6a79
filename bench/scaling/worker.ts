/** A thread of the bench: is asked one thing after the other, each by name, and answers with figures. */
import { parentPort } from 'node:worker_threads';
import { messageOf } from '../../lambdas/contract/errors.ts';
import { answerTo, type Question } from './question.ts';

parentPort?.on('message', (question: Question) => {
  try {
    parentPort?.postMessage({ answer: answerTo(question) });
  } catch (thrown) {
    parentPort?.postMessage({ failed: messageOf(thrown) });
  }
});
