/**
 * Makes the decisions true: saves the memory under this tick's term, then sets the new counts, then hands out the notices
 * of what ECS accepted. A *hold* is not touched.
 *
 * Gotchas: counts are absolute, so a repeated apply changes nothing; an answer that got lost counts as accepted in the
 * memory (its cooldown runs) but not in the notices (a notice is always true).
 */
import * as z from 'zod';
import { keyOf } from '../contract/config.ts';
import { type Decision, decisionSchema, type Memory, type Outcome, tickSchema } from '../contract/records.ts';
import { logger } from '../log.ts';
import { deployedStore } from '../store/lease-object.ts';
import { noticeOf } from './notice.ts';
import { type Leave, saveIfOurs } from './save.ts';
import { type Result, setDesiredCount } from './targets/ecs-service.ts';

const eventSchema = tickSchema.extend({
  decisions: z.array(decisionSchema),
});

const log = logger('apply');

type Acted = { readonly outcome: Outcome; readonly undone: boolean };

const withheld = (decision: Decision, error: string): Acted => ({
  outcome: { ...decision, applied: false, error },
  undone: true,
});

const act = async (decision: Decision, leave: Leave): Promise<Acted> => {
  if (!leave.may) return withheld(decision, leave.why);
  const result: Result = await setDesiredCount(decision);
  if (result.applied) return { outcome: { ...decision, applied: true }, undone: false };
  return { outcome: { ...decision, applied: false, error: result.error }, undone: !result.maybe };
};

/**
 * Takes back what decide remembered of a change that surely did not happen. What it replaced was older than its cooldown,
 * or the change would not have been decided, so nothing is lost.
 */
const without = (memory: Memory, { at, direction, cluster, service, from }: Decision): Memory => {
  const key = keyOf({ cluster, service });
  const { lastOut, lastIn, ...rest } = memory[key] ?? {};
  const keepOut = lastOut !== undefined && !(direction === 'out' && lastOut.at === at);
  const keepIn = lastIn !== undefined && !(direction === 'in' && lastIn.at === at);
  return {
    ...memory,
    [key]: { ...rest, desired: from, ...(keepOut ? { lastOut } : {}), ...(keepIn ? { lastIn } : {}) },
  };
};

const report = (outcome: Outcome): void => {
  if (outcome.applied) log.info('applied', { outcome });
  else log.error('not applied', { outcome });
};

export const handler = async (raw: unknown) => {
  const event = eventSchema.parse(raw);
  const { at, lane, term, next, history } = event;
  log.resetKeys();
  log.appendKeys({ lane, term, at });

  const changes = event.decisions.filter(({ direction }) => direction !== 'hold');
  const leave: Leave = changes.length === 0 ? { may: true } : await saveIfOurs(await deployedStore(), event);
  const acted = await Promise.all(changes.map((decision) => act(decision, leave)));
  const outcomes = acted.map(({ outcome }) => outcome);
  outcomes.forEach(report);

  const memory = acted
    .filter(({ undone }) => undone)
    .reduce((kept, { outcome }) => without(kept, outcome), event.memory);
  const notices = outcomes
    .filter(({ applied, direction }) => applied && direction === 'out')
    .map((decision) => noticeOf(decision, lane));
  const stale = !leave.may && leave.stale;
  return {
    at,
    lane,
    term,
    outcomes,
    notices,
    memory,
    history,
    stale,
    ...(next === undefined ? {} : { next }),
  };
};
