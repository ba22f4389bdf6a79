/**
 * Serverless ECS Scaler: a Lambda that a message wakes (an SQS trigger) and EventBridge runs each minute. Anything in the queue: so many
 * tasks; nothing for so many minutes: none.
 *
 * Assumed: 20 s from the first message to the new count, the middle of the 10 to 30 s that it promises; the *depth* is SQS's
 * ApproximateNumberOfMessages, which leaves out what is being worked on, so a service busy with its last long message is stopped;
 * each of the minutes' runs has to find it empty.
 * Gotcha that is kept: it knows one count only, by default 1. Left out: its trigger takes messages off the queue that no task then gets.
 */
import type { Peer, Setting } from '../peer.ts';

const LOOK_SECONDS = 10;
const MINUTE = 60;

const documented = { tasks: 1, emptyMinutes: 2, wakeSeconds: 20 };

/** One, and shares of what the service may have. */
const counts = ({ tasks: { max } }: Setting): readonly number[] => [
  ...new Set([1, ...[0.05, 0.1, 0.25, 0.5, 1].map((share) => Math.ceil(share * max))]),
];

export const serverlessEcsScaler: Peer = {
  name: 'Serverless ECS Scaler',
  rule: 'a message wakes it in 20 s, and each minute: 1 task while there is work, none after 2 empty minutes',
  source:
    'its README as in ../shared/facts/seeds.md, B: 10–30 s out, SCALE_UP_TARGET 1, SCALE_DOWN_THRESHOLD 2 minutes',
  defaults: () => documented,
  grid: (setting) => ({ tasks: counts(setting), emptyMinutes: [1, 2, 5] }),
  create: (parameters, { tasks: { min, max } }) => {
    const { tasks, emptyMinutes, wakeSeconds } = { ...documented, ...parameters };
    const busy = Math.max(min, Math.min(max, tasks));
    let since: number | undefined;
    let empty = 0;
    return {
      every: LOOK_SECONDS,
      decide: ({ t, visible }) => {
        since = visible > 0 ? (since ?? t) : undefined;
        const run = t % MINUTE === 0;
        if (since !== undefined) {
          empty = 0;
          return run || t - since >= wakeSeconds ? busy : undefined;
        }
        if (run) empty += 1;
        return run && empty >= emptyMinutes ? min : undefined;
      },
    };
  },
};
