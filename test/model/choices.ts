/** What can happen next. */
import { answersTo, requestOf } from './asking.ts';
import { clockTime, secondsOf } from './clock.ts';
import {
  acted,
  actOf,
  atTime,
  couldNotSee,
  deadlineOf,
  died,
  handedOver,
  invocationLost,
  legacyOf,
  lives,
  seen,
  stayed,
} from './execution.ts';
import { operatorChoices } from './operator.ts';
import type { Execution } from './phase.ts';
import { judgeAct } from './record.ts';
import { KEY, leaseIn } from './rooms.ts';
import { type Choice, replaced, type Scenario, type State, withDue, withStart } from './state.ts';

const { min, ceil } = Math;

const says = (what: string) => () => what;

/** An execution changes, and whatever it then does at once. */
const became = async (state: State, execution: Execution): Promise<State> =>
  replaced(state, await atTime(execution, state.now));

const mayFail = (state: State, { faults }: Scenario): boolean => state.faults < faults;

const failing = (state: State): State => ({ ...state, faults: state.faults + 1 });

/** The call of ECS: it is made, or not, and its answer comes, or not. */
const acts = async (state: State, scenario: Scenario, execution: Execution): Promise<readonly Choice[]> => {
  const { actor, term } = execution;
  const { record, broken } = judgeAct(
    state.record,
    actor,
    term,
    actOf(execution),
    state.overtaken && !scenario.excusesNobody,
  );
  const done: State = { ...state, record };
  const what = `${actor} (apply) calls ECS on term ${term}`;
  const choices: Choice[] = [
    { tell: says(what), to: await became(done, acted(execution, state.now)), broken },
  ];
  if (!mayFail(state, scenario)) return choices;
  const crashed = await became(failing(done), invocationLost(execution, state.now, false));
  choices.push({ tell: says(`${what}, and FAULT, its function crashes`), to: crashed, broken });
  return choices;
};

const handsOver = async (
  state: State,
  scenario: Scenario,
  execution: Execution,
): Promise<readonly Choice[]> => {
  const { actor, id } = execution;
  const { peek, ...rest } = legacyOf(execution, state.now);
  const legacy = peek && !scenario.looksHold ? { ...rest, peek } : rest;
  const room = scenario.executions - new Set(state.executions.map((each) => each.id)).size;
  if (room <= 0)
    return [
      {
        tell: says(`${actor} hands over, which is the end of this story`),
        to: replaced(state, handedOver(execution)),
      },
    ];
  const started = (from: State, copies: number) => withStart(from, scenario, legacy, copies);
  const next = await started(state, 1);
  const heir = next.executions.at(-1)?.id ?? id;
  const choices: Choice[] = [
    { tell: says(`${actor} hands over to ${heir} and ends`), to: replaced(next, handedOver(execution)) },
  ];
  if (!mayFail(state, scenario) || scenario.deathsOnly) return choices;
  const on = stayed(execution, state.now);
  choices.push(
    {
      tell: says(`${actor} hands over to ${heir}, FAULT, which is started twice`),
      to: replaced(await started(failing(state), 2), handedOver(execution)),
    },
    {
      tell: says(`${actor} hands over, FAULT, nobody is started; ${actor} goes on`),
      to: await became(failing(state), on),
    },
    {
      tell: says(`${actor} hands over to ${heir}, FAULT, the answer is lost; ${actor} goes on`),
      to: await became({ ...(await started(failing(state), 1)), overtaken: true }, on),
    },
  );
  return choices;
};

const crashes = async (state: State, execution: Execution): Promise<readonly Choice[]> => {
  const { actor, phase } = execution;
  const dead: Choice = { tell: says(`FAULT, ${actor} dies`), to: replaced(failing(state), died(execution)) };
  if (!('until' in phase)) return [dead];
  const lost = await became(failing(state), invocationLost(execution, state.now, false));
  return [dead, { tell: says(`FAULT, the function that ${actor} waits for crashes`), to: lost }];
};

/** A tick, or a look at a lane that sleeps: there is work, there is none, or it can't be seen. */
const sees = async (state: State, execution: Execution): Promise<readonly Choice[]> => {
  const { actor, phase } = execution;
  const became = async (isWork: boolean): Promise<State> =>
    replaced(state, await atTime(await seen(execution, state.now, isWork), state.now));
  const choices: Choice[] = [
    { tell: says(`${actor} sees work`), to: await became(true) },
    { tell: says(`${actor} sees that there is nothing to do`), to: await became(false) },
  ];
  if (phase.is === 'looking')
    choices.push({ tell: says(`${actor} can't see`), to: replaced(state, couldNotSee(execution)) });
  return choices;
};

const steps = async (state: State, scenario: Scenario, execution: Execution): Promise<readonly Choice[]> => {
  const { phase } = execution;
  const request = requestOf(execution);
  if (request !== undefined) return await answersTo(state, scenario, execution, request);
  if (phase.is === 'seeing' || phase.is === 'looking') return await sees(state, execution);
  if (phase.is === 'acting') return await acts(state, scenario, execution);
  if (phase.is === 'handing-over') return await handsOver(state, scenario, execution);
  return [];
};

/** The next moment at which anything changes by time alone. */
const nextMoment = ({ now, executions, bucket }: State): number | undefined => {
  const expiry = leaseIn(bucket[KEY]?.body)?.expiresAt;
  const moments = executions.map(deadlineOf);
  if (expiry !== undefined) moments.push(ceil(secondsOf(expiry)));
  const ahead = moments.filter((each) => each !== undefined && each > now) as number[];
  return ahead.length === 0 ? undefined : min(...ahead);
};

/** Time passes until something changes by it, and no further than a moment that somebody waits for. */
export const passed = async (
  state: State,
  latest = Number.POSITIVE_INFINITY,
): Promise<Choice | undefined> => {
  const now = min(nextMoment(state) ?? latest, latest);
  if (now === Number.POSITIVE_INFINITY) return undefined;
  return { tell: says(`time passes: ${clockTime(now)}`), to: await withDue({ ...state, now }) };
};

const startOf = async (state: State, scenario: Scenario): Promise<readonly Choice[]> => {
  const input = scenario.starts[state.started];
  if (input === undefined || (state.started > 0 && state.now < (scenario.startsFrom ?? 0))) return [];
  const to = { ...(await withStart(state, scenario, input)), started: state.started + 1 };
  const by = input.takeOver ? 'somebody takes the lane over with' : 'somebody or the schedule starts';
  const choices: Choice[] = [{ tell: says(`${by} ${to.executions.at(-1)?.id}`), to }];
  return choices;
};

/** What an execution does next if nothing fails; undefined: it waits for its time. */
export const nextStep = async (state: State, scenario: Scenario): Promise<Choice | undefined> => {
  for (const execution of state.executions) {
    const [first] = await steps(state, scenario, execution);
    if (first !== undefined) return first;
  }
  return undefined;
};

export const choicesOf = async (state: State, scenario: Scenario): Promise<readonly Choice[]> => {
  const choices: Choice[] = [];
  for (const execution of state.executions) {
    if (!lives(execution)) continue;
    choices.push(...(await steps(state, scenario, execution)));
    if (mayFail(state, scenario)) choices.push(...(await crashes(state, execution)));
  }
  choices.push(...(await operatorChoices(state, scenario)));
  choices.push(...(await startOf(state, scenario)));
  const later = state.executions.length === 0 ? undefined : await passed(state);
  if (later !== undefined && later.to.now <= scenario.horizon) choices.push(later);
  return choices;
};
