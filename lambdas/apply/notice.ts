/** The SNS notice of an accepted scale-out. */
import type { Decision, Notice } from '../contract/records.ts';

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
  const { cluster, service, from, to, reasons, reading, at } = decision;
  return {
    subject: subjectOf(decision),
    body: { event: 'scale-out', cluster, service, from, to, reasons, reading, at, lane },
  };
};
