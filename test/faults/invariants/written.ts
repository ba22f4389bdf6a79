/** Recordings written by hand, to try the rules on: a clean story of two executions, of which a test changes what it wants. */
import { noticeOf } from '../../../lambdas/contract/notice.ts';
import type { Decision } from '../../../lambdas/contract/records.ts';
import type {
  RecordedDecision,
  RecordedExecution,
  RecordedFault,
  RecordedLease,
  RecordedPublication,
  RecordedUpdate,
  Recording,
} from '../recording.ts';

export const BEGAN = Date.parse('2026-11-22T12:00:00.000Z');
export const LANE = 'default';

/** So many seconds after the beginning. */
export const after = (seconds: number): number => BEGAN + seconds * 1000;

const iso = (seconds: number): string => new Date(after(seconds)).toISOString();

export const doer = (delivery: number) => ({ execution: `execution-${delivery}`, delivery });

interface Change {
  readonly seconds: number;
  readonly from: number;
  readonly to: number;
  readonly term?: number;
  readonly delivery?: number;
}

export const decisionOf = (
  { seconds, from, to, term = 1, delivery = term }: Change,
  known = true,
): RecordedDecision => {
  const decision: Decision = {
    ...{ cluster: 'shop', service: 'orders', from, to, term, at: iso(seconds), reasons: [] },
    direction: to > from ? 'out' : to < from ? 'in' : 'hold',
    reading: known ? { known: true, visible: 10 } : { known: false, why: 'no answer', error: 'TimeoutError' },
  };
  return { ...doer(delivery), time: after(seconds), decision, counted: true };
};

export const updateOf = (
  { seconds, from, to, term = 1, delivery = term }: Change,
  given: Partial<RecordedUpdate> = {},
): RecordedUpdate => ({
  ...doer(delivery),
  ...{ time: after(seconds), key: 'shop/orders', from, to, term, at: iso(seconds), answered: true },
  ...given,
});

export const publicationOf = (
  change: Change,
  given: Partial<RecordedPublication> = {},
): RecordedPublication => ({
  ...doer(change.delivery ?? change.term ?? 1),
  time: after(change.seconds + 1),
  body: noticeOf(decisionOf(change).decision, LANE).body,
  answered: true,
  ...given,
});

/** As apply of that delivery wrote it, without notices. */
export const leaseOf = (seconds: number, term: number, delivery = term): RecordedLease => ({
  time: after(seconds),
  key: `lanes/${LANE}/lease.json`,
  lease: {
    ...{ owner: doer(delivery).execution, term, expiresAt: iso(seconds + 80), paused: false },
    ...{ pauses: {}, memory: {}, notices: [] },
  },
  text: '',
  by: { ...doer(delivery), room: 'apply' },
});

/** An operator pauses scale-in of all services. */
export const pauseOf = (seconds: number): RecordedLease => {
  const { lease, ...rest } = leaseOf(seconds, 1);
  return { ...rest, ...(lease && { lease: { ...lease, pauses: { '*': { what: 'in' } } } }), by: 'story' };
};

export const faultOf = (given: Partial<RecordedFault>): RecordedFault => ({
  ...{ name: 'a fault', how: 'refuse', api: 's3:GetObject', from: after(0), hits: 1 },
  ...given,
});

/** Ticks of one delivery, every 5 s. */
export const ticksOf = (delivery: number, from: number, to: number) =>
  Array.from({ length: Math.floor((to - from) / 5) + 1 }, (_, nth) => ({
    ...doer(delivery),
    time: after(from + 5 * nth),
    term: delivery,
  }));

const executionOf = (delivery: number, given: Partial<RecordedExecution>): RecordedExecution => ({
  ...doer(delivery),
  ...{ began: after(0), by: 'story', skewMs: 0 },
  ...given,
});

const OUT: Change = { seconds: 10, from: 1, to: 5 };
const IN: Change = { seconds: 40, from: 5, to: 3 };
/** 30 s later and by another execution. */
const IN_AGAIN: Change = { seconds: 70, from: 3, to: 2, term: 2 };

/** 120 s: out and in and in again, a hand-over after 60 s. */
export const clean = (given: Partial<Recording> = {}): Recording => ({
  lane: LANE,
  intervalSeconds: 5,
  services: [{ key: 'shop/orders', min: 1, max: 10, cooldown: { in: 30, out: 0 } }],
  began: BEGAN,
  ended: after(120),
  pauses: [],
  executions: [
    executionOf(1, { ended: after(61), how: 'succeeded' }),
    executionOf(2, { by: 'hand-over', began: after(61) }),
  ],
  invocations: [],
  acquisitions: [
    { ...doer(1), time: after(0), acquired: true, term: 1, revived: false },
    { ...doer(2), time: after(61), acquired: true, term: 2, revived: false },
  ],
  ticks: [...ticksOf(1, 0, 60), ...ticksOf(2, 65, 120)],
  decisions: [OUT, IN, IN_AGAIN].map((each) => decisionOf(each)),
  outcomes: [],
  updates: [OUT, IN, IN_AGAIN].map((each) => updateOf(each)),
  publications: [publicationOf(OUT)],
  leases: [leaseOf(0, 1), leaseOf(10, 1), leaseOf(40, 1), leaseOf(61, 2), leaseOf(70, 2)],
  faults: [],
  events: [],
  loads: [],
  counts: [{ key: 'shop/orders', desired: 2, right: 2 }],
  ...given,
});
