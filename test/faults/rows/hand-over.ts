/** StartExecution, by which an execution hands over. */
import { type Row, rowsOf, WRITE_WAYS } from './row.ts';

export const handOverRows: readonly Row[] = rowsOf({
  part: 'StartExecution',
  story: 'hand-over',
  call: { api: 'states:StartExecution' },
  ways: WRITE_WAYS,
  // It believes that the next execution has begun.
  deadly: ['answers garbage'],
  // Nothing of ours waits here, so these seconds are skipped.
  otherwise: { 'times out': { seconds: 26 }, 'answers too late': { seconds: 26 } },
});
