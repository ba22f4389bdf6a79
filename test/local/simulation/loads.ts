/** Small traces, plants and controllers for tests of the simulation. */
import fc from 'fast-check';
import type { Controller, View } from '../../../local/simulation/controller.ts';
import { fargate, type Plant } from '../../../local/simulation/plant.ts';
import type { Trace } from '../../../local/simulation/trace.ts';

/** Each message: when it comes, and the seconds of work. */
export const traceOf = (
  messages: readonly (readonly [at: number, work: number])[],
  seconds: number,
): Trace => ({
  name: 'test',
  arrivals: Float64Array.from(messages, ([at]) => at),
  work: Float64Array.from(messages, ([, work]) => work),
  seconds,
});

/** Every task takes exactly five seconds to start, as many as are asked for. */
export const plantOf = (given: Partial<Plant> = {}): Plant => ({
  ...fargate,
  ...{ startUp: 5, startUpSigma: 0, launchBurst: 1000, launchesPerSecond: 1000 },
  tasks: { min: 0, max: 1000 },
  ...given,
});

/** From these seconds on, so many tasks. */
export const scripted = (
  script: Readonly<Record<number, number>>,
  seen?: (view: View) => void,
): Controller => ({
  every: 1,
  decide: (view) => {
    seen?.(view);
    return script[view.t];
  },
});

export const still = scripted({});

/** Messages within the first `seconds`, in order. */
export const messages = (seconds: number, maxWork: number) =>
  fc
    .array(
      fc.tuple(
        fc.double({ min: 0, max: seconds, noNaN: true, maxExcluded: true }),
        fc.double({ min: 0, max: maxWork, noNaN: true }),
      ),
      { maxLength: 120 },
    )
    .map((all) => all.sort(([a], [b]) => a - b));

/** Counts from second to second, many of them the same as before. */
export const script = (seconds: number, most: number) =>
  fc.dictionary(fc.nat({ max: seconds - 1 }).map(String), fc.nat({ max: most }), { maxKeys: 20 });
