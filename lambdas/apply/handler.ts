/**
 * Makes the decisions true: saves the memory under this tick's term, then sets the new counts, then hands out the notices
 * of what ECS accepted. A *hold* is not touched. Once they have been published it is asked to `confirm` that.
 *
 * Gotchas: counts are absolute, so a repeated apply changes nothing; an answer that got lost counts as accepted in the
 * memory (its cooldown runs) and its notice waits for the counts of the next tick (a notice is always true). What nobody has been told of
 * for certain is saved with the memory: whoever revives the lane finds it there.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { CapacityDecision, CapacityOutcome } from '../contract/capacity.ts';
import { keyOf } from '../contract/config.ts';
import { groupsSchema } from '../contract/groups.ts';
import { asAccepted, noticeOf } from '../contract/notice.ts';
import { type Decision, decisionSchema, type Memory, type Outcome, tickSchema } from '../contract/records.ts';
import { logger } from '../log.ts';
import { deployedStore } from '../store/lease-object.ts';
import { keptBack } from './budget.ts';
import { confirm, type Leave, type PausedOf, saveIfOurs } from './save.ts';
import { followCapacity } from './targets/ec2-capacity.ts';
import { type Result, setDesiredCount } from './targets/ecs-service.ts';

const eventSchema = tickSchema.extend({
  /** `confirm`: nothing is to be done but to strike off the lane's object whatever has been told. */
  act: z.enum(['apply', 'confirm']).default('apply'),
  decisions: z.array(decisionSchema).default([]),
  /** Budgets that services share. */
  groups: groupsSchema,
  /** What is to become of the hosts of each cluster. */
  capacity: z.array(z.looseObject({ cluster: z.string(), direction: z.string() })).default([]),
  /** Which of the state machine's attempts this is: one before it may have acted, and its answer was lost. */
  retry: z.int().default(0),
});
type Event = z.output<typeof eventSchema>;

const log = logger('apply');

interface Acted {
  readonly outcome: Outcome;
  /** It surely did not happen. */
  readonly undone: boolean;
  /** It was kept back as it should be: by a pause, or because another execution has the lane. */
  readonly meant?: boolean;
}

const withheld = (decision: Decision, error: string, meant: boolean): Acted => ({
  outcome: { ...decision, applied: false, error },
  undone: true,
  meant,
});

/** A pause is obeyed at once; decide hears of it with the next execution, and then says so in its decision. */
const pauseOn = (decision: Decision, pausedOf: PausedOf): string | undefined => {
  const key = keyOf(decision);
  const paused = pausedOf(key);
  if (paused === undefined || (paused.what !== 'all' && paused.what !== decision.direction)) return undefined;
  return `scale-${decision.direction} of ${key} is paused${paused.until === undefined ? '' : ` until ${paused.until}`}`;
};

const act = async (decision: Decision, leave: Leave): Promise<Acted> => {
  if (!leave.may) return withheld(decision, leave.why, leave.meant === true);
  const paused = pauseOn(decision, leave.pausedOf);
  if (paused !== undefined) return withheld(decision, paused, true);
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

const isOut = ({ direction }: Decision): boolean => direction === 'out';

/** How long a scale-out waits for the scale-ins of its tick: so long an UpdateService never takes but when ECS is in trouble. */
const GIVE_WAY_MS = 1500;

/** Scale-ins first: in a budget that services share, they make the room that the others take. */
const inOrder = async (
  changes: readonly Decision[],
  leave: Leave,
  { decisions, groups }: Event,
): Promise<readonly Acted[]> => {
  const begun = new Map(changes.filter((each) => !isOut(each)).map((each) => [each, act(each, leave)]));
  const accepted = new Set<Decision>();
  for (const [each, acting] of begun)
    void acting.then(({ outcome }) => (outcome.applied ? accepted.add(each) : undefined));
  if (begun.size > 0 && begun.size < changes.length) {
    const over = new AbortController();
    const longest = sleep(GIVE_WAY_MS, undefined, { signal: over.signal }).catch(() => undefined);
    await Promise.race([Promise.all(begun.values()), longest]);
    over.abort();
  }
  const kept = keptBack(decisions, groups, (each) => accepted.has(each));
  const outOf = async (each: Decision): Promise<Acted> => {
    const why = kept.get(keyOf(each));
    return why === undefined ? await act(each, leave) : withheld(each, why, true);
  };
  return await Promise.all(changes.map((each) => begun.get(each) ?? outOf(each)));
};

/** The hosts of one cluster. A pause of all services holds for them too. */
const actOnHosts = async (
  decision: CapacityDecision,
  leave: Leave,
  isRetry: boolean,
): Promise<CapacityOutcome> => {
  const { cluster, direction } = decision;
  const withheldFor = (error: string): CapacityOutcome => ({ ...decision, applied: false, error });
  const report = (outcome: CapacityOutcome, level: 'info' | 'warn' | 'error') => {
    log[level](outcome.applied ? 'applied' : 'not applied', { outcome });
    return outcome;
  };
  if (!leave.may) return report(withheldFor(leave.why), leave.meant === true ? 'warn' : 'error');
  const paused = leave.pausedOf(`${cluster}/`)?.what;
  if (paused === 'all' || paused === direction)
    return report(withheldFor(`scale-${direction} of all services is paused`), 'warn');
  const outcome = await followCapacity(decision, { isRetry });
  return report(outcome, outcome.applied ? 'info' : 'error');
};

/** An alarm waits for the ERROR (`lib/alarms.ts`). */
const report = ({ outcome, meant = false }: Acted): void => {
  if (outcome.applied) log.info('applied', { outcome });
  else if (meant) log.warn('not applied', { outcome });
  else log.error('not applied', { outcome });
};

export const handler = async (raw: unknown) => {
  const event = eventSchema.parse(raw);
  log.resetKeys();
  log.appendKeys({ lane: event.lane, term: event.term, at: event.at });
  return event.act === 'confirm' ? await confirmed(event) : await applied(event);
};

const confirmed = async (event: Event) => {
  const { at, lane, term, notices, unsure } = event;
  for (const { subject, body } of notices)
    log.warn('notice not published, it is tried again at the next tick', { subject, decidedAt: body.at });
  await confirm(await deployedStore(), { lane, term, notices: [...unsure, ...asAccepted(notices)] });
  return { at, lane, term, outcomes: [], notices };
};

const applied = async (event: Event) => {
  const { at, lane, term, next, history } = event;
  const changes = event.decisions.filter(({ direction }) => direction !== 'hold');
  const hosts = (event.capacity as unknown as readonly CapacityDecision[]).filter(
    ({ direction }) => direction !== 'hold',
  );
  // Whatever became of an older change of the same service, this one replaces it.
  const replaced = new Set(changes.map(keyOf));
  const unsure = event.unsure.filter(({ body }) => !replaced.has(keyOf(body)));
  const plan = (meant: readonly Decision[], memory: Memory) => {
    const intended = meant.filter(isOut).map((decision) => noticeOf(decision, lane));
    return { memory, notices: [...unsure, ...asAccepted(event.notices), ...intended] };
  };
  const unpaused = (pausedOf: PausedOf) => {
    const isPaused = (decision: Decision): boolean => pauseOn(decision, pausedOf) !== undefined;
    const meant = changes.filter((decision) => !isPaused(decision));
    return meant.length + hosts.length === 0
      ? undefined
      : plan(meant, changes.filter(isPaused).reduce(without, event.memory));
  };
  const leave: Leave =
    changes.length + hosts.length === 0
      ? { may: true, pausedOf: () => undefined }
      : await saveIfOurs(await deployedStore(), { ...event, ...plan(changes, event.memory), unpaused });
  const [acted, capacityOutcomes] = await Promise.all([
    inOrder(changes, leave, event),
    Promise.all(hosts.map((decision) => actOnHosts(decision, leave, event.retry > 0))),
  ]);
  const outcomes = acted.map(({ outcome }) => outcome);
  acted.forEach(report);

  // What this attempt left undone an earlier one may have done.
  const mayBeDone = ({ undone }: Acted): boolean => !undone || event.retry > 0;
  const memory = acted
    .filter((each) => !mayBeDone(each))
    .reduce((kept, { outcome }) => without(kept, outcome), event.memory);
  const noticesWhere = (is: (each: Acted) => boolean) =>
    acted.filter((each) => isOut(each.outcome) && is(each)).map(({ outcome }) => noticeOf(outcome, lane));
  const stale = !leave.may && leave.stale;
  // An invocation may be delivered twice. Whoever hears nothing of S3 can't know what its twin has done: the next counts tell.
  const mayBeTold = (each: Acted): boolean => mayBeDone(each) || (!leave.may && leave.unanswered === true);
  return {
    at,
    lane,
    term,
    outcomes,
    capacityOutcomes,
    notices: [...event.notices, ...noticesWhere(({ outcome }) => outcome.applied)],
    unsure: [...unsure, ...noticesWhere((each) => !each.outcome.applied && mayBeTold(each))],
    memory,
    history,
    stale,
    ...(next === undefined ? {} : { next }),
  };
};
