/** What goes on from one holder of a lane to the next: its memory, what is paused, and what has not been told yet. */
import { asAccepted } from '../contract/notice.ts';
import type { Memory, Notice } from '../contract/records.ts';
import type { Lease } from '../store/lease-object.ts';
import { lastingPauses, pauseOf } from '../store/pauses.ts';
import type { Claim, Inheritance } from './claim.ts';

/**
 * Whether the memory that comes with the claim is the newest. A predecessor whose hand-over seemed to fail has gone on ticking and may
 * have saved more than it handed over; and others may have held the lane since.
 */
export const isHandedOver = (
  held: Lease | undefined,
  { memory, memoryAt, predecessorTerm }: Claim,
): boolean => {
  if (memory === undefined || held === undefined) return memory !== undefined;
  if (predecessorTerm !== undefined && predecessorTerm !== held.term) return false;
  return (
    memoryAt === undefined || held.savedAt === undefined || Date.parse(held.savedAt) <= Date.parse(memoryAt)
  );
};

export const newest = (held: Lease | undefined, claim: Claim): Memory =>
  (isHandedOver(held, claim) ? claim.memory : held?.memory) ?? {};

/** What the lane goes on with, and what is paused in it. */
export const inheritance = async (held: Lease | undefined, claim: Claim, now: Date): Promise<Inheritance> => {
  const own = { memory: newest(held, claim), pauses: lastingPauses(held?.pauses ?? {}, now) };
  return (await claim.inherit?.(own, now, held)) ?? own;
};

/**
 * The memory as an execution is to begin with it: what is paused is the object's word and not the memory's own, and in a lane that is revived
 * every service waits for readings of its own.
 */
export const marked = (
  memory: Memory,
  pauses: Lease['pauses'],
  now: Date,
  revivedAt: string | undefined,
): Memory =>
  Object.fromEntries(
    Object.entries(memory).map(([key, { paused: _, ...rest }]) => {
      const paused = pauseOf(pauses, key, now);
      return [
        key,
        {
          ...rest,
          ...(paused === undefined ? {} : { paused }),
          ...(revivedAt === undefined ? {} : { revivedAt }),
        },
      ];
    }),
  );

interface Untold {
  readonly notices: readonly Notice[];
  readonly unsure: readonly Notice[];
}

const identityOf = ({ body: { lane, term, at, cluster, service } }: Notice): string =>
  JSON.stringify([lane, term, at, cluster, service]);

/**
 * Every notice is in the object before ECS is called, and is struck off once it has been told. So of what a predecessor hands over,
 * whatever is not there was told meanwhile, or never done. Of a holder that has died nobody knows what it has told or done: what was
 * accepted for certain is told, and of the rest the counts will tell.
 */
export const untold = (held: Lease | undefined, claim: Claim, revived: boolean): Untold => {
  const { notices = [], unsure = [] } = claim;
  if (held === undefined) return { notices: asAccepted(notices), unsure };
  if (revived) {
    const isAccepted = ({ accepted }: Notice): boolean => accepted === true;
    return {
      notices: held.notices.filter(isAccepted),
      unsure: held.notices.filter((notice) => !isAccepted(notice)),
    };
  }
  const listed = new Set(held.notices.map(identityOf));
  const isListed = (notice: Notice): boolean => listed.has(identityOf(notice));
  return { notices: asAccepted(notices.filter(isListed)), unsure: unsure.filter(isListed) };
};

/** What people have been shown of the lane, as long as nothing newer is known. */
export const shownBefore = (held: Lease | undefined): Partial<Pick<Lease, 'services' | 'last' | 'atMax'>> => {
  const { services, last, atMax } = held ?? {};
  return {
    ...(services === undefined ? {} : { services }),
    ...(last === undefined ? {} : { last }),
    ...(atMax === undefined ? {} : { atMax }),
  };
};
