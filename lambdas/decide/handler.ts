/**
 * Decides for every sampled service and says why. The rules are in `decide.ts` and below, and are pure; what touches the
 * world is here: the environment, the log, and the check of what came in.
 *
 * Gotchas: a sample's own configuration wins over the deployed one, so that this room can be driven alone; a service that
 * has neither is left out with an error in the log, and the others go on.
 */
import * as z from 'zod';
import type { CapacityDecision, CapacitySample } from '../contract/capacity.ts';
import { anySource, keyOf, type Service, serviceSchema } from '../contract/config.ts';
import { messageOf } from '../contract/errors.ts';
import { groupsSchema } from '../contract/groups.ts';
import { ticksOf } from '../contract/history.ts';
import {
  countsSchema,
  type Decision,
  type Memory,
  readingSchema,
  type Sample,
  type ServiceMemory,
  serviceMemorySchema,
  tickSchema,
} from '../contract/records.ts';
import { logger } from '../log.ts';
import { toolsFor } from '../tools.ts';
import { hostsRest, mayAllSleep } from './asleep.ts';
import { type Circumstances, type Decided, weigh } from './decide.ts';
import { bounded, settled } from './notices.ts';
import { fitted } from './room.ts';

const eventSchema = tickSchema.extend({
  /** What the state holds besides the tick, in bytes. */
  aside: z.number().default(0),
  samples: z.array(
    z.object({
      service: z.looseObject({ cluster: z.string(), service: z.string() }),
      readings: z.array(readingSchema).default([]),
      counts: countsSchema,
      memory: serviceMemorySchema.nullish(),
    }),
  ),
  /** Budgets that services share. */
  groups: groupsSchema,
  /** What was seen of the hosts of each cluster that has some. */
  capacity: z.array(z.looseObject({ capacity: z.looseObject({ cluster: z.string() }) })).default([]),
});
type GivenSample = z.output<typeof eventSchema>['samples'][number];

const log = logger('decide');
const wholeService = serviceSchema(anySource);

const ALLOWED = /^(no|n|false|off|0|)$/i;
const REFUSED = /^(yes|y|true|on|1)$/i;

let warned = false;

/**
 * Scale-in refused for all services, by either variable. A value that is neither a yes nor a no refuses too: this is the safety
 * switch, and whoever set it meant something by it.
 */
const scaleInDisabled = ({ DISABLE_SCALE_IN, disable_scalein }: NodeJS.ProcessEnv): boolean => {
  const values = [DISABLE_SCALE_IN, disable_scalein].map((value) => value?.trim() ?? '');
  const odd = values.filter((value) => !ALLOWED.test(value) && !REFUSED.test(value));
  if (odd.length > 0 && !warned)
    log.warn('DISABLE_SCALE_IN is neither yes nor no, so scale-in is refused', { value: odd.join(', ') });
  warned ||= odd.length > 0;
  return values.some((value) => !ALLOWED.test(value));
};

/** The same without the keys that the schema has refused: a sample may come from a newer version than this room. */
const withoutUnknownKeys = <T extends object>(given: T, refused: z.ZodError): T => {
  const stripped = structuredClone(given);
  for (const issue of refused.issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    const place = issue.path.reduce<unknown>(
      (inside, step) => (inside as Record<PropertyKey, unknown>)[step],
      stripped,
    );
    for (const key of issue.keys) delete (place as Record<string, unknown>)[key];
  }
  return stripped;
};

const serviceOf = async ({ service }: GivenSample): Promise<Service> => {
  const asGiven = wholeService.safeParse(service);
  if (asGiven.success) return asGiven.data;
  const given = withoutUnknownKeys(service, asGiven.error);
  const whole = wholeService.safeParse(given);
  if (whole.success) return whole.data;
  const { deployedService } = await import('../store/deployed-service.ts');
  return wholeService.parse({ ...deployedService(keyOf(given)), ...given });
};

const sampleOf = async (given: GivenSample, memory: Memory): Promise<readonly Sample[]> => {
  try {
    const service = await serviceOf(given);
    const { readings, counts } = given;
    return [{ service, readings, counts, memory: given.memory ?? memory[keyOf(service)] ?? {} }];
  } catch (thrown) {
    log.error('service left out', { key: keyOf(given.service), why: messageOf(thrown) });
    return [];
  }
};

/** What a dry run would have set; undefined: it is none. */
const dryRunIn = ({ kept }: ServiceMemory): number | undefined => kept?.['dryRun']?.[0];

/** Changes and trouble as they come, a *hold* for whoever asks for it, and a dry run's wish when it is a new one. */
const report = (decision: Decision, before: ServiceMemory, after: ServiceMemory): void => {
  const wish = dryRunIn(after);
  const isNew = wish !== undefined && wish !== decision.to && wish !== dryRunIn(before);
  if (decision.direction !== 'hold') log.info('decision', { decision });
  else if (isNew) log.info('dry run', { decision });
  else log.debug('decision', { decision });
};

/** Once when a service can no longer be seen and once when it can again, not at every tick between. */
const reportSight = (
  sample: Sample,
  key: string,
  wasUnknown: string | undefined,
  isUnknown: string | undefined,
): void => {
  if (isUnknown !== undefined && wasUnknown === undefined) {
    const why = sample.readings.flatMap((reading) => (reading.known ? [] : [reading.why]));
    log.warn('unknown', { key, why: 'known' in sample.counts ? [sample.counts.why, ...why] : why });
  }
  if (isUnknown === undefined && wasUnknown !== undefined)
    log.info('known again', { key, since: wasUnknown });
};

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** What budgets and hosts take of a state, in bytes: what was seen travels to this room, what was decided from it. */
const besides = (
  { groups, capacity }: z.output<typeof eventSchema>,
  decided: readonly CapacityDecision[],
): number =>
  groups.length + capacity.length === 0 ? 0 : Math.max(bytesOf([groups, capacity]), bytesOf(decided));

/** What nobody has been told of yet, as it is to travel. */
const untoldOf = (event: z.output<typeof eventSchema>, samples: readonly Sample[]) => {
  const { accepted, unsure } = settled(event.unsure, samples, event.at);
  const certain = bounded([...event.notices, ...accepted], bytesOf);
  const open = bounded(unsure, bytesOf);
  for (const { subject, body } of [...certain.dropped, ...open.dropped])
    log.warn('notice dropped, too many wait', { subject, decidedAt: body.at });
  return { notices: certain.notices, unsure: open.notices };
};

/** Every service on its own, and then what a budget leaves to those that share one; most lanes have none, so that rule lies in a file of its own. */
const decideAll = async (
  samples: readonly Sample[],
  { groups }: z.output<typeof eventSchema>,
  circumstances: Circumstances,
): Promise<readonly Decided[]> => {
  const weighed = samples.map((sample) => weigh(sample, circumstances));
  if (groups.length === 0) return weighed.map(({ settle }) => settle());
  const { withinBudgets } = await import('./groups.ts');
  const claims = weighed.map(({ claim }) => claim());
  const lowered = withinBudgets(claims, groups);
  return weighed.map(({ settle }, nth) => settle(lowered.get(claims[nth]?.key ?? '')));
};

/** Hosts follow the tasks of the same tick. Their rule lies in a file of its own too. */
const decideHosts = async (
  { capacity }: z.output<typeof eventSchema>,
  samples: readonly Sample[],
  decided: readonly Decided[],
  circumstances: Circumstances,
): Promise<readonly CapacityDecision[]> => {
  if (capacity.length === 0) return [];
  const { decideCapacity } = await import('./capacity.ts');
  const services = samples.flatMap(({ service, counts }, nth) => {
    const to = decided[nth]?.decision.to;
    return 'known' in counts || to === undefined ? [] : [{ key: keyOf(service), ...counts, to }];
  });
  const decisions = decideCapacity(capacity as unknown as readonly CapacitySample[], services, circumstances);
  for (const decision of decisions) {
    if (isHold(decision)) log.debug('capacity', { decision });
    else log.info('capacity', { decision });
  }
  return decisions;
};

const isHold = ({ direction }: { readonly direction: string }): boolean => direction === 'hold';

export const handler = async (raw: unknown) => {
  const event = eventSchema.parse(raw);
  const { at, lane, term, next } = event;
  log.resetKeys();
  log.appendKeys({ lane, term, at });
  const samples = (await Promise.all(event.samples.map((given) => sampleOf(given, event.memory)))).flat();
  const tools = await toolsFor(samples.map(({ service }) => service));
  const circumstances = { at, term, disableScaleIn: scaleInDisabled(process.env), tools };
  const memory: Memory = { ...event.memory };
  const decided = await decideAll(samples, event, circumstances);
  const decisions = samples.map((sample, nth) => {
    const key = keyOf(sample.service);
    const { decision, memory: after } = decided[nth] as Decided;
    reportSight(sample, key, sample.memory.unknownSince, after.unknownSince);
    report(decision, sample.memory, after);
    memory[key] = after;
    return decision;
  });
  const capacity = await decideHosts(event, samples, decided, circumstances);
  const untold = untoldOf(event, samples);
  const isAnyUntold = untold.notices.length + untold.unsure.length > 0;
  const travelling = fitted(
    { samples, decisions, memory, history: event.history },
    {
      bytesOf,
      aside: event.aside + (isAnyUntold ? bytesOf(untold) : 0) + besides(event, capacity),
    },
  );
  for (const ticks of travelling.full) log.info('ticks', { ticks: ticksOf(lane, term, ticks) });
  const changes = [...decisions, ...capacity].filter((each) => !isHold(each)).length;
  const services = samples.map(({ service }, nth) => ({ service, memory: decided[nth]?.memory ?? {} }));
  return {
    at,
    lane,
    term,
    decisions: travelling.decisions,
    capacity,
    groups: event.groups,
    changes,
    // Of a service that was left out nobody knows anything.
    asleep:
      changes === 0 &&
      !isAnyUntold &&
      samples.length === event.samples.length &&
      hostsRest(event.capacity as unknown as readonly CapacitySample[]) &&
      mayAllSleep(services, Date.parse(at) / 1000),
    memory,
    history: travelling.history,
    ...untold,
    trouble: null,
    ...(next === undefined ? {} : { next }),
  };
};
