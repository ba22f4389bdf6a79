/** A month of one lane, from what its executions were counted to use. */
import type { Room } from '../../lambdas/log.ts';
import type { Item } from './bill.ts';
import type { Counted } from './count.ts';
import { billedMs } from './durations.ts';
import type { Lane } from './lane.ts';
import { MONTH_SECONDS, type PriceName } from './prices.ts';
import type { Deployed } from './stack.ts';
import type { Used } from './used.ts';

export interface CountedLane extends Lane, Counted {}

export interface Rates {
  readonly perTick: Counts;
  /** Besides its ticks: the lease, the hand-over, the frame of the line with the ticks. */
  readonly perExecution: Counts;
  /** Of one service that scales out, besides its tick: its notice too, and that this was told. */
  readonly perScaleOut: Counts;
  /** Of one service that scales in, besides its tick. */
  readonly perScaleIn: Counts;
  /** Of a start by the schedule. */
  readonly perRevival: Counts;
  readonly perPausedRevival: Counts;
  /** Bytes. */
  readonly largestState: number;
}

/** By name: `invoke:<room>`, `<service>:<Api>`, `log:bytes`, `log:lines`. */
type Counts = Readonly<Record<string, number>>;

const countsOf = ({ invocations, calls, log }: Used): Counts => ({
  ...Object.fromEntries(Object.entries(invocations).map(([room, count]) => [`invoke:${room}`, count])),
  ...calls,
  'log:bytes': log.bytes,
  'log:lines': log.lines,
});

/** Each of them so many times, all together. */
const sum = (...parts: readonly (readonly [Counts, number])[]): Counts => {
  const total: Record<string, number> = {};
  for (const [counts, times] of parts)
    for (const [name, count] of Object.entries(counts)) total[name] = (total[name] ?? 0) + times * count;
  return total;
};

interface Changing {
  readonly rising: CountedLane;
  readonly falling: CountedLane;
  /** The same lane without changes. */
  readonly alone: CountedLane;
}

/** Of one change, in an execution of which every tick changes every count. */
const perChange = ({ execution, services }: CountedLane, alone: CountedLane): Counts => {
  const changes = execution.ticks * services;
  return sum([countsOf(execution), 1 / changes], [countsOf(alone.execution), -1 / changes]);
};

/** Two executions of one lane with different numbers of ticks tell what is per tick; others, in which every tick changes the count, what a change takes. */
export const ratesOf = (many: CountedLane, few: CountedLane, { rising, falling, alone }: Changing): Rates => {
  const [long, short] = [many.execution, few.execution];
  const perTick = sum(
    [countsOf(long), 1 / (long.ticks - short.ticks)],
    [countsOf(short), -1 / (long.ticks - short.ticks)],
  );
  return {
    perTick,
    perExecution: sum([countsOf(short), 1], [perTick, -short.ticks]),
    perScaleOut: perChange(rising, alone),
    perScaleIn: perChange(falling, alone),
    perRevival: countsOf(few.revival),
    perPausedRevival: countsOf(few.paused),
    largestState: Math.max(long.largestState, short.largestState),
  };
};

/** How long an execution ticks, in seconds (`loop.executionLength`). */
const EXECUTION_SECONDS = 60;
const REVIVALS = MONTH_SECONDS / 60;
/** CloudWatch's own metadata of an event. */
const BYTES_PER_LINE = 26;
/** Express bills whole tenths of a second and 64 MB; each execution ends in the middle of one. */
const EXPRESS_STEP = 0.1;
const EXPRESS_MB = 64;
/** From the start of an execution to its first function and back from it. */
const EXPRESS_OVERHEAD_MS = 50;
/** Map and Parallel states of the loop, each of which may hold the execution's data once more: Notify. */
const MAP_STATES = 1;

const priceOf = (name: string): PriceName => {
  if (name.startsWith('sqs:')) return 'sqsRequest';
  if (name.startsWith('ecs:')) return 'ecsRequest';
  const price = ({ 's3:GetObject': 's3Get', 's3:PutObject': 's3Put', 'sns:Publish': 'snsPublish' } as const)[
    name as 's3:GetObject'
  ];
  if (price === undefined) throw new Error(`nobody knows what ${name} costs: add it to priceOf`);
  return price;
};

const whatOf: Readonly<Record<string, string>> = {
  sqsRequest: 'SQS',
  ecsRequest: 'ECS',
  s3Get: 'S3',
  s3Put: 'S3',
  snsPublish: 'SNS',
};

export interface Circumstances {
  readonly services: number;
  readonly deployed: Deployed;
  /** Times the waiting that is assumed in `durations.ts`. */
  readonly slowness: number;
}

/** Functions, calls and logs. */
const itemsOf = (counts: Counts, { services, deployed, slowness }: Circumstances): readonly Item[] =>
  Object.entries(counts).flatMap(([name, units]): readonly Item[] => {
    if (name === 'log:lines') return [];
    if (name === 'log:bytes') {
      const gb = (units + BYTES_PER_LINE * (counts['log:lines'] ?? 0)) / 1e9;
      return [
        { what: 'logs', price: 'logGb', units: gb },
        { what: 'logs', price: 'logGbMonth', units: (gb * deployed.retentionDays) / 30 },
      ];
    }
    if (!name.startsWith('invoke:')) {
      const price = priceOf(name);
      return [{ what: whatOf[price] ?? price, price, units }];
    }
    const room = name.slice('invoke:'.length) as Room;
    const memory = deployed.memory[room];
    const seconds = billedMs({ room, services, memory, slowness }) / 1000;
    return [
      { what: 'Lambda, requests', price: 'lambdaRequest', units },
      { what: 'Lambda, duration', price: 'lambdaGbSecond', units: units * seconds * (memory / 1024) },
    ];
  });

/** Step Functions: so many starts, and so many seconds of a lane that is or is not running. */
const expressItems = (
  starts: number,
  seconds: number,
  deployed: Deployed,
  largestState: number,
): readonly Item[] => {
  const mb = 50 + (deployed.definition + MAP_STATES * largestState) / 2 ** 20;
  const gb = (EXPRESS_MB * Math.ceil(mb / EXPRESS_MB)) / 1024;
  return [
    { what: 'Step Functions, requests', price: 'expressRequest', units: starts },
    { what: 'Step Functions, duration', price: 'expressGbHour', units: (seconds * gb) / 3600 },
  ];
};

/** How long an execution lasts that asks these rooms, one after the other. */
const secondsOf = (rooms: readonly Room[], { services, deployed, slowness }: Circumstances): number => {
  const ms = rooms.reduce((sum, room) => {
    const memory = deployed.memory[room];
    return sum + billedMs({ room, services, memory, slowness }) + EXPRESS_OVERHEAD_MS;
  }, 0);
  return Math.ceil(ms / 1000 / EXPRESS_STEP) * EXPRESS_STEP;
};

/** How long the execution of a start lasts that finds the lane taken or paused. */
const revivalSeconds = (circumstances: Circumstances): number => secondsOf(['lease'], circumstances);

const scheduled: Item = { what: 'schedule', price: 'schedule', units: REVIVALS };

/** Of the lanes in the bucket, every two hours (`lambdas/lease/other-lanes.ts`); a LIST is as dear as a PUT. */
const listings: Item = { what: 'S3', price: 's3Put', units: MONTH_SECONDS / 7200 };

/** @param changes scale-outs and scale-ins an hour, of each service */
export const ticking = (
  rates: Rates,
  interval: number,
  changes: number,
  circumstances: Circumstances,
): readonly Item[] => {
  const ticksEach = Math.max(1, Math.floor(EXECUTION_SECONDS / interval));
  const ticks = MONTH_SECONDS / interval;
  const executions = ticks / ticksEach;
  const changed = (changes * circumstances.services * MONTH_SECONDS) / 3600;
  const counts = sum(
    [rates.perTick, ticks],
    [rates.perExecution, executions],
    // What goes out comes in again, in as many steps.
    [rates.perScaleOut, changed / 2],
    [rates.perScaleIn, changed / 2],
    [rates.perRevival, REVIVALS],
  );
  const seconds = MONTH_SECONDS + (executions * EXPRESS_STEP) / 2 + REVIVALS * revivalSeconds(circumstances);
  return [
    ...expressItems(executions + REVIVALS, seconds, circumstances.deployed, rates.largestState),
    ...itemsOf(counts, circumstances),
    scheduled,
    listings,
  ];
};

/** A lane that is paused: only the schedule asks for it. */
export const resting = (rates: Rates, circumstances: Circumstances): readonly Item[] => [
  ...expressItems(REVIVALS, REVIVALS * revivalSeconds(circumstances), circumstances.deployed, 0),
  ...itemsOf(sum([rates.perPausedRevival, REVIVALS]), circumstances),
  scheduled,
];

/** Looks at a lane that sleeps; one of nine takes it and puts it back. */
const WRITTEN_ONE_IN = 9;

/** A lane that sleeps: the schedule has it look at its queues once a minute, and each queue has an alarm. */
export const sleeping = (
  { asleep, asleepWritten }: CountedLane,
  circumstances: Circumstances,
): readonly Item[] => {
  if (asleep === undefined || asleepWritten === undefined)
    throw new Error('nobody has counted what a look at a lane that sleeps takes');
  const written = REVIVALS / WRITTEN_ONE_IN;
  const seconds =
    (REVIVALS - written) * secondsOf(['lease', 'collect', 'decide'], circumstances) +
    written * secondsOf(['lease', 'collect', 'decide', 'lease'], circumstances);
  const counts = sum([countsOf(asleep), REVIVALS - written], [countsOf(asleepWritten), written]);
  return [
    ...expressItems(REVIVALS, seconds, circumstances.deployed, asleepWritten.largestState),
    ...itemsOf(counts, circumstances),
    scheduled,
    listings,
    { what: 'alarms', price: 'alarm', units: circumstances.services },
  ];
};
