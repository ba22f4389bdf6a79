/** One lane on the stage for so long: bursts into every queue, and what was seen of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, keyOf } from '../../lambdas/contract/config.ts';
import type { Member } from './fleet.ts';
import type { Stage } from './stage.ts';
import { type Bursts, isScaledIn, WARM_UP } from './verdict.ts';
import { createWatch, type Watch } from './watch.ts';

export interface Played {
  readonly watch: Watch;
  readonly bursts: Bursts;
}

const MESSAGES = 60;

export interface Length {
  /** At most. */
  readonly seconds: number;
  /** It is over as soon as every healthy service has scaled out and in again. */
  readonly brief: boolean;
}

/**
 * Bursts begin after two ticks and are spread over three; whoever shares a budget gets its burst with the others, so that it does not do for all
 * of them. What is left of the time is for following them and for scaling in again.
 */
export const playLane = async (
  stage: Stage,
  config: Config,
  members: readonly Member[],
  { seconds, brief }: Length,
): Promise<Played> => {
  const { interval } = config.loop;
  const watch = createWatch();
  const bursts = new Map<string, number>();
  const began = performance.now();
  const lane = stage.play(config, watch);
  const loaded = members.filter((member) => stage.queues.has(keyOf(member)));
  const healthy = members.filter(({ failure }) => failure === undefined);
  const sent = loaded.map(async (member, nth) => {
    const part = member.grouped ? 0 : nth / loaded.length;
    await sleep((WARM_UP + 3 * part) * interval * 1000);
    await stage.queues.get(keyOf(member))?.send(MESSAGES);
    bursts.set(keyOf(member), performance.now());
  });
  try {
    await Promise.all(sent);
    const done = () =>
      brief && healthy.every((member) => bursts.has(keyOf(member)) && isScaledIn(watch, keyOf(member)));
    while (performance.now() - began < seconds * 1000 && !done()) await sleep((interval * 1000) / 4);
  } finally {
    await lane.stop();
  }
  return { watch, bursts };
};
