/** A forecast under a policy that asks for just what the script says, tick by tick through `decide`; the memory travels as JSON. */
import type { ServiceMemory } from '../../../lambdas/contract/records.ts';
import { decide } from '../../../lambdas/decide/decide.ts';
import { circumstances, counts, later, sample, seen, service, unseen } from '../../samples.ts';

export interface Script {
  /** The forecast's options. */
  readonly forecast: Readonly<Record<string, unknown>>;
  /** What the other policy comes to; undefined: nobody can see. */
  readonly need: (t: number) => number | undefined;
  /** Seconds of the script at which it looks: from the first until before the second. */
  readonly from?: number;
  readonly until: number;
  readonly interval?: number;
  readonly memory?: ServiceMemory;
}

export interface Played {
  readonly t: number;
  readonly need: number | undefined;
  /** The count that was decided. */
  readonly to: number;
  /** What the forecast said, and why. */
  readonly said: number;
  readonly why: string;
  readonly memory: ServiceMemory;
}

/** Second 0 is the beginning of an hour. */
export const play = ({
  forecast,
  need,
  from = 0,
  until,
  interval = 5,
  memory = {},
}: Script): readonly Played[] => {
  const owner = service({
    policy: undefined,
    policies: [
      { type: 'target', backlogPerTask: 1, tolerance: { out: 0, in: 0 } },
      { type: 'forecast', ...forecast },
    ],
    ...{ tasks: { min: 0, max: 9_999 }, cooldown: { out: 0, in: 0 }, emptyFor: 0 },
  });
  const ticks: Played[] = [];
  let [kept, count] = [memory, 0];
  for (let t = from; t < until; t += interval) {
    const needed = need(t);
    const { decision, memory: next } = decide(
      sample({
        service: owner,
        readings: [needed === undefined ? unseen : seen(needed)],
        counts: counts(count),
        memory: kept,
      }),
      circumstances({ at: later(t) }),
    );
    kept = JSON.parse(JSON.stringify(next));
    count = decision.to;
    const floor = decision.reasons.find(({ by }) => by === 'forecast');
    ticks.push({ t, need: needed, to: count, said: floor?.said ?? -1, why: floor?.why ?? '', memory: kept });
  }
  return ticks;
};

export const at = (ticks: readonly Played[], t: number): Played => {
  const found = ticks.find((tick) => tick.t === t);
  if (found === undefined) throw new Error(`nobody looked at ${t} s`);
  return found;
};

/** Task-seconds that were decided beyond the need. */
export const surplus = (ticks: readonly Played[], interval = 5): number =>
  ticks.reduce((sum, { to, need = 0 }) => sum + Math.max(0, to - need) * interval, 0);
