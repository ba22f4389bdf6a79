/**
 * Notices that have not gone out yet: those of accepted scale-outs that SNS has refused, and those of scale-outs whose answer
 * got lost, which the counts of a later tick settle. ECS accepted the change if, and only if, it now wants the count that was asked for.
 *
 * Gotcha: a change that was not accepted at once may still be on its way, so its notice is given up only after a minute; one that
 * this lane decides anew meanwhile has a notice of its own (apply strikes off the old one).
 */
import type { Notice, Sample } from '../contract/records.ts';

/** No caller waits that long for an answer of ECS: two tries of 4 s each. */
const GIVEN_UP_AFTER_MS = 60_000;

/** While the counts of a service can't be seen, its notice waits no longer than somebody would care for it. */
const FORGOTTEN_AFTER_MS = 3_600_000;

/** What untold notices may take of a state, in bytes: one in the room for decisions, which shrink instead. */
const MOST_BYTES = 24_000;

export interface Settled {
  /** Known to be accepted now. */
  readonly accepted: readonly Notice[];
  readonly unsure: readonly Notice[];
}

/**
 * Another change of the same service was decided later. Its counts were known then, and this one's was not what they showed: it had not been
 * accepted, and what the counts show now is the other's doing.
 */
const isReplaced = ({ body }: Notice, others: readonly Notice[]): boolean =>
  others.some(
    ({ body: { cluster, service, term, at } }) =>
      cluster === body.cluster &&
      service === body.service &&
      (term > body.term || (term === body.term && Date.parse(at) > Date.parse(body.at))),
  );

/** @param at ISO 8601: the tick's time */
export const settled = (unsure: readonly Notice[], samples: readonly Sample[], at: string): Settled => {
  const accepted: Notice[] = [];
  const left: Notice[] = [];
  for (const notice of unsure) {
    if (isReplaced(notice, unsure)) continue;
    const { cluster, service, to, at: decided } = notice.body;
    const counts = samples.find(
      (each) => each.service.cluster === cluster && each.service.service === service,
    )?.counts;
    const age = Date.parse(at) - Date.parse(decided);
    if (counts === undefined || 'known' in counts) {
      if (age < FORGOTTEN_AFTER_MS) left.push(notice);
    } else if (counts.desired === to) accepted.push(notice);
    else if (age < GIVEN_UP_AFTER_MS) left.push(notice);
  }
  return { accepted, unsure: left };
};

/** The reason that made the count alone: what SNS is told in the end says who, from where and to where all the same. */
const briefly = ({ subject, body }: Notice): Notice => ({
  subject,
  body: {
    ...body,
    reasons: body.reasons.slice(-1).map(({ why, ...rest }) => ({ ...rest, why: why.slice(0, 100) })),
  },
});

export interface Bounded {
  readonly notices: readonly Notice[];
  /** For which there is no room, oldest first. */
  readonly dropped: readonly Notice[];
}

/** As many as may travel: shortened first, then without the oldest. @param bytesOf of the JSON of a value */
export const bounded = (notices: readonly Notice[], bytesOf: (value: unknown) => number): Bounded => {
  if (bytesOf(notices) <= MOST_BYTES) return { notices, dropped: [] };
  const short = notices.map(briefly);
  let first = 0;
  while (first < short.length && bytesOf(short.slice(first)) > MOST_BYTES) first += 1;
  return { notices: short.slice(first), dropped: short.slice(0, first) };
};
