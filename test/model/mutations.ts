/** What the loop relies on, taken away piece by piece: each time the model has to find an interleaving that breaks a promise. */
import type { Lease } from '../../lambdas/store/lease-object.ts';
import { instant } from './clock.ts';
import type { Execution } from './execution.ts';
import { HANDS_OVER, REVIVED, STARTS_AT_ONCE } from './scenarios.ts';
import { REAL, type Scenario } from './state.ts';

interface Mutation {
  readonly what: string;
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
    scenario: { ...HANDS_OVER, laws: { ...REAL, ifMatch: false } },
  },
  'no-if-none-match': {
    what: 'S3 creates the object although there is one',
    scenario: { ...STARTS_AT_ONCE, laws: { ...REAL, ifNoneMatch: false } },
  },
  'lease-ignores-term': {
    what: 'a successor takes the lease whatever its term is by now',
    scenario: {
      ...HANDS_OVER,
      sees: toLease((lease, { input }) => ({ ...lease, term: input.term ?? lease.term })),
    },
  },
  'save-ignores-term': {
    what: "apply does not compare its term with the object's",
    scenario: {
      ...HANDS_OVER,
      sees: (execution, lease) => (isLeasing(execution) ? lease : { ...lease, term: execution.term }),
    },
  },
  'lease-ignores-expiry': {
    what: 'anybody takes a lease that has not expired',
    scenario: { ...REVIVED, startsFrom: 0, sees: toLease((lease) => ({ ...lease, expiresAt: instant(0) })) },
  },
  'lease-forgets': {
    what: 'whoever takes the lease does not find the memory in it',
    scenario: { ...REVIVED, sees: toLease((lease) => ({ ...lease, memory: {} })) },
  },
  'no-schedule': {
    what: 'nobody starts an execution each minute',
    scenario: { ...HANDS_OVER, isDead: true },
  },
};
