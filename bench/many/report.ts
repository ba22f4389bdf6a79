/** The bench in tables, and whether it holds. */
import { keyOf } from '../../lambdas/contract/config.ts';
import { quantile, table } from '../table.ts';
import { BUDGET, type Member } from './fleet.ts';
import type { Played } from './lane.ts';
import {
  disturbances,
  failsWell,
  isScaledIn,
  mostShared,
  saidBy,
  ticksToFollow,
  WARM_UP,
} from './verdict.ts';
import { decisionsOf } from './watch.ts';

export interface LaneReport {
  readonly name: string;
  readonly members: readonly Member[];
  readonly played: Played;
}

export interface Verdict {
  readonly text: string;
  /** What does not hold; empty: everything does. */
  readonly problems: readonly string[];
}

const ms = (value: number): string => `${value.toFixed(0)} ms`;
const worksOf = ({ played }: LaneReport): readonly number[] => played.watch.ticks.map(({ work }) => work);

const laneRow = (lane: LaneReport, beside: LaneReport | undefined, interval: number): readonly string[] => {
  const { members, played, name } = lane;
  const { ticks } = played.watch;
  const works = worksOf(lane);
  const warm = works.slice(WARM_UP);
  const p50 = quantile(warm, 0.5);
  const ratio =
    beside === undefined ? '' : `${(p50 / quantile(worksOf(beside).slice(WARM_UP), 0.5)).toFixed(2)} x`;
  return [
    name,
    String(members.length),
    String(ticks.length),
    String(Math.min(...ticks.map(({ decisions }) => decisions.length))),
    ms(works[0] ?? Number.NaN),
    `${ms(p50)} / ${ms(quantile(warm, 0.99))}`,
    `${((100 * Math.max(...works)) / (interval * 1000)).toFixed(0)} %`,
    ratio,
    `${(Math.max(...ticks.map(({ bytes }) => bytes)) / 1024).toFixed(0)} KiB`,
    `${mostShared(played.watch, members)} of ${BUDGET}`,
  ];
};

const LANE_HEAD = [
  ...['lane', 'services', 'ticks', 'decisions a tick', 'first tick', 'work of a tick p50 / p99'],
  ...['longest : interval', 'p50 : healthy lane', 'largest state', 'most of the budget'],
];

const isHealthy = ({ failure }: Member): boolean => failure === undefined;

const kindRows = ({ members, played: { watch, bursts } }: LaneReport): readonly (readonly string[])[] => {
  const types = [...new Set(members.filter(isHealthy).map(({ type }) => type))];
  return types.map((type) => {
    const own = members.filter((each) => isHealthy(each) && each.type === type);
    const ticks = own
      .filter(({ grouped }) => !grouped)
      .map((each) => ticksToFollow(watch, keyOf(each), bursts.get(keyOf(each)) ?? 0));
    const known = own.filter((each) => disturbances(watch, each, bursts).length === 0);
    return [type, String(own.length), String(known.length), ticks.map((each) => each ?? 'never').join(' ')];
  });
};

const failingRows = ({ members, played: { watch } }: LaneReport): readonly (readonly string[])[] =>
  members.flatMap((member) =>
    member.failure === undefined
      ? []
      : [[member.failure.name, failsWell(watch, member) ? 'yes' : 'NO', saidBy(watch, member)]],
  );

const problemsIn = (lane: LaneReport, interval: number): readonly string[] => {
  const { name, members, played } = lane;
  const { watch, bursts } = played;
  const longest = Math.max(...worksOf(lane));
  const disturbed = members
    .filter(isHealthy)
    .flatMap((each) => disturbances(watch, each, bursts).map((what) => `${keyOf(each)}: ${what}`));
  const unsaid = members
    .filter((each) => !isHealthy(each) && !failsWell(watch, each))
    .map(
      (each) =>
        `${each.failure?.name}: it did not say so at every tick, or was scaled: "${saidBy(watch, each)}"`,
    );
  const most = mostShared(watch, members);
  return [
    ...(longest > interval * 1000 ? [`a tick took ${ms(longest)}`] : []),
    ...(most > BUDGET ? [`${most} tasks in a budget of ${BUDGET}`] : []),
    ...watch.troubles,
    ...disturbed,
    ...unsaid,
  ].map((what) => `${name}: ${what}`);
};

/** The same for programs: what became of each service of the last lane. */
export const outcomeOf = ({ members, played: { watch, bursts } }: LaneReport) => ({
  ticks: watch.ticks.length,
  troubles: watch.troubles,
  budget: BUDGET,
  shared: mostShared(watch, members),
  healthy: members.filter(isHealthy).map((member) => ({
    key: keyOf(member),
    decisions: decisionsOf(watch, keyOf(member)).filter((each) => each !== undefined).length,
    followed: ticksToFollow(watch, keyOf(member), bursts.get(keyOf(member)) ?? 0) ?? null,
    scaledIn: isScaledIn(watch, keyOf(member)),
  })),
  failing: members.flatMap((member) =>
    member.failure === undefined
      ? []
      : [{ name: member.failure.name, well: failsWell(watch, member), said: saidBy(watch, member) }],
  ),
});

/** @param lanes the healthy one first */
export const verdictOn = (lanes: readonly LaneReport[], interval: number): Verdict => {
  const [beside] = lanes;
  const last = lanes.at(-1);
  if (last === undefined) throw new Error('no lane was played');
  const problems = lanes.flatMap((lane) => problemsIn(lane, interval));
  const text = [
    `${last.members.length} services in one lane, a tick every ${interval} s`,
    table(
      LANE_HEAD,
      lanes.map((lane) => laneRow(lane, lane === beside ? undefined : beside, interval)),
    ),
    'failing-at-once: without the servers that accept and never answer. A tick waits for those until the time limit of a reading at first and every fourth time, and a quarter of that otherwise; that is what the last lane takes longer.',
    'The healthy ones of the last lane (ticks from the burst to the accepted scale-out; those in the budget wait for their turn)',
    table(['source', 'services', 'undisturbed', 'ticks to follow'], kindRows(last)),
    'What the failing ones said',
    table(['failure', 'said at every tick', 'last'], failingRows(last)),
    problems.length === 0
      ? 'Everything holds.'
      : `It does not hold:\n${problems.map((each) => `- ${each}`).join('\n')}`,
    '',
  ].join('\n\n');
  return { text, problems };
};
