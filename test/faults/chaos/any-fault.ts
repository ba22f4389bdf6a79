/** A fault of any kind at any call: once, several times or for a while, now and then with a death in the midst of it. */
import type { Api, Call, Fault, How } from '../fault.ts';
import type { Stage } from '../stage.ts';
import type { Chance } from './chance.ts';

const APIS: readonly { readonly api: Api; readonly weight: number }[] = [
  { api: 's3:GetObject', weight: 3 },
  { api: 's3:PutObject', weight: 4 },
  { api: 'ecs:DescribeServices', weight: 2 },
  { api: 'ecs:UpdateService', weight: 4 },
  { api: 'sqs:GetQueueAttributes', weight: 2 },
  { api: 'sns:Publish', weight: 3 },
  { api: 'states:StartExecution', weight: 3 },
  { api: 'lambda:lease', weight: 2 },
  { api: 'lambda:collect', weight: 1 },
  { api: 'lambda:decide', weight: 1 },
  { api: 'lambda:apply', weight: 3 },
];

/** What keeps silent takes real seconds until its caller gives up, so there is less of it. */
const HOWS: readonly { readonly how: How; readonly weight: number }[] = [
  { how: 'refuse', weight: 3 },
  { how: 'error', weight: 3 },
  { how: 'throttle', weight: 3 },
  { how: 'deny', weight: 2 },
  { how: 'garbage', weight: 2 },
  { how: 'silent', weight: 1 },
  { how: 'mute', weight: 1 },
  { how: 'late', weight: 2 },
  { how: 'twice', weight: 3 },
  { how: 'lost', weight: 5 },
  { how: 'none', weight: 1.5 },
];

const ROOMS = ['lease', 'apply'] as const;

/** Who dies at a call, and how the recording calls it. */
export type Death = 'process' | 'execution';

export interface Chosen {
  readonly fault: Fault;
  /** Of the round's time, after which it is taken back. */
  readonly seconds: number;
}

/** @param die called with the call in hand at which somebody dies */
export const anyFault = (chance: Chance, die: (death: Death, call: Call) => unknown): Chosen => {
  const { api } = chance.weighed(APIS);
  const { how } = chance.weighed(HOWS);
  const isBrief = chance.happens(0.6);
  // Untouched calls are only worth something when somebody dies at one.
  const isDeadly = how === 'none' || chance.happens(0.06);
  const death = chance.one(['process', 'execution'] as const);
  const when = chance.one(['before', 'after'] as const);
  const room = api.startsWith('s3:') && chance.happens(0.5) ? { room: chance.one(ROOMS) } : {};
  return {
    fault: {
      ...{ name: `${api} ${how}${isDeadly ? `, death of the ${death} ${when} it` : ''}`, api, how, ...room },
      ...(isBrief || isDeadly
        ? { skip: chance.one([0, 0, 0, 1, 2]), times: isDeadly ? 1 : chance.whole(1, 3) }
        : {}),
      ...(how === 'late' ? { lateSeconds: chance.whole(2, 15) } : {}),
      ...(isDeadly ? { [when]: (call: Call) => die(death, call) } : {}),
    },
    seconds: isBrief ? 60 : chance.whole(3, 40),
  };
};

/** Kills at a call: its own execution, or the process of all handlers. */
export const killerOn =
  (stage: Stage, note: (death: Death) => void) =>
  async (death: Death, { execution }: Call): Promise<void> => {
    // An execution makes its first call before it counts as started.
    await null;
    note(death);
    if (death === 'process') stage.crash();
    else stage.kill(execution);
  };
