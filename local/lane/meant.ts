/** Which lane, and which of its services, an operator means. */
import { closest } from 'fastest-levenshtein';
import { type Lease, type LeaseStore, readLease } from '../../lambdas/store/lease-object.ts';
import { lanesIn } from './lanes.ts';
import { orTold } from './refusals.ts';

/** The services that a lane is known to have: what its holder's configuration says, else what it remembers. */
export const servicesIn = ({ services, memory, last }: Lease): readonly string[] =>
  services ?? [...new Set([...Object.keys(last?.services ?? {}), ...Object.keys(memory)])].sort();

/** The whole `cluster/service`: the cluster may be left out where no two services have the same name. */
const fits = (key: string, given: string): boolean => key === given || key.endsWith(`/${given}`);

const NAMED_AT_MOST = 12;

/** All of them, where the nearest is not the only one. */
const listed = (known: readonly string[]): string => {
  const more = known.length - NAMED_AT_MOST;
  const shown = known.slice(0, NAMED_AT_MOST).join(', ');
  if (known.length < 2) return '';
  return `, it has ${more > 0 ? `${shown} and ${more} more` : shown}`;
};

/** A part of a name is nearer than any that takes few letters to reach. */
const nearest = (given: string, known: readonly string[]): string =>
  known.find((key) => key.includes(given)) ?? closest(given, [...known]);

/** @throws Error that names the nearest known service */
export const serviceMeant = (lease: Lease, lane: string, given: string): string => {
  const known = servicesIn(lease);
  if (known.includes(given)) return given;
  const [only, ...others] = known.filter((key) => fits(key, given));
  if (only !== undefined && others.length === 0) return only;
  if (only !== undefined)
    throw new Error(
      `lane ${lane} has several services "${given}": say which of ${[only, ...others].join(', ')}`,
    );
  // An object that says nothing of them (written by an older version, before its first hand-over): any name may be right.
  if (known.length === 0 && given.includes('/')) return given;
  throw new Error(
    known.length === 0
      ? `which services lane ${lane} has is not known yet: name it as cluster/service`
      : `lane ${lane} has no service "${given}"; the nearest is ${nearest(given, known)}${listed(known)}`,
  );
};

/** The lane of a configuration that does not name it. */
const DEFAULT = 'default';

const hasService = async (store: LeaseStore, lane: string, given: string): Promise<boolean> => {
  const found = await orTold('s3:GetObject', store.bucket, readLease(store, lane));
  return 'lease' in found && servicesIn(found.lease).some((key) => fits(key, given));
};

/**
 * Where no lane is named: the only one there is, the one that has the service, or `default`. A large configuration is split over lanes, and an
 * operator need not know which of them has what.
 *
 * @throws Error when that leaves several
 */
export const laneMeant = async (store: LeaseStore, service: string | undefined): Promise<string> => {
  // Who may not list the bucket names the lane.
  const lanes = await lanesIn(store).catch(() => [DEFAULT]);
  const [first = DEFAULT] = lanes;
  if (lanes.length < 2) return first;
  if (service !== undefined) {
    const has = await Promise.all(lanes.map((lane) => hasService(store, lane, service)));
    const [lane, ...others] = lanes.filter((_, nth) => has[nth]);
    if (lane !== undefined && others.length === 0) return lane;
  }
  if (lanes.includes(DEFAULT)) return DEFAULT;
  throw new Error(`which lane of bucket ${store.bucket}? Give --lane, one of ${lanes.join(', ')}`);
};
