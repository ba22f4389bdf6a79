/**
 * First state of every execution: may it act in its lane, with which term and memory, and for how many ticks?
 *
 * Gotchas: the input of an execution is whatever a person typed into the console, so every field is optional; a
 * configuration that cannot be used ends the execution here, before anything is touched.
 */
import * as z from 'zod';
import { anySource, type Config, keyOf, laneName } from '../contract/config.ts';
import { type History, historySchema, noHistory, ticksOf } from '../contract/history.ts';
import { untoldIn } from '../contract/notice.ts';
import { type Memory, memorySchema, noticesSchema, type ServiceMemory } from '../contract/records.ts';
import { substitute } from '../contract/substitute.ts';
import { firstTick } from '../contract/ticks.ts';
import { logger } from '../log.ts';
import { configInForce, deployedLane } from '../store/deployed-config.ts';
import { lastTickOf } from '../store/last-tick.ts';
import { deployedStore, type Lease } from '../store/lease-object.ts';
import { acquire, release } from './lease.ts';
import { withPreviousState } from './previous-state.ts';

/** What a predecessor hands over, or a person types: a field that makes no sense counts as not given, not as an obstacle. */
const handedOver = z.object({
  lane: laneName.optional().catch(undefined),
  term: z.int().optional().catch(undefined),
  memory: memorySchema.optional().catch(undefined),
  history: historySchema.optional().catch(undefined),
  /** Scale-outs that could not be told yet, and those of which nobody knows whether they were accepted. */
  notices: noticesSchema,
  unsure: z.unknown().optional(),
  next: z.string().optional().catch(undefined),
  savedAt: z.iso.datetime({ offset: true }).optional().catch(undefined),
  takeOver: z.boolean().optional().catch(undefined),
  config: z.unknown().optional(),
});

const eventSchema = handedOver.extend({
  act: z.enum(['acquire', 'release']).default('acquire'),
  lane: laneName.optional(),
  execution: z.string(),
  retry: z.int().default(0),
  at: z.iso.datetime({ offset: true }),
  /** The execution's own input, as the state machine passes it on. */
  input: handedOver.nullish().catch(undefined),
});

/**
 * When an execution that cannot hand over gives up, after its start: what is left of Express's 300 s is enough for a last tick in which every
 * room takes all its time (`test/statemachine/definition.test.ts`).
 */
const STAY_SECONDS = 160;

/** How long after its last tick may have begun an execution still owns its lane: the time of one slow tick. */
const GRACE_SECONDS = 15;

const log = logger('lease');

const plus = (instant: string, seconds: number): string =>
  new Date(Date.parse(instant) + seconds * 1000).toISOString();

/** A name that cannot be resolved is collect's to report: its service holds, and the others go on. */
const servicesOf = (config: Config): readonly string[] =>
  config.services.flatMap(({ cluster, service }) => {
    try {
      return [keyOf(substitute({ cluster, service }, process.env))];
    } catch {
      return [];
    }
  });

export const handler = async (raw: unknown) => {
  const { input, ...given } = eventSchema.parse(raw);
  const event = { ...input, ...definedOf(given), input };
  const config = configInForce(event.config, anySource);
  const { interval, executionLength } = config.loop;
  const lane = given.lane ?? deployedLane(anySource) ?? event.lane ?? config.loop.name;
  const store = await deployedStore();
  log.resetKeys();
  log.appendKeys({ lane, at: event.at });

  const next = firstTick(event.at, event.next);
  const until = plus(next, executionLength);
  const claim = {
    lane,
    execution: event.execution,
    at: event.at,
    expiresAt: plus(until, interval + GRACE_SECONDS),
  };
  const answer =
    event.act === 'release'
      ? await release(store, claim)
      : await acquire(store, {
          ...claim,
          predecessorTerm: event.term,
          memory: event.memory,
          memoryAt: event.savedAt,
          isRetry: event.retry > 0,
          takeOver: event.takeOver ?? false,
          shown: shownOf(config, event.history),
        });

  const plan = {
    lane,
    term: answer.term,
    next,
    until,
    intervalSeconds: interval,
    ticks: Math.max(1, Math.floor(executionLength / interval)),
    config: event.config ?? null,
    history: noHistory,
    deadline: plus(event.at, STAY_SECONDS),
    awaitExpiry: null,
    notices: event.input?.notices ?? [],
    unsure: untoldIn(event.input?.unsure, lane),
  };
  // One compact line per execution: every tick of the one before this, for `pulsescale replay`.
  if (event.history !== undefined && event.history.at.length > 0)
    log.info('ticks', { ticks: ticksOf(lane, event.term ?? 0, event.history) });
  if (!answer.acquired) {
    reportRefusal(event, answer);
    return { ...plan, acquired: false, memory: answer.memory, why: answer.why };
  }
  const memory = await completed(config, answer.memory, event.at);
  log.debug('lease taken', { term: answer.term });
  return { ...plan, acquired: true, memory };
};

/** What people see of the lane (`pulsescale status`). Without a tick handed over, what the last one has left stays. */
const shownOf = (config: Config, history: History | undefined): Pick<Lease, 'services' | 'last'> => {
  const last = history === undefined ? undefined : lastTickOf(history);
  return { services: [...servicesOf(config)], ...(last === undefined ? {} : { last }) };
};

/** The reviver asks once a minute and finds the lane taken: nothing to keep. Whoever brought a configuration expects more. */
const reportRefusal = (
  { act, config, term }: z.infer<typeof eventSchema>,
  { why, broken }: { readonly why: string; readonly broken?: boolean },
): void => {
  if (broken) log.error('the lane cannot be had', { why });
  else if (act === 'acquire' && config !== undefined && config !== null && term === undefined) {
    log.warn('the configuration in the input is not used', {
      why: `${why}; with "takeOver": true in the input it would be`,
    });
  } else log.debug(act === 'release' ? 'released' : 'stand-by', { why });
};

/** What is kept of a service that is not configured (any more): no cooldown is longer. */
const FORGOTTEN_AFTER_MS = 24 * 3600 * 1000;

const isRecent = ({ lastOut, lastIn }: ServiceMemory, at: string): boolean =>
  [lastOut, lastIn].some(
    (action) => action !== undefined && Date.parse(at) - Date.parse(action.at) < FORGOTTEN_AFTER_MS,
  );

const completed = async (config: Config, memory: Memory, at: string): Promise<Memory> => {
  const services = servicesOf(config);
  const kept = Object.entries(memory).filter(([key, each]) => services.includes(key) || isRecent(each, at));
  const known = await withPreviousState(
    await deployedStore(),
    config.loop.previousState,
    services,
    Object.fromEntries(kept),
    at,
  );
  for (const why of known.trouble) log.warn('previous state unreadable', { why });
  return known.memory;
};

const definedOf = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
