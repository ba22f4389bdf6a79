/**
 * A live reviver always leads to a live lane: from every state that was reached, nothing fails any more, everybody who still lives goes on
 * in order, the schedule starts an execution each minute, and how long it takes until somebody acts on the newest term is measured.
 */
import { nextStep, passed } from './choices.ts';
import { resumed } from './operator.ts';
import { KEY, leaseIn } from './rooms.ts';
import { type Choice, type Scenario, type State, stateText, withStart } from './state.ts';

/** Of the schedule, in seconds. */
const REVIVER = 60;

/** What the loop promises: a dead lane is back within so many seconds. */
export const WITHIN = 120;

/** More than any lane needs that comes back at all. */
const MOST_STEPS = 400;

const nextStart = (now: number): number => (Math.floor(now / REVIVER) + 1) * REVIVER;

const forward = async (state: State, scenario: Scenario): Promise<Choice> => {
  const step = await nextStep(state, scenario);
  if (step !== undefined) return step;
  const start = nextStart(state.now);
  const later = await passed(state, start);
  if (later === undefined) throw new Error('time stands still');
  if (later.to.now < start || scenario.isDead) return later;
  return {
    ...later,
    tell: () => `${later.tell()}, and the schedule starts one`,
    to: await withStart(later.to, scenario, {}),
  };
};

const hasActed = (before: State, { to }: Choice): boolean =>
  to.record.acts.length > before.record.acts.length &&
  to.record.newest === leaseIn(to.bucket[KEY]?.body)?.term;

export interface Revival {
  /** Seconds until somebody acted. */
  readonly after: number;
  readonly story: readonly Choice[];
}

/** Remembers what it has seen: most states come to the same end soon. */
export const revivals = (given: Scenario) => {
  const scenario: Scenario = { ...given, faults: 0, executions: Number.POSITIVE_INFINITY };
  /** When somebody acts, by the text of a state, on the model's clock. */
  const known = new Map<string, number>();
  return async (from: State): Promise<Revival> => {
    let state: State = { ...(await resumed(from, scenario)), faults: 0, started: 0 };
    const texts: string[] = [];
    const story: Choice[] = [];
    let at: number | undefined;
    while (at === undefined) {
      const text = stateText(state);
      at = known.get(text);
      if (at !== undefined) break;
      texts.push(text);
      const choice = await forward(state, scenario);
      story.push(choice);
      const isLate = choice.to.now - from.now > WITHIN || story.length > MOST_STEPS;
      if (hasActed(state, choice) || isLate) at = isLate ? Number.POSITIVE_INFINITY : choice.to.now;
      state = choice.to;
    }
    for (const text of texts) known.set(text, at);
    return { after: at - from.now, story };
  };
};
