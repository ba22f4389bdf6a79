/**
 * What a peer can do at its best: its parameters swept on training traces. The tuned ones are the cheapest among those that are nearly as punctual as
 * the peer can be at all; what else is worth having is on the front of cost against lateness.
 *
 * A grid within the budget is tried whole. A larger one is descended from the defaults, one parameter after the other; when a round changes
 * nothing, half of what is left of the budget goes to points all over the grid, and the descent goes on from the best, since two parameters may
 * only help together (KEDA on azure-code: fewer messages for each task *and* no window costs 1.4 instead of 2.7, either alone nothing). The defaults
 * are always among what is tried, so tuning never makes a peer worse on what it was tuned on.
 *
 * `evaluate` may take its time (a pool of workers): all points of a grid, or of one line of it, are asked for together, and the answer depends on
 * nothing but the scores.
 */
import type { Parameters, Peer, Setting } from './peer.ts';

/** What one set of parameters did on one training trace. */
export interface Score {
  /** Task-seconds, or these ÷ the optimum's. */
  readonly cost: number;
  /** Share of the messages that waited longer than the target, 0 to 1. */
  readonly late: number;
}

export interface Tried {
  readonly parameters: Parameters;
  /** One for each training trace. */
  readonly scores: readonly Score[];
  /** Geometric mean over the traces. */
  readonly cost: number;
  /** Arithmetic mean over the traces. */
  readonly late: number;
}

export interface Tuned {
  readonly tuned: Tried;
  readonly defaults: Tried;
  /** Whatever nothing else beats in both, the cheapest first. */
  readonly front: readonly Tried[];
  /** In the order in which they were asked for. */
  readonly tried: readonly Tried[];
}

interface TuneOptions {
  readonly peer: Peer;
  readonly setting: Setting;
  readonly evaluate: (parameters: Parameters) => readonly Score[] | Promise<readonly Score[]>;
  /** The most points of a descent, the defaults included, and of a grid that is tried whole, without them; 60. */
  readonly budget?: number;
  /** How much later than the best is as punctual, as a share; 0.001. */
  readonly tolerance?: number;
}

const scored = (parameters: Parameters, scores: readonly Score[]): Tried => ({
  ...{ parameters, scores },
  cost: Math.exp(scores.reduce((sum, { cost }) => sum + Math.log(cost), 0) / scores.length),
  late: scores.reduce((sum, { late }) => sum + late, 0) / scores.length,
});

/** Rounding must not decide which of two that are equally far from the best is near enough. */
const ROUNDING = 1e-12;

const cheapest = (tried: readonly Tried[], tolerance: number): Tried | undefined => {
  const least = Math.min(...tried.map(({ late }) => late));
  return tried
    .filter(({ late }) => late <= least + tolerance + ROUNDING)
    .toSorted((a, b) => a.cost - b.cost || a.late - b.late)[0];
};

/** Of those that are equal in both only the first. */
const frontOf = (tried: readonly Tried[]): readonly Tried[] => {
  const front: Tried[] = [];
  for (const each of tried.toSorted((a, b) => a.cost - b.cost || a.late - b.late))
    if (each.late < (front.at(-1)?.late ?? Number.POSITIVE_INFINITY)) front.push(each);
  return front;
};

type Grid = Readonly<Record<string, readonly number[]>>;

const productOf = (grid: Grid, from: Parameters): readonly Parameters[] =>
  Object.entries(grid).reduce<readonly Parameters[]>(
    (points, [name, values]) =>
      points.flatMap((point) => values.map((value) => ({ ...point, [name]: value }))),
    [from],
  );

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** The same ones in another order, of which any beginning lies all over: steps of the golden section, which meet each one once. */
const scattered = <Each>(all: readonly Each[]): readonly Each[] => {
  let step = Math.max(1, Math.round(all.length * 0.618));
  while (divisor(all.length, step) > 1) step += 1;
  return all.flatMap((_, index) => all[(index * step) % all.length] ?? []);
};

export const tune = async ({
  peer,
  setting,
  evaluate,
  budget = 60,
  tolerance = 0.001,
}: TuneOptions): Promise<Tuned> => {
  const grid = peer.grid(setting);
  const defaults = peer.defaults(setting);
  const tried = new Map<string, Tried>();

  const tryAll = async (points: readonly Parameters[], most = budget): Promise<void> => {
    const fresh = new Map(points.map((point) => [JSON.stringify(point), point]));
    const asked = [...fresh].filter(([key]) => !tried.has(key)).slice(0, most);
    const scores = await Promise.all(asked.map(([, point]) => evaluate(point)));
    asked.forEach(([key, point], index) => {
      tried.set(key, scored(point, scores[index] ?? []));
    });
  };
  const best = (): Tried => {
    const found = cheapest([...tried.values()], tolerance);
    if (found === undefined) throw new Error(`${peer.name}: a sweep needs a budget of one point at least`);
    return found;
  };

  await tryAll([defaults]);
  const first = best();
  const product = productOf(grid, defaults);
  if (product.length <= budget) await tryAll(product);
  else {
    const anywhere = scattered(product);
    const left = (): number => budget - tried.size;
    let from: Tried | undefined;
    while (left() > 0) {
      if (from === best()) await tryAll(anywhere, Math.ceil(left() / 2));
      from = best();
      // Each line begins where the one before it has led.
      for (const [name, values] of Object.entries(grid)) {
        const { parameters } = best();
        await tryAll(
          values.map((value) => ({ ...parameters, [name]: value })),
          left(),
        );
      }
    }
  }
  const all = [...tried.values()];
  return { tuned: best(), defaults: first, front: frontOf(all), tried: all };
};
