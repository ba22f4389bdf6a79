/** What a source tells of a queue in virtual time: the truth, the truth with rates, or what SQS makes of it. */
import type { Reading } from '../../lambdas/contract/records.ts';
import type { View } from './controller.ts';
import { randomOf } from './random.ts';

/** One look of a source. */
export type See = (view: View) => Reading;

/**
 * - `counters`: visible and in flight, exactly.
 * - `rates`: also what arrived and left per second since the last look, as from a broker that counts (RabbitMQ, Kafka).
 * - `late`: both counters as they were some seconds ago and off by up to 10 %, each by itself. SQS calls its counters approximate and
 *   eventually consistent and gives no figure; 2 to 10 s and 10 % are assumptions.
 */
export const sights = ['counters', 'rates', 'late'] as const;
export type Sight = (typeof sights)[number];

const LATE = { least: 2, most: 10, error: 0.1 } as const;

const seeRates = (): See => {
  let before: Pick<View, 't' | 'arrived' | 'departed'> | undefined;
  return ({ t, visible, inFlight, arrived, departed }) => {
    const span = before === undefined ? 0 : t - before.t;
    const rates =
      before === undefined || span <= 0
        ? {}
        : {
            arrivalsPerSecond: (arrived - before.arrived) / span,
            departuresPerSecond: (departed - before.departed) / span,
          };
    before = { t, arrived, departed };
    return { known: true, visible, inFlight, ...rates };
  };
};

const seeLate = (seed: number): See => {
  const random = randomOf('what a late source gets wrong', seed);
  return ({ before }) => {
    const ago = LATE.least + Math.floor(random() * (LATE.most - LATE.least + 1));
    const blurred = (count: number): number => Math.round(count * (1 + LATE.error * (2 * random() - 1)));
    const visible = blurred(before('visible', ago));
    return { known: true, visible, inFlight: blurred(before('inFlight', ago)), settlesInSeconds: 60 };
  };
};

/** A source of that kind from its first look on; `seed` is for what it gets wrong. */
export const seeing = (sight: Sight, seed: number): See => {
  if (sight === 'rates') return seeRates();
  if (sight === 'late') return seeLate(seed);
  return ({ visible, inFlight }) => ({ known: true, visible, inFlight });
};
