/** S3, where the lane's object lies: as the lease room reads and writes it, and as apply does. */
import { READ_WAYS, type Row, rowsOf, WRITE_WAYS } from './row.ts';

/** The lane's object. */
export const where = ({ path }: { readonly path: string }): boolean => path.includes('lease.json');

/** Three tries of the state take about 3 s. */
const LONGER_THAN_THE_TRIES = ['refuses', 'answers 500', 'throttles', 'denies', 'answers garbage'] as const;

export const storeRows: readonly Row[] = [
  ...rowsOf({
    part: 'GetObject by the lease',
    story: 'hand-over',
    call: { api: 's3:GetObject', room: 'lease', where },
    ways: READ_WAYS,
    deadly: LONGER_THAN_THE_TRIES,
  }),
  ...rowsOf({
    part: 'PutObject by the lease',
    story: 'hand-over',
    call: { api: 's3:PutObject', room: 'lease', where },
    ways: WRITE_WAYS,
    deadly: [...LONGER_THAN_THE_TRIES, 'loses its answer'],
  }),
  ...rowsOf({
    part: 'GetObject by apply',
    story: 'scale-out',
    call: { api: 's3:GetObject', room: 'apply', where },
    ways: READ_WAYS,
  }),
  ...rowsOf({
    part: 'PutObject by apply',
    story: 'scale-out',
    call: { api: 's3:PutObject', room: 'apply', where },
    ways: WRITE_WAYS,
  }),
];
