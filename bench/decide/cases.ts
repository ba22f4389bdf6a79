/**
 * What is decided: an hour of one service, recorded tick by tick and decided again and again with the memory going from tick to
 * tick, as in the loop. Load that swells and ebbs with bursts in it and ends after 50 minutes, counters as SQS has them, one
 * reading in fifty missing.
 */
import { anySource, type Service, serviceSchema } from '../../lambdas/contract/config.ts';
import type { Policy } from '../../lambdas/contract/policies.ts';
import type { Counts, Reading, ServiceMemory } from '../../lambdas/contract/records.ts';
import type { Tools } from '../../lambdas/contract/tools.ts';
import { steady, type Truth, tell } from '../../local/simulation/story.ts';
import { shown } from '../plots/shown.ts';

/** Every guard but `pause` and `dryRun`, under which nothing would ever move. */
const GUARDED = {
  fallback: { after: '30s', tasks: { atLeast: 3 } },
  deployment: 'out',
  emptyFor: '60s',
  stabilization: { out: '10s', in: '120s' },
  limits: {
    out: [
      { percent: 100, per: '15s' },
      { tasks: 10, per: '15s' },
    ],
    in: [{ percent: 50, per: '60s' }],
  },
  cooldown: { out: '5s', in: '30s' },
  idle: { after: '10m' },
  schedule: [
    { start: '0 8 * * MON-FRI', end: '0 18 * * MON-FRI', timezone: 'Europe/Berlin', min: 3 },
    { start: '0 22 * * *', end: '0 5 * * *', max: 50 },
  ],
};

const SOURCE = { type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/orders' };
const parser = serviceSchema(anySource);

const SECONDS = 3600;
const perSecond = (t: number): number => {
  if (t >= 3000) return 0;
  const swell = 8 + 6 * Math.sin((2 * Math.PI * t) / 900);
  return t % 600 < 30 ? swell + 60 : swell;
};

const see = ({ visible, inFlight }: Truth, t: number): Reading =>
  t % 250 === 245
    ? { known: false, why: 'the queue did not answer', error: 'TimeoutError' }
    : { known: true, visible, inFlight, delayed: 0, settlesInSeconds: 60 };

const deploying = (t: number): boolean => t % 900 >= 300 && t % 900 < 360;

export interface Tick {
  readonly at: string;
  readonly readings: Reading[];
  readonly counts: Counts;
  /** What was remembered before it. */
  readonly memory: ServiceMemory;
  /** What was decided. */
  readonly to: number;
}

export interface Case {
  readonly name: string;
  readonly service: Service;
  readonly ticks: readonly Tick[];
}

/** Records the hour as this service would live it. */
export const record = (name: string, configured: Readonly<Record<string, unknown>>, tools: Tools): Case => {
  const readings: Reading[] = [];
  const given = { tasks: { min: 1, max: 100 }, ...configured };
  const { ticks } = tell({
    ...{ tools, seconds: SECONDS, startUp: 25, startUpSigma: 0.2, tasks: 5 },
    service: given,
    load: steady(perSecond, (nth) => 0.5 + (nth % 10) / 10),
    see: (truth, t) => {
      const reading = see(truth, t);
      readings.push(reading);
      return reading;
    },
    deploying,
  });
  return {
    name,
    service: parser.parse({ cluster: 'shop', service: 'orders-worker', source: SOURCE, ...given }),
    ticks: ticks.map(({ t, desired, running, decision }, nth) => ({
      at: decision.at,
      readings: readings.slice(nth, nth + 1),
      counts: { desired, running, pending: desired - running, deploying: deploying(t) },
      memory: ticks[nth - 1]?.memory ?? {},
      to: decision.to,
    })),
  };
};

/** Every policy as `docs/policies.md` shows it, with all guards. */
export const guardedCases = (tools: Tools): readonly Case[] =>
  (Object.keys(shown) as Policy['type'][]).map((type) =>
    record(type, { ...shown[type].service, ...GUARDED }, tools),
  );
