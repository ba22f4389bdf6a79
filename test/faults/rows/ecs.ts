/** ECS: what it is asked, what it is told, and what others do to a service meanwhile. */
import type { Stage } from '../stage.ts';
import { forSeconds, READ_WAYS, type Row, rowsOf, WRITE_WAYS } from './row.ts';

/** A rolling update that hangs, as DescribeServices shows it. */
const rolling = (text: string): string =>
  text.replaceAll('"rolloutState":"COMPLETED"', '"rolloutState":"IN_PROGRESS"');

const unfinished = (stage: Stage): Promise<void> =>
  forSeconds(
    stage,
    {
      name: 'a deployment that never finishes',
      how: 'alter',
      api: 'ecs:DescribeServices',
      alter: rolling,
    },
    45,
  );

export const ecsRows: readonly Row[] = [
  ...rowsOf({
    part: 'DescribeServices',
    story: 'scale-out',
    call: { api: 'ecs:DescribeServices' },
    ways: READ_WAYS,
  }),
  ...rowsOf({
    part: 'UpdateService',
    story: 'scale-out',
    call: { api: 'ecs:UpdateService' },
    ways: WRITE_WAYS,
    // Its client waits for 8 s, in two tries.
    otherwise: { 'times out': { seconds: 14 }, 'answers too late': { seconds: 14 } },
  }),
  ...rowsOf({
    part: 'UpdateService at scale-in',
    story: 'scale-in',
    call: { api: 'ecs:UpdateService' },
    ways: ['denies', 'lands late', 'loses its answer'],
  }),
  {
    fault: 'the service: deleted and made again',
    story: 'scale-out',
    during: async (stage) => {
      stage.removeService();
      await stage.seconds(20);
      stage.addService(1);
    },
  },
  {
    fault: 'the service: deleted at scale-in and made again with more tasks',
    story: 'scale-in',
    during: async (stage) => {
      stage.removeService();
      await stage.seconds(20);
      stage.addService(9);
    },
  },
  {
    fault: 'the service: somebody else sets its count',
    story: 'scale-out',
    during: async (stage) => {
      await stage.seconds(12);
      stage.setDesired(3);
    },
  },
  {
    fault: 'the service: a deployment that never finishes at scale-out',
    story: 'scale-out',
    during: unfinished,
  },
  {
    fault: 'the service: a deployment that never finishes at scale-in',
    story: 'scale-in',
    during: unfinished,
  },
];
