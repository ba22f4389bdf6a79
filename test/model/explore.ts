/**
 * Every interleaving of a scenario, by depth-first search over what can happen next. A state that has been seen has been judged with
 * everything that can follow from it (its text holds all that the future and the promises depend on), so its interleavings are only counted.
 */
import { choicesOf } from './choices.ts';
import { type Revival, revivals, WITHIN } from './liveness.ts';
import { type Choice, type Scenario, type State, start, stateText } from './state.ts';

const { max } = Math;

export interface Explored {
  readonly states: number;
  readonly transitions: number;
  /** How many different orders of events that is, the merged ones included. */
  readonly interleavings: number;
  /** The longest time without a living lane, in seconds. */
  readonly longest: number;
}

/** A promise is broken; how it came to that, a sentence each. */
export class Broken extends Error {
  override readonly name = 'Broken';
  readonly story: readonly string[];

  constructor(promise: string, story: readonly string[]) {
    super(promise);
    this.story = story;
  }
}

/** Before the first start there is no lane that could be dead. */
const atRest: Revival = { after: 0, story: [] };

/** @throws Broken with the first interleaving in which a promise is broken */
export const explore = async (scenario: Scenario): Promise<Explored> => {
  const seen = new Map<string, number>();
  const path: Choice[] = [];
  let [transitions, longest] = [0, 0];
  const revive = revivals(scenario);
  const broken = (promise: string, then: readonly Choice[] = []): never => {
    throw new Broken(
      promise,
      [...path, ...then].map(({ tell }) => tell()),
    );
  };
  const visit = async (state: State): Promise<number> => {
    const text = stateText(state);
    const known = seen.get(text);
    if (known !== undefined) return known;
    const { after, story } = state.executions.length === 0 ? atRest : await revive(state);
    if (after > WITHIN) broken(`nobody acts for ${WITHIN} seconds although nothing fails any more`, story);
    longest = max(longest, after);
    const choices = await choicesOf(state, scenario);
    let interleavings = choices.length === 0 ? 1 : 0;
    for (const choice of choices) {
      transitions += 1;
      path.push(choice);
      if (choice.broken !== undefined) broken(choice.broken);
      interleavings += await visit(choice.to);
      path.pop();
    }
    seen.set(text, interleavings);
    return interleavings;
  };
  const interleavings = await visit(start);
  return { states: seen.size, transitions, interleavings, longest };
};
