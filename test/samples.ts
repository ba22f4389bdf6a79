/** Samples for tests: whole ones with defaults. Arbitrary ones for properties are in `arbitrary/`. */
import { anySource, type Service, serviceSchema } from '../lambdas/contract/config.ts';
import type { Counts, Reading, Sample } from '../lambdas/contract/records.ts';
import type { Circumstances } from '../lambdas/decide/decide.ts';
import { toolsFor } from '../lambdas/tools.ts';

/** With everything loaded that a schedule needs. */
export const tools = await toolsFor([{ schedule: [] }]);

export const AT = '2026-11-22T12:00:00.000Z';

/** AT and so many seconds. */
export const later = (seconds: number, from = AT): string =>
  new Date(Date.parse(from) + seconds * 1000).toISOString();

/** What decide is told besides the sample. */
export const circumstances = (given: Partial<Circumstances> = {}): Circumstances => ({
  at: AT,
  term: 1,
  disableScaleIn: false,
  tools,
  ...given,
});

/** A service of our own shape with every default filled in. */
export const service = (given: Record<string, unknown> = {}): Service =>
  serviceSchema(anySource).parse({
    cluster: 'shop',
    service: 'orders-worker',
    tasks: { min: 0, max: 50 },
    source: { type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/orders' },
    policy: { type: 'target', backlogPerTask: 10 },
    ...given,
  });

export const seen = (visible: number, inFlight = 0): Reading => ({ known: true, visible, inFlight, at: AT });

export const unseen: Reading = { known: false, why: 'the queue did not answer', error: 'TimeoutError' };

export const counts = (desired: number, running = desired): Counts => ({
  desired,
  running,
  pending: Math.max(0, desired - running),
  deploying: false,
});

const usual = service();

export const sample = (given: Partial<Sample> = {}): Sample => ({
  service: usual,
  readings: [seen(0)],
  counts: counts(1),
  memory: {},
  ...given,
});
