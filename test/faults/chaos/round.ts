/**
 * A round of chaos: some minutes of a lane under storms of faults, several at a time, with quiet stretches in which it must tick again, and a long
 * one in the end, after which the counts must be right. The same seed makes the same round as far as real sockets and workers allow.
 */
import { type Violation, violationsIn } from '../invariants.ts';
import type { Recording } from '../recording.ts';
import { type Stage, type StageOptions, startStage } from '../stage.ts';
import { acts, changeLoad, LOADS, RARE_LOADS } from './acts.ts';
import { anyFault, type Death, killerOn } from './any-fault.ts';
import { type Chance, chanceOf } from './chance.ts';

export interface Length {
  readonly storms: number;
  readonly stormSeconds: readonly [least: number, most: number];
}

export const USUAL: Length = { storms: 6, stormSeconds: [40, 150] };

export interface Round {
  readonly seed: number;
  readonly recording: Recording;
  readonly violations: readonly Violation[];
  /** How often which act was played. */
  readonly played: ReadonlyMap<string, number>;
}

/** The schedule has looked twice and the lane has settled: two minutes until it lives, the cooldowns of several steps, and some more. */
const LAST_QUIET_SECONDS = 330;

/** So that the loop's own rules of time are shown what has no call of its own. */
const noteBreak = (
  { recording, clock }: Stage,
  name: string,
  api: 'process' | 'execution' | 'object',
  seconds: number,
) => {
  const from = clock.now();
  recording.faults.push({
    name,
    how: 'none',
    api,
    from,
    hits: 1,
    firstHit: from,
    lastHit: from + seconds * 1000,
  });
};

/** The clocks of executions are up to 30 s apart in every other round. */
const skewFor = (seed: number, chance: Chance) => {
  const skews = new Map<number, number>();
  const most = seed % 2 === 0 ? 15_000 : 0;
  return (delivery: number): number => {
    const skew = skews.get(delivery) ?? chance.whole(-most, most);
    skews.set(delivery, skew);
    return skew;
  };
};

/** In every fourth round the lane sleeps when there is nothing to do, which there mostly is not. */
const SLEEPY: StageOptions = { idle: 60, services: 1, cooldown: 20 };
const isSleepy = (seed: number): boolean => seed % 4 === 3;

interface Weather {
  readonly stage: Stage;
  readonly chance: Chance;
  readonly loads: readonly number[];
  readonly played: Map<string, number>;
  /** Acts that are still under way. */
  readonly pending: Set<Promise<unknown>>;
}

const playAct = ({ stage, chance, played, pending }: Weather): void => {
  const act = chance.weighed(acts);
  played.set(act.name, (played.get(act.name) ?? 0) + 1);
  stage.note(`act: ${act.name}`);
  if (act.breaksFor > 0)
    noteBreak(stage, act.name, act.name.includes('object') ? 'object' : 'process', act.breaksFor);
  const playing = Promise.resolve(act.play(stage, chance)).finally(() => pending.delete(playing));
  pending.add(playing);
};

const storm = async (weather: Weather, seconds: number): Promise<void> => {
  const { stage, chance, loads } = weather;
  const die = killerOn(stage, (death: Death) => noteBreak(stage, `death of the ${death}`, death, 1));
  const end = stage.clock.now() + seconds * 1000;
  const ends: (() => void)[] = [];
  // Where people and deaths have their hands in it all the time, the lane hardly gets to act; so every other storm is mostly of calls.
  const calls = chance.one([0.6, 0.95]);
  while (stage.clock.now() < end) {
    if (chance.happens(0.3)) await changeLoad(stage, chance, loads);
    if (chance.happens(calls)) {
      const { fault, seconds: lasts } = anyFault(chance, die);
      const injected = stage.inject(fault);
      ends.push(injected.end);
      void stage.clock.sleep(lasts * 1000).then(injected.end);
    } else playAct(weather);
    await stage.seconds(chance.whole(1, 8));
  }
  for (const each of ends) each();
};

/** Whatever people have done is undone by and by: a pause ends, a deleted service is made again. */
const clearUp = async ({ stage, pending }: Weather): Promise<void> => {
  const over = await stage.until(() => pending.size === 0, 120);
  if (!over) stage.note('acts are still under way');
};

export const playRound = async (seed: number, { storms, stormSeconds }: Length = USUAL): Promise<Round> => {
  const chance = chanceOf('chaos', seed);
  const stage = await startStage({
    services: 1 + (seed % 3),
    seed,
    // In half of the rounds it outlasts the death of a lane, or nobody would notice one that is forgotten.
    cooldown: seed % 4 < 2 ? 20 : 150,
    skewOf: skewFor(seed, chanceOf('skew', seed)),
    ...(isSleepy(seed) ? SLEEPY : {}),
  });
  const loads = isSleepy(seed) ? RARE_LOADS : LOADS;
  const weather: Weather = { stage, chance, loads, played: new Map(), pending: new Set() };
  stage.start();
  await stage.load(chance.whole(0, 150));
  await stage.seconds(chance.whole(5, 40));
  for (let nth = 0; nth < storms; nth += 1) {
    await storm(weather, chance.whole(...stormSeconds));
    if (isSleepy(seed)) await changeLoad(stage, chance, loads);
    await stage.seconds(chance.one([20, 60, 150]));
  }
  await clearUp(weather);
  for (const key of stage.keys) await stage.load(chance.one([0, 35, 140]), key);
  await stage.seconds(LAST_QUIET_SECONDS);
  const recording = await stage.stop();
  return { seed, recording, violations: violationsIn(recording), played: weather.played };
};
