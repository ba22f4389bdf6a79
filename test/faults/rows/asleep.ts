/**
 * A lane that sleeps, when the burst comes just before the look of a minute: whatever goes wrong with that look, or with the waking, the next
 * one finds the work.
 */
import { executionRow, type Moment, processRow } from './deaths.ts';
import { deliveredAgain, skewed, starts } from './executions.ts';
import { otherwise } from './functions.ts';
import { damageRow, otherVersion, truncated } from './objects.ts';
import { READ_WAYS, type Row, rowsOf, type Way, WRITE_WAYS } from './row.ts';
import { where } from './store.ts';

const story = 'asleep';

const FEW_WAYS: readonly Way[] = ['refuses', 'times out', 'denies', 'answers garbage'];

const calls: readonly Row[] = [
  ...rowsOf({
    ...{ part: 'GetObject at a look', story, ways: READ_WAYS },
    call: { api: 's3:GetObject', room: 'lease', where },
  }),
  ...rowsOf({
    ...{ part: 'PutObject as it wakes', story, ways: WRITE_WAYS, deadly: ['loses its answer'] },
    call: { api: 's3:PutObject', room: 'lease', where },
  }),
  ...rowsOf({
    ...{ part: 'GetQueueAttributes at a look', story, ways: READ_WAYS },
    call: { api: 'sqs:GetQueueAttributes' },
  }),
  ...rowsOf({
    ...{ part: 'DescribeServices at a look', story, ways: FEW_WAYS },
    call: { api: 'ecs:DescribeServices' },
  }),
  ...rowsOf({
    ...{ part: 'the lease function at a look', story, ways: WRITE_WAYS, otherwise },
    // Two looks at once do no harm; of two that then take the lane, the first one's answer is not heard.
    deadly: ['lands twice'],
    call: { api: 'lambda:lease' },
  }),
  ...rowsOf({
    ...{ part: 'the collect function at a look', story, ways: READ_WAYS, otherwise },
    call: { api: 'lambda:collect' },
  }),
  ...rowsOf({
    ...{ part: 'the decide function at a look', story, ways: FEW_WAYS, otherwise },
    call: { api: 'lambda:decide' },
  }),
];

const looks: Moment = {
  ...{ when: 'while it looks', story, side: 'before', harmless: true },
  call: { api: 'ecs:DescribeServices' },
};
const woken: Moment = {
  ...{ when: 'when it has woken the lane', story, side: 'after' },
  call: { api: 's3:PutObject', room: 'lease' },
};

export const asleepRows: readonly Row[] = [
  ...calls,
  ...[looks, woken].flatMap((moment) => [processRow(moment), executionRow(moment)]),
  damageRow('deleted', () => undefined, story),
  damageRow('truncated', truncated, story),
  damageRow("in another version's format", otherVersion, story),
  { fault: 'a look twice: at the same moment', story, during: deliveredAgain(0) },
  { fault: 'a look twice: 30 s apart', story, during: deliveredAgain(30) },
  { fault: 'alarms: five at once', story, during: (stage) => starts(stage, 5) },
  {
    fault: 'alarms: five at once that take over',
    story,
    during: (stage) => starts(stage, 5, { takeOver: true }),
  },
  {
    fault: 'the service: somebody else sets its count in its sleep',
    story,
    during: async (stage) => {
      stage.setDesired(3);
      await stage.seconds(5);
    },
  },
  {
    fault: 'the service: deleted in its sleep and made again',
    story,
    during: async (stage) => {
      stage.removeService();
      await stage.seconds(20);
      stage.addService(1);
    },
  },
  skewed(story, 'a look 30 s ahead of S3', 30),
  skewed(story, 'a look 30 s behind S3', -30),
  skewed(story, 'every other look 30 s behind', 0, -30),
];
