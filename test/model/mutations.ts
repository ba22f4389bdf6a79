/** What the loop relies on, taken away piece by piece: each time the model has to find an interleaving that breaks a promise. */
import type { Lease } from '../../lambdas/store/lease-object.ts';
import { instant } from './clock.ts';
import type { Execution } from './phase.ts';
import { FALLS_ASLEEP, HANDS_OVER, REVIVED, STARTS_AT_ONCE } from './scenarios.ts';
import { REAL, type Scenario } from './state.ts';

interface Mutation {
  readonly what: string;
  /** The promise that is broken. */
  readonly breaks: RegExp;
  readonly scenario: Scenario;
}

const isLeasing = ({ phase }: Execution): boolean => phase.is === 'leasing';

/** Whoever asks for the lease sees something else. */
const toLease =
  (change: (lease: Lease, execution: Execution) => Lease) =>
  (execution: Execution, lease: Lease): Lease =>
    isLeasing(execution) ? change(lease, execution) : lease;

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'no-if-match': {
    what: 'S3 replaces the object whatever it is by now',
    breaks: /both hold term/,
    scenario: { ...HANDS_OVER, laws: { ...REAL, ifMatch: false } },
  },
  'no-if-none-match': {
    what: 'S3 creates the object although there is one',
    breaks: /object of term 1 does not know of act/,
    scenario: { ...STARTS_AT_ONCE, laws: { ...REAL, ifNoneMatch: false } },
  },
  'lease-ignores-term': {
    what: 'a successor takes the lease whatever its term is by now',
    breaks: /both hold term/,
    scenario: {
      ...HANDS_OVER,
      sees: toLease((lease, { input }) => ({ ...lease, term: input.term ?? lease.term })),
    },
  },
  'save-ignores-term': {
    what: "apply does not compare its term with the object's",
    breaks: /goes back from term/,
    scenario: {
      ...HANDS_OVER,
      sees: (execution, lease) => (isLeasing(execution) ? lease : { ...lease, term: execution.term }),
    },
  },
  'lease-ignores-expiry': {
    what: 'anybody takes a lease that has not expired',
    breaks: /acts on term 1 after term 2 has acted/,
    scenario: { ...REVIVED, startsFrom: 0, sees: toLease((lease) => ({ ...lease, expiresAt: instant(0) })) },
  },
  'lease-forgets': {
    what: 'whoever takes the lease does not find the memory in it',
    breaks: /object of term 2 does not know of act/,
    scenario: { ...REVIVED, sees: toLease((lease) => ({ ...lease, memory: {} })) },
  },
  'no-schedule': {
    what: 'nobody starts an execution each minute',
    breaks: /nobody acts for 120 seconds/,
    scenario: { ...HANDS_OVER, isDead: true },
  },
  'looks-hold': {
    what: 'whoever looks at a lane that sleeps and cannot see hands over a term that it does not hold',
    breaks: /acts on term 1 after term 2 has acted/,
    scenario: { ...FALLS_ASLEEP, looksHold: true },
  },
  'nobody-excused': {
    what: 'a start that seemed to fail counts like any other (what no conditional write can promise: see record.ts)',
    breaks: /acts on term 1 after term 2 has acted/,
    scenario: { ...HANDS_OVER, excusesNobody: true },
  },
};
