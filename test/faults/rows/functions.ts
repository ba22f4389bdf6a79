/** The rooms as Lambda functions: Step Functions asks, and something comes between. */
import { READ_WAYS, type Row, rowsOf, WRITE_WAYS } from './row.ts';

/** Once, until the function's own time is over: 20 s for apply. */
const slow = { seconds: 26, times: 1 } as const;
export const otherwise = { 'times out': slow, 'answers too late': slow };

export const functionRows: readonly Row[] = [
  ...rowsOf({
    part: 'the lease function',
    story: 'hand-over',
    call: { api: 'lambda:lease' },
    ways: WRITE_WAYS,
    // Three tries of the state take about 3 s; who is asked twice finds the lease taken.
    deadly: [
      'refuses',
      'answers 500',
      'throttles',
      'denies',
      'answers garbage',
      'lands twice',
      'loses its answer',
    ],
    otherwise,
  }),
  ...rowsOf({
    part: 'the collect function',
    story: 'scale-out',
    call: { api: 'lambda:collect' },
    ways: READ_WAYS,
    deadly: ['answers garbage'],
    otherwise,
  }),
  ...rowsOf({
    part: 'the decide function',
    story: 'scale-out',
    call: { api: 'lambda:decide' },
    ways: READ_WAYS,
    deadly: ['answers garbage'],
    otherwise,
  }),
  ...rowsOf({
    part: 'the apply function',
    story: 'scale-out',
    call: { api: 'lambda:apply' },
    ways: WRITE_WAYS,
    deadly: ['answers garbage'],
    otherwise,
  }),
];
