/** An operator pauses the lane (`pulsescale pause`) while it works; in the end he resumes it. */
import { ask } from './bucket.ts';
import { answered, type Step } from './invocation.ts';
import { judgeWrite } from './record.ts';
import { KEY, pauseStep } from './rooms.ts';
import { type Choice, REAL, type Scenario, type State } from './state.ts';

const { keys } = Object;

const onward = async (
  state: State,
  { laws = REAL }: Scenario,
  step: Step<boolean>,
): Promise<Choice | undefined> => {
  if (!('ask' in step.move)) return undefined;
  const { ask: request } = step.move;
  const { bucket, answer } = ask(state.bucket, request, state.now, laws);
  const { record, broken } = judgeWrite(state.record, state.bucket, bucket);
  const operator = await answered(step, answer);
  const does = request.op === 'get' ? 'reads the lane' : 'writes the pause';
  return {
    tell: () => `the operator ${does}: S3 says ${answer.status}`,
    to: { ...state, bucket, record, operator },
    broken,
  };
};

/** What the operator does next. There has to be a lane before it can be paused. */
export const operatorChoices = async (state: State, scenario: Scenario): Promise<readonly Choice[]> => {
  if (!scenario.pauses || !keys(state.bucket).includes(KEY)) return [];
  const begun: State = { ...state, operator: state.operator ?? (await pauseStep(true)) };
  const choice = begun.operator && (await onward(begun, scenario, begun.operator));
  return choice === undefined ? [] : [choice];
};

/** The pause is over, whether the command to begin it has come through or not. */
export const resumed = async (state: State, scenario: Scenario): Promise<State> => {
  if (state.operator === undefined) return state;
  let now: State = { ...state, record: { ...state.record, paused: false }, operator: await pauseStep(false) };
  for (;;) {
    const choice: Choice | undefined = now.operator && (await onward(now, scenario, now.operator));
    if (choice === undefined) break;
    now = choice.to;
  }
  const { operator: _, ...rest } = now;
  return rest;
};
