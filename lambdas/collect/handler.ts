/**
 * Reads everything a tick needs, all services at once: their sources and their ECS counts. Writes nothing.
 *
 * Gotchas: `%(NAME)` is replaced here, in memory only. A sample carries the configuration as it was written (names of
 * cluster and service excepted, which are identities), because samples travel through the state machine's data. There what
 * a service remembers stands once, in `memory`: 100 of them are 100 kB, and a state holds 256 KiB.
 */
import * as z from 'zod';
import { anySource, type Config, keyOf, type Service, sourcesOf } from '../contract/config.ts';
import { messageOf } from '../contract/errors.ts';
import { groupsOf } from '../contract/group-rules.ts';
import type { Group } from '../contract/groups.ts';
import { untoldIn } from '../contract/notice.ts';
import { type Counts, type Sample, tickSchema } from '../contract/records.ts';
import { substitute } from '../contract/substitute.ts';
import { nextTick } from '../contract/ticks.ts';
import { logger } from '../log.ts';
import { configInForce } from '../store/deployed-config.ts';
import { capacitySamples } from './capacity.ts';
import { countsByService } from './counts.ts';
import { readerOf } from './read.ts';
import { allBrief, readingsOf } from './readings.ts';

const eventSchema = tickSchema.extend({
  config: z.unknown().optional(),
  /** Decisions too, after an apply of which nothing is known. */
  unsure: z.unknown().optional(),
  /** What a state of the tick before this one caught: it has no log of its own. */
  trouble: z
    .object({ Error: z.string().optional(), Cause: z.string().optional() })
    .nullish()
    .catch(undefined),
  /** Set by the state machine: what each service remembers comes in `memory` and not in its sample too. */
  lean: z.boolean().default(false),
});

const log = logger('collect');

/** The service with its names as they are in AWS; a missing variable leaves the name as written, and ECS says so. */
const named = (service: Service, index: number): Service => {
  try {
    const { cluster, service: name } = substitute(
      { cluster: service.cluster, service: service.service },
      process.env,
    );
    return { ...service, cluster, service: name };
  } catch (thrown) {
    log.error('name cannot be resolved', { path: `services[${index}]`, why: messageOf(thrown) });
    return service;
  }
};

/** The groups by the names as they are in AWS. @param named the same services with those names, in the same order */
const groupsIn = (config: Config, named: readonly Service[]): readonly Group[] => {
  const inAws = new Map(config.services.map((each, nth) => [keyOf(each), keyOf(named[nth] ?? each)]));
  const nameOf = (key: string): string => inAws.get(key) ?? key;
  return groupsOf(config).map(({ services, rank, ...rest }) => ({
    ...rest,
    services: services.map(nameOf),
    rank: Object.fromEntries(Object.entries(rank).map(([key, value]) => [nameOf(key), value])),
  }));
};

/**
 * The most that one reading may take: the tick must be over before the next, and sources that stand in for each other are
 * read one after the other.
 */
const longestReadingMs = ({ loop, services }: Config): number => {
  const inARow = Math.max(
    1,
    ...services.map((each) => (each.combine === 'first' ? sourcesOf(each).length : 1)),
  );
  return (loop.interval * 800) / inARow;
};

/** A cause holds a whole stack trace at times. */
const brief = (cause = ''): string => cause.slice(0, 500);

const noCounts: Counts = { known: false, why: 'ECS was not asked', error: 'Unknown' };

export const handler = async (raw: unknown) => {
  const event = eventSchema.parse(raw);
  const { at, lane, term, memory, history, notices, lean, trouble, config: override } = event;
  const config = configInForce(override, anySource);
  log.resetKeys();
  log.appendKeys({ lane, term, at });
  if (trouble)
    log.error('the tick before this one failed', { error: trouble.Error, cause: brief(trouble.Cause) });

  const services = config.services.map(named);
  const read = readerOf({ at, longestMs: longestReadingMs(config) });
  const [counts, capacity, ...seen] = await Promise.all([
    countsByService(services),
    capacitySamples(config, services),
    ...services.map((service, index) => readingsOf(service, index, memory[keyOf(service)] ?? {}, at, read)),
  ]);

  const readings = allBrief(seen);
  const samples = services.flatMap((service, index): Sample[] => {
    const own = readings[index];
    if (own === undefined) return [];
    return [{ service, ...own, counts: counts.get(keyOf(service)) ?? noCounts }];
  });
  log.debug('sampled', { samples: samples.length });
  const unsure = untoldIn(event.unsure, lane);
  const next = nextTick(at, config.loop.interval);
  const shared = { groups: groupsIn(config, services), capacity };
  const answer = { at, lane, term, history, notices, unsure, trouble: null, next, ...shared };
  if (!lean) return { ...answer, samples, memory };
  const remembered = samples.map((sample) => [keyOf(sample.service), sample.memory] as const);
  return {
    ...answer,
    samples: samples.map(({ memory: _, ...sample }) => sample),
    memory: { ...memory, ...Object.fromEntries(remembered) },
    // The state has that configuration beside the tick.
    ...(override === undefined || override === null
      ? {}
      : { aside: Buffer.byteLength(JSON.stringify(override)) }),
  };
};
