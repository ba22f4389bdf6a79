/** SNS, which Step Functions itself calls. */
import { type Row, rowsOf, WRITE_WAYS } from './row.ts';

export const noticeRows: readonly Row[] = rowsOf({
  part: 'Publish',
  story: 'scale-out',
  call: { api: 'sns:Publish' },
  ways: WRITE_WAYS,
});
