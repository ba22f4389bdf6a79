/** Whether a lane may stop ticking for want of work: see `idle` in the configuration, and `guards/idle.ts` for what counts as none. */
import type { CapacitySample } from '../contract/capacity.ts';
import type { Service } from '../contract/config.ts';
import type { ServiceMemory } from '../contract/records.ts';

interface Resting {
  readonly service: Service;
  /** As it is after this tick. */
  readonly memory: ServiceMemory;
}

const maySleep = ({ service: { idle }, memory: { kept, unknownSince } }: Resting, at: number): boolean => {
  const since = kept?.['idle']?.[0];
  return idle !== undefined && unknownSince === undefined && since !== undefined && at - since >= idle.after;
};

/**
 * All of a lane's services, and at least one. Whether anything is left to be done or told besides (hosts, notices) is for the handler to say.
 *
 * @param at epoch seconds
 */
export const mayAllSleep = (services: readonly Resting[], at: number): boolean =>
  services.length > 0 && services.every((each) => maySleep(each, at));

/** No host is on its way in or out, so nobody has to look after them. */
export const hostsRest = (samples: readonly CapacitySample[]): boolean =>
  samples.every(
    ({ reading }) =>
      reading.known &&
      reading.coming.length === 0 &&
      reading.hosts.every(({ status }) => status === 'ACTIVE'),
  );
