/**
 * First state of every execution: may it act in its lane, with which term and memory, and for how many ticks?
 *
 * Gotcha: a configuration that cannot be used ends the execution here, before anything is touched.
 */
import { anySource, type Config, keyOf } from '../contract/config.ts';
import { type History, noHistory, ticksOf } from '../contract/history.ts';
import { untoldIn } from '../contract/notice.ts';
import { substitute } from '../contract/substitute.ts';
import { firstTick } from '../contract/ticks.ts';
import { logger } from '../log.ts';
import { configInForce, deployedLane } from '../store/deployed-config.ts';
import { lastTickOf } from '../store/last-tick.ts';
import { deployedStore, type Lease } from '../store/lease-object.ts';
import { awaitExpiry } from './await-expiry.ts';
import type { Refused } from './claim.ts';
import { type LeaseEvent, parseEvent } from './event.ts';
import { acquire, release } from './lease.ts';
import { remembered } from './remembered.ts';
import { atMaxSince, supervise } from './supervision.ts';

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
  const { given, event } = parseEvent(raw);
  const { at, history } = event;
  const config = configInForce(event.config, anySource);
  const { interval, executionLength, previousState } = config.loop;
  const lane = given.lane ?? deployedLane(anySource) ?? event.lane ?? config.loop.name;
  const services = servicesOf(config);
  const store = await deployedStore();
  log.resetKeys();
  log.appendKeys({ lane, at });

  const next = firstTick(at, event.next, interval);
  const until = plus(next, executionLength);
  const { execution } = event;
  const answer =
    event.act === 'release'
      ? await release(store, { lane, execution, at })
      : await acquire(store, {
          lane,
          execution,
          at,
          expiresAt: plus(until, interval + GRACE_SECONDS),
          predecessorTerm: event.term,
          memory: event.memory,
          memoryAt: event.savedAt,
          notices: event.notices,
          unsure: untoldIn(event.unsure, lane),
          services,
          shown: (held) => shownOf(config, services, history, held),
          inherit: (own, now, held) =>
            remembered({ store, lane, at, services, previousState }, own, now, held),
          isRetry: event.retry > 0,
          takeOver: event.takeOver ?? false,
        });

  const { term, memory, trouble = [] } = answer;
  const plan = {
    lane,
    term,
    memory,
    next,
    until,
    intervalSeconds: interval,
    ticks: Math.max(1, Math.floor(executionLength / interval)),
    config: event.config ?? null,
    history: noHistory,
    deadline: plus(event.started ?? at, STAY_SECONDS),
  };
  for (const why of trouble) log.error('lease lost', { why });
  // One compact line per execution: every tick of the one before this, for `pulsescale replay`.
  if (history !== undefined && history.at.length > 0)
    log.info('ticks', { ticks: ticksOf(lane, event.term ?? 0, history) });
  if (!answer.acquired) {
    reportRefusal(event, answer);
    const nothing = {
      awaitExpiry: awaitExpiry(event, answer, interval, GRACE_SECONDS),
      notices: [],
      unsure: [],
    };
    return { ...plan, ...nothing, acquired: false, revived: false, why: answer.why };
  }
  const { revived, notices, unsure, lease } = answer;
  if (revived)
    log.info('revived', { why: 'the lease had expired: the lane goes on with what was saved last' });
  else log.debug('lease taken', { term });
  await supervise({ config, lane, at, memory, history, atMax: lease.atMax ?? {} });
  return { ...plan, awaitExpiry: null, acquired: true, revived, notices, unsure };
};

/** What people see of the lane (`pulsescale status`). Without a tick handed over, what the last one has left stays. */
const shownOf = (
  config: Config,
  services: readonly string[],
  history: History | undefined,
  held: Lease | undefined,
): Pick<Lease, 'services' | 'last' | 'atMax'> => {
  const last = history === undefined ? undefined : lastTickOf(history);
  const atMax = atMaxSince(held?.atMax, config, history);
  return { services: [...services], ...(last === undefined ? {} : { last }), atMax };
};

/** The reviver asks once a minute and finds the lane taken: nothing to keep. Whoever brought a configuration expects more. */
const reportRefusal = ({ act, config, term }: LeaseEvent, { why, broken }: Refused): void => {
  if (broken) log.error('the lane cannot be had', { why });
  else if (act === 'acquire' && config !== undefined && config !== null && term === undefined) {
    log.warn('the configuration in the input is not used', {
      why: `${why}; with "takeOver": true in the input it would be`,
    });
  } else log.debug(act === 'release' ? 'released' : 'stand-by', { why });
};
