/**
 * First state of every execution: may it act in its lane, with which term and memory, and for how many ticks?
 *
 * Gotcha: a configuration that cannot be used ends the execution here, before anything is touched.
 */
import { anySource, type Config } from '../contract/config.ts';
import { type History, noHistory, ticksOf } from '../contract/history.ts';
import { untoldIn } from '../contract/notice.ts';
import { logger } from '../log.ts';
import { configInForce, deployedLane } from '../store/deployed-config.ts';
import { lastTickOf } from '../store/last-tick.ts';
import { deployedStore, type Lease } from '../store/lease-object.ts';
import { awaitExpiry } from './await-expiry.ts';
import type { Refused } from './claim.ts';
import { type LeaseEvent, parseEvent } from './event.ts';
import { acquire, release } from './lease.ts';
import { planOf } from './plan.ts';
import { remembered } from './remembered.ts';
import { servicesIn } from './services.ts';
import { fallAsleep } from './sleep.ts';
import { isAnybody, legacyOf } from './starter.ts';
import { atMaxSince, supervise } from './supervision.ts';

const log = logger('lease');

export const handler = async (raw: unknown) => {
  const { given, event } = parseEvent(raw);
  const { at, history } = event;
  const config = configInForce(event.config, anySource);
  const { interval, previousState } = config.loop;
  const lane = given.lane ?? deployedLane(anySource) ?? event.lane ?? config.loop.name;
  const services = [...servicesIn(config).keys()];
  const store = await deployedStore();
  log.resetKeys();
  log.appendKeys({ lane, at });

  const { expiresAt, ...planned } = planOf(config.loop, event);
  const { execution } = event;
  const shown = (held: Lease | undefined) => shownOf(config, services, history, held);
  const answer =
    event.act === 'release'
      ? await release(store, { lane, execution, at })
      : event.act === 'sleep'
        ? await fallAsleep(store, { lane, at, term: event.term ?? 0, memory: event.memory, shown })
        : await acquire(store, {
            lane,
            execution,
            at,
            expiresAt,
            ...legacyOf(event),
            notices: event.notices,
            unsure: untoldIn(event.unsure, lane),
            services,
            shown,
            inherit: (own, now, held) =>
              remembered({ store, lane, at, services, previousState }, own, now, held),
            isRetry: event.retry > 0,
            takeOver: event.takeOver ?? false,
            mayPeek: isAnybody(event),
          });

  const { term, memory, trouble = [] } = answer;
  const plan = {
    lane,
    term,
    memory,
    ...planned,
    intervalSeconds: interval,
    config: event.config ?? null,
    history: noHistory,
  };
  for (const why of trouble) log.error('lease lost', { why });
  // One compact line per execution: every tick of the one before this, for `pulsescale replay`.
  if (history !== undefined && history.at.length > 0)
    log.info('ticks', { ticks: ticksOf(lane, event.term ?? 0, history) });
  if (!answer.acquired) {
    reportRefusal(event, answer);
    const nothing = {
      awaitExpiry: awaitExpiry(event, answer, interval),
      notices: [],
      unsure: [],
    };
    return { ...plan, ...nothing, acquired: false, revived: false, peek: false, why: answer.why };
  }
  // No ticks: whoever could not see whether there is anything to do starts the next execution, which takes the lane.
  const look = { awaitExpiry: null, acquired: true, revived: false, peek: true, ticks: 0 };
  if (answer.peek) return { ...plan, ...look, notices: [], unsure: [] };
  const { revived, notices, unsure, lease } = answer;
  if (revived)
    log.info('revived', { why: 'the lease had expired: the lane goes on with what was saved last' });
  else log.debug('lease taken', { term });
  await supervise({ store, config, lane, at, memory, history, atMax: lease.atMax ?? {} });
  return { ...plan, awaitExpiry: null, acquired: true, revived, peek: false, notices, unsure };
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
  } else log.debug(act === 'acquire' ? 'stand-by' : act, { why });
};
