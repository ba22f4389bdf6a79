/**
 * Somebody dies in the middle of his work: the process in which a room runs (Step Functions asks again), or the whole execution (nobody
 * does, so the reviver has to).
 */
import type { Fault } from '../fault.ts';
import type { Stage } from '../stage.ts';
import type { Around, Row } from './row.ts';

export interface Moment {
  readonly when: string;
  readonly story: Around;
  readonly call: Pick<Fault, 'api' | 'room' | 'where'>;
  readonly side: 'before' | 'after';
  /** The execution that dies here has handed over already, so nobody misses it. */
  readonly harmless?: true;
}

const atApply = { api: 's3:PutObject', room: 'apply' } as const;
const atLease = { api: 's3:PutObject', room: 'lease' } as const;

const moments: readonly Moment[] = [
  { when: 'before the lease is taken', story: 'hand-over', call: atLease, side: 'before' },
  { when: 'when the lease has been taken', story: 'hand-over', call: atLease, side: 'after' },
  { when: 'while it reads', story: 'scale-out', call: { api: 'ecs:DescribeServices' }, side: 'before' },
  { when: 'before the write', story: 'scale-out', call: atApply, side: 'before' },
  { when: 'between the write and UpdateService', story: 'scale-out', call: atApply, side: 'after' },
  { when: 'after UpdateService', story: 'scale-out', call: { api: 'ecs:UpdateService' }, side: 'after' },
  {
    when: 'between the write and UpdateService of a scale-in',
    story: 'scale-in',
    call: atApply,
    side: 'after',
  },
  {
    when: 'after UpdateService of a scale-in',
    story: 'scale-in',
    call: { api: 'ecs:UpdateService' },
    side: 'after',
  },
];

/** Moments in which no function of ours runs. */
const between: readonly Moment[] = [
  { when: 'before it is told', story: 'scale-out', call: { api: 'sns:Publish' }, side: 'before' },
  { when: 'when it has been told', story: 'scale-out', call: { api: 'sns:Publish' }, side: 'after' },
  {
    when: 'before the hand-over',
    story: 'hand-over',
    call: { api: 'states:StartExecution' },
    side: 'before',
  },
  {
    when: 'after the hand-over',
    story: 'hand-over',
    call: { api: 'states:StartExecution' },
    side: 'after',
    harmless: true,
  },
];

/** Lets the loop meet the moment once, and is over a little after that. */
const once = async (stage: Stage, fault: Fault): Promise<void> => {
  const injected = stage.inject({ ...fault, times: 1 });
  for (let second = 0; second < 60 && injected.hits() === 0; second += 1) await stage.seconds(1);
  await stage.seconds(1);
  injected.end();
};

export const processRow = ({ when, story, call, side }: Moment): Row => {
  const fault = `the process: dies ${when}`;
  return {
    fault,
    story,
    during: (stage) => once(stage, { ...call, name: fault, how: 'none', [side]: () => stage.crash() }),
  };
};

export const executionRow = ({ when, story, call, side, harmless }: Moment): Row => {
  const fault = `the execution: dies ${when}`;
  return {
    fault,
    story,
    ...(harmless ? {} : { dies: true as const }),
    during: (stage) =>
      once(stage, {
        ...call,
        name: fault,
        how: 'none',
        [side]: ({ execution = '' }) => stage.kill(execution),
      }),
  };
};

export const deathRows: readonly Row[] = [
  ...moments.map(processRow),
  ...[...moments, ...between].map(executionRow),
];
