/** The SNS notice of an accepted scale-out, and what is known of those that have not gone out. */
import { type Decision, decisionSchema, type Notice, noticeSchema } from './records.ts';

/** SNS takes subjects of *less than* 100 characters. */
const SUBJECT_LENGTH = 99;

const ascii = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '?');

const shortened = (name: string, length: number): string =>
  name.length <= length ? name : `${name.slice(0, Math.max(0, length - 2))}..`;

/** `Scale out: shop/orders-worker 2 -> 8`: less than 100 ASCII characters, names shortened where needed, counts never. */
export const subjectOf = ({
  cluster,
  service,
  from,
  to,
}: Pick<Decision, 'cluster' | 'service' | 'from' | 'to'>): string => {
  const counts = ` ${from} -> ${to}`;
  const room = SUBJECT_LENGTH - 'Scale out: '.length - counts.length - 1;
  const half = Math.floor(room / 2);
  // A short name leaves its room to the long one.
  const forCluster = Math.max(half, room - service.length);
  const forService = Math.max(room - half, room - cluster.length);
  return `Scale out: ${shortened(ascii(cluster), forCluster)}/${shortened(ascii(service), forService)}${counts}`;
};

export const noticeOf = (decision: Decision, lane: string): Notice => {
  const { cluster, service, from, to, reasons, reading, at, term } = decision;
  return {
    subject: subjectOf(decision),
    body: { event: 'scale-out', cluster, service, from, to, reasons, reading, at, lane, term },
  };
};

/** As they are kept in the lane's object, beside those of which nobody is sure. */
export const asAccepted = (notices: readonly Notice[]): readonly Notice[] =>
  notices.map((notice) => ({ ...notice, accepted: true }));

/**
 * The notices in what travelled: notices as they are, and decided scale-outs, which is what the state machine has left when nothing
 * is known of an apply. Anything else is left out.
 *
 * @param given a list, or a list of lists
 */
export const untoldIn = (given: unknown, lane: string): readonly Notice[] =>
  (Array.isArray(given) ? given.flat() : []).flatMap((each) => {
    const notice = noticeSchema.safeParse(each);
    if (notice.success) return [notice.data];
    const decision = decisionSchema.safeParse(each);
    return decision.success && decision.data.direction === 'out' ? [noticeOf(decision.data, lane)] : [];
  });
