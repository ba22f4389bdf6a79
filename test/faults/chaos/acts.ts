/** What people, the platform and the world do to a lane, besides calls that go wrong. Each act is over when it has resolved, or undoes itself. */

import { withoutPause, withPause } from '../../../local/lane/pauses.ts';
import { changeLane } from '../../../local/lane.ts';
import type { Stage } from '../stage.ts';
import type { Chance } from './chance.ts';

export interface Act {
  readonly name: string;
  readonly weight: number;
  /** For how many seconds what it has broken may keep the loop from ticking; 0: it breaks nothing. */
  readonly breaksFor: number;
  readonly play: (stage: Stage, chance: Chance) => unknown;
}

const anyKey = ({ keys }: Stage, chance: Chance): string => chance.one(keys);

export const LOADS: readonly number[] = [0, 5, 35, 90, 140, 400];

/** Of a lane that sleeps whenever it may: mostly there is nothing to do. */
export const RARE_LOADS: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 35, 140];

/** Most faults lie in wait for what only a change of load brings about. */
export const changeLoad = (stage: Stage, chance: Chance, loads: readonly number[]): Promise<void> =>
  stage.load(chance.one(loads), anyKey(stage, chance));

/** Of the lane as a whole or of a service, until so many seconds from now. What can't be written just now is not paused. */
const pause = async (stage: Stage, scope: string, chance: Chance): Promise<void> => {
  const what = scope === 'lane' ? 'all' : chance.one(['in', 'out', 'all'] as const);
  const seconds = chance.whole(10, 60);
  const change = (how: Parameters<typeof changeLane>[2]) =>
    stage.clock.hold(changeLane(stage.store, stage.lane, how)).catch(() => undefined);
  await change((lease, now) => {
    const until = chance.happens(0.5)
      ? { until: new Date(now.getTime() + seconds * 1000).toISOString() }
      : {};
    return withPause(lease, { scope, what, ...until }, now);
  });
  stage.note(`${scope} is paused (${what}) for ${seconds} s`);
  await stage.clock.sleep(seconds * 1000);
  await change((lease, now) => withoutPause(lease, scope, 'all', now));
  stage.note(`${scope} is resumed`);
};

/** As Express does at times: the same execution with the same input again, at once or half a minute later. */
const deliverTwice = async (stage: Stage, chance: Chance): Promise<void> => {
  const seconds = chance.one([0, 0, 3, 30]);
  const input = await new Promise<string>((resolve) => {
    const next = stage.inject({
      ...{ name: 'an execution is delivered twice', api: 'states:StartExecution', how: 'none', times: 1 },
      after: ({ body }) => {
        resolve(body);
        next.end();
      },
    });
  });
  const execution = stage.recording.executions.findLast(({ by }) => by === 'hand-over')?.execution;
  await stage.clock.sleep(seconds * 1000);
  stage.note(`${execution} is delivered a second time, ${seconds} s later`);
  if (execution !== undefined) stage.start(JSON.parse(input), { execution });
};

/** A lease lasts 80 s at 5 s: whoever finds something else in its place must take it for a living holder's until then. */
const LEASE_SECONDS = 80;

const OTHER_FORMAT = JSON.stringify({ format: 9, holder: { id: 'x', epoch: 12 }, validUntil: 1_900_000_000 });

/** ECS says for some seconds that each service is being deployed. */
const deploy = async (stage: Stage, chance: Chance): Promise<void> => {
  const rolling = stage.inject({
    ...{ name: 'a deployment that does not finish', how: 'alter', api: 'ecs:DescribeServices' },
    alter: (text) => text.replaceAll('"rolloutState":"COMPLETED"', '"rolloutState":"IN_PROGRESS"'),
  });
  await stage.clock.sleep(chance.whole(10, 60) * 1000);
  rolling.end();
};

/** Every other look at a queue is refused. */
const flip = async (stage: Stage, chance: Chance): Promise<void> => {
  let asked = 0;
  const flipping = stage.inject({
    ...{ name: 'a source that flips', how: 'deny', api: 'sqs:GetQueueAttributes' },
    where: () => {
      asked += 1;
      return asked % 2 === 0;
    },
  });
  await stage.clock.sleep(chance.whole(10, 60) * 1000);
  flipping.end();
};

export const acts: readonly Act[] = [
  { name: 'the process dies', weight: 3, breaksFor: 1, play: ({ crash }) => crash() },
  { name: 'the execution dies', weight: 1, breaksFor: 1, play: ({ kill }) => kill() },
  { name: 'an execution is delivered twice', weight: 3, breaksFor: 0, play: deliverTwice },
  {
    name: 'people start the lane',
    weight: 2,
    breaksFor: 0,
    play: ({ start }, chance) => {
      for (let nth = chance.one([1, 1, 2, 5]); nth > 0; nth -= 1) start();
    },
  },
  {
    name: 'somebody takes the lane over',
    weight: 1,
    breaksFor: 0,
    play: ({ start }) => start({ takeOver: true }),
  },
  {
    name: 'somebody starts with an old term',
    weight: 1,
    breaksFor: 0,
    play: ({ start }, chance) => start({ term: chance.whole(0, 4) }),
  },
  { name: 'the object is deleted', weight: 0.4, breaksFor: LEASE_SECONDS, play: ({ damage }) => damage() },
  {
    name: 'the object is truncated',
    weight: 0.3,
    breaksFor: LEASE_SECONDS,
    play: ({ damage }) => damage('{"owner":"arn:aws:st'),
  },
  {
    name: "the object is another version's",
    weight: 0.3,
    breaksFor: LEASE_SECONDS,
    play: ({ damage }) => damage(OTHER_FORMAT),
  },
  {
    name: 'the lane is paused',
    weight: 1,
    breaksFor: 0,
    play: (stage, chance) => pause(stage, 'lane', chance),
  },
  {
    name: 'a service is paused',
    weight: 2,
    breaksFor: 0,
    play: (stage, chance) => pause(stage, chance.one(['*', ...stage.keys]), chance),
  },
  { name: 'a deployment does not finish', weight: 1, breaksFor: 0, play: deploy },
  { name: 'a source flips', weight: 1, breaksFor: 0, play: flip },
  {
    name: 'somebody else sets a count',
    weight: 2,
    breaksFor: 0,
    play: (stage, chance) => stage.setDesired(chance.whole(0, 24), anyKey(stage, chance)),
  },
  {
    name: 'a service is deleted and made again',
    weight: 1,
    breaksFor: 0,
    play: async (stage, chance) => {
      const key = anyKey(stage, chance);
      if (stage.desired(key) === undefined) return;
      stage.removeService(key);
      await stage.clock.sleep(chance.whole(2, 25) * 1000);
      stage.addService(chance.whole(0, 5), key);
    },
  },
];
