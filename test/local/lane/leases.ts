/** A lane's object at a time, as the tests of its commands need it. */
import type { Lease } from '../../../lambdas/store/lease-object.ts';

export const NOW = new Date('2026-11-22T12:00:00Z');

/** ISO 8601, so many seconds after (or before) {@link NOW}. */
export const later = (seconds: number): string => new Date(NOW.getTime() + seconds * 1000).toISOString();

/** Held since 38 s ago, for another 37 s. */
export const lease = (fields: Partial<Lease> = {}): Lease => ({
  owner: 'arn:aws:states:us-east-1:123456789012:express:pulsescale:e7:6a1f',
  term: 7,
  acquiredAt: later(-38),
  expiresAt: later(37),
  paused: false,
  pauses: {},
  memory: {},
  notices: [],
  services: ['shop/mailer', 'shop/orders-worker'],
  ...fields,
});
