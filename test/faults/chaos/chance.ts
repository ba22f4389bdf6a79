/** What a round of chaos leaves to chance, from its seed. */
import { type Random, randomOf } from '../../../local/simulation/random.ts';

export interface Chance {
  /** A whole number, both ends included. */
  readonly whole: (least: number, most: number) => number;
  readonly happens: (probability: number) => boolean;
  readonly one: <T>(list: readonly T[]) => T;
  /** One of them, each as often as it weighs. */
  readonly weighed: <T extends { readonly weight: number }>(list: readonly T[]) => T;
}

export const chanceOf = (stream: string, seed: number): Chance => {
  const random: Random = randomOf(stream, seed);
  const one = <T>(list: readonly T[]): T => {
    const picked = list[Math.floor(random() * list.length)];
    if (picked === undefined) throw new Error('there is nothing to choose from');
    return picked;
  };
  return {
    whole: (least, most) => least + Math.floor(random() * (most - least + 1)),
    happens: (probability) => random() < probability,
    one,
    weighed: (list) => {
      let left = random() * list.reduce((sum, { weight }) => sum + weight, 0);
      return (
        list.find(({ weight }) => {
          left -= weight;
          return left < 0;
        }) ?? one(list)
      );
    },
  };
};
