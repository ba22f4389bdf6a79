/** An execution asks S3: what S3 answers, or does not, and what comes of it. */
import { type Answer, ask, type Put, type Request } from './bucket.ts';
import { clockTime, secondsOf } from './clock.ts';
import { atTime, settled } from './execution.ts';
import { answered } from './invocation.ts';
import type { Execution } from './phase.ts';
import { type Judged, judgeHolder, judgeLeave, judgeWrite } from './record.ts';
import { KEY, leaseIn } from './rooms.ts';
import { type Choice, REAL, replaced, type Scenario, type State } from './state.ts';

const { stringify } = JSON;

/** What it asks of S3 now. */
export const requestOf = ({ phase }: Execution): Request | undefined =>
  'step' in phase && 'ask' in phase.step.move ? phase.step.move.ask : undefined;

/** What S3's answer makes of an execution. */
const after = async (execution: Execution, answer: Answer, now: number): Promise<Execution> => {
  const { phase } = execution;
  if (!('step' in phase)) throw new Error(`${execution.actor} asks S3 nothing`);
  // Each kind of phase has its own kind of step, and keeps it.
  const step = await answered<unknown>(phase.step, answer);
  return settled({ ...execution, phase: { ...phase, step, sdkTry: 1 } } as Execution, now);
};

/** What it has been promised by an answer is judged at once. */
const judged = ({ record, bucket }: State, before: Execution, after: Execution): Judged => {
  const { actor, term, acts, phase } = after;
  if (before.phase.is === 'leasing' && phase.is === 'before-tick')
    return judgeHolder(record, actor, term, acts);
  if (phase.is === 'acting') return judgeLeave(record, actor, term, bucket);
  return { record };
};

/** S3's answer reaches the execution. */
const reached = async (
  state: State,
  execution: Execution,
  answer: Answer,
  tell: () => string,
): Promise<Choice> => {
  const next = await after(execution, answer, state.now);
  const { record, broken } = judged(state, execution, next);
  const to = replaced({ ...state, record }, await atTime(next, state.now));
  const outcome = () => `${tell()}${outcomeOf(execution, next)}`;
  return { tell: outcome, to, broken };
};

/** What an answer has brought about, where that is the end of the room's work. */
const outcomeOf = (before: Execution, { actor, term, phase }: Execution): string => {
  if (phase.is === 'over') return `: ${phase.why}. ${actor} ends`;
  if (before.phase.is === 'leasing' && phase.is === 'before-tick')
    return `. ${actor} has the lane, term ${term}`;
  if (phase.is === 'looking') return `. The lane sleeps, and ${actor} looks`;
  if (phase.is === 'acting') return `. ${actor} may act`;
  return '';
};

const told = (body: string): string => {
  const lease = leaseIn(body);
  if (lease === undefined) return 'nothing';
  const { owner, term, expiresAt, paused, asleep } = lease;
  const how = `${paused ? ', paused' : ''}${asleep ? ', asleep' : ''}`;
  return `term ${term} of ${owner} until ${clockTime(secondsOf(expiresAt))}${how}`;
};

const conditionOf = ({ ifMatch }: Put): string =>
  ifMatch === undefined ? 'if there is none' : 'if unchanged';

const asked = ({ actor, phase }: Execution, request: Request): string => {
  const who = `${actor} (${phase.is === 'saving' ? 'apply' : 'lease'})`;
  if (request.key !== KEY) return `${who} ${request.op === 'get' ? 'reads' : 'writes'} ${request.key}`;
  if (request.op === 'get') return `${who} reads the lane`;
  return `${who} writes ${told(request.body)}, ${conditionOf(request)}`;
};

const heard = (request: Request, answer: Answer): string => {
  if (answer.status === 0) return 'no answer';
  if (answer.status !== 200) return `S3 says ${answer.status}`;
  if (answer.found === undefined) return 'S3 has written it';
  return request.key === KEY ? told(answer.found.body) : 'it is there';
};

/** Another execution writes at the same moment: only then does S3 answer 409. */
const othersWrite = ({ executions }: State, { actor }: Execution): boolean =>
  executions.some((each) => each.actor !== actor && requestOf(each)?.op === 'put');

const silence: Answer = { status: 0 };

/** An execution sees something else than there is: only in a mutation. */
const sighted = ({ sees }: Scenario, execution: Execution, answer: Answer): Answer => {
  if (sees === undefined || !('found' in answer) || answer.status !== 200 || answer.found === undefined)
    return answer;
  const lease = leaseIn(answer.found.body);
  if (lease === undefined) return answer;
  return { ...answer, found: { ...answer.found, body: stringify(sees(execution, lease)) } };
};

const triedAgain = (execution: Execution): Execution =>
  'sdkTry' in execution.phase
    ? ({ ...execution, phase: { ...execution.phase, sdkTry: 2 } } as Execution)
    : execution;

/** Everything that can become of a request. */
export const answersTo = async (
  state: State,
  scenario: Scenario,
  execution: Execution,
  request: Request,
): Promise<readonly Choice[]> => {
  const { bucket, answer } = ask(state.bucket, request, state.now, scenario.laws ?? REAL);
  const { record, broken } = judgeWrite(state.record, state.bucket, bucket);
  const landed: State = { ...state, bucket, record };
  const seen = sighted(scenario, execution, answer);
  const say = (what: string) => () => `${asked(execution, request)}: ${what}`;
  const whole = await reached(landed, execution, seen, say(heard(request, seen)));
  const choices: Choice[] = [{ ...whole, broken: broken ?? whole.broken }];
  if (state.faults >= scenario.faults || scenario.deathsOnly) return choices;
  const faults = state.faults + 1;
  choices.push(await reached({ ...state, faults }, execution, silence, say('FAULT, S3 does not answer')));
  if (request.op === 'get') return choices;
  if (othersWrite(state, execution)) {
    const conflict: Answer = { status: 409, date: state.now };
    const what = 'FAULT, S3 says 409, somebody else is writing';
    choices.push(await reached({ ...state, faults }, execution, conflict, say(what)));
  }
  if (answer.status !== 200) return choices;
  const lost: State = { ...landed, faults };
  choices.push(await reached(lost, execution, silence, say('FAULT, it is written but no answer comes')));
  if ('sdkTry' in execution.phase && execution.phase.sdkTry === 1) {
    const again = 'FAULT, it is written, the answer is lost and the SDK asks again';
    choices.push({ tell: say(again), to: replaced(lost, triedAgain(execution)), broken });
  }
  return choices;
};
