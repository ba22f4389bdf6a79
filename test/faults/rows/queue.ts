/** The source, for which SQS stands. */
import { forSeconds, READ_WAYS, type Row, rowsOf } from './row.ts';

const call = { api: 'sqs:GetQueueAttributes' } as const;

export const queueRows: readonly Row[] = [
  ...rowsOf({ part: 'GetQueueAttributes', story: 'scale-out', call, ways: READ_WAYS }),
  ...rowsOf({
    part: 'GetQueueAttributes at scale-in',
    story: 'scale-in',
    call,
    ways: ['refuses', 'answers garbage'],
  }),
  {
    fault: 'GetQueueAttributes: known and unknown by turns',
    story: 'scale-out',
    during: (stage) => {
      let asked = 0;
      const where = (): boolean => {
        asked += 1;
        return asked % 2 === 1;
      };
      return forSeconds(stage, { ...call, name: 'a source that flips', how: 'deny', where }, 60);
    },
  },
];
