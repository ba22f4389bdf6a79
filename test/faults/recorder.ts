/** Writes down what happens on the stage: what rooms answered, and what AWS accepted whoever heard its answer. */
import { type Config, keyOf } from '../../lambdas/contract/config.ts';
import type { Decision, Notice, Outcome } from '../../lambdas/contract/records.ts';
import type { Lease } from '../../lambdas/store/lease-object.ts';
import type { Call } from './fault.ts';
import type { Invocation } from './invocations.ts';
import type { Doer, RecordedUpdate, Recording } from './recording.ts';

export interface Recorder {
  readonly recording: Recording;
  readonly note: (what: string) => void;
  /** An invocation is over: with an answer, or with the name of its error. */
  readonly ended: (invocation: Invocation, answer: unknown, error?: string) => void;
  /** ECS has set a count; whose call it was is known when the call is answered. */
  readonly setDesired: (key: string, from: number, to: number) => void;
  /** An endpoint has answered a call with 2xx. */
  readonly accepted: (call: Call, by: Invocation | undefined, answered: boolean) => void;
}

interface Collected {
  readonly samples: readonly {
    readonly service: { readonly cluster: string; readonly service: string };
    readonly counts: object;
  }[];
}

const leaseIn = (text: string): Lease | undefined => {
  try {
    const lease = JSON.parse(text) as Lease;
    return typeof lease.term === 'number' && typeof lease.expiresAt === 'string' ? lease : undefined;
  } catch {
    return undefined;
  }
};

export const createRecorder = (config: Config, now: () => number): Recorder => {
  const recording: Recording = {
    lane: config.loop.name,
    intervalSeconds: config.loop.interval,
    services: config.services.map((each) => ({
      key: keyOf(each),
      ...each.tasks,
      cooldown: { in: each.cooldown.in, out: each.cooldown.out },
    })),
    ...{
      began: now(),
      ended: now(),
      pauses: [],
      executions: [],
      invocations: [],
      acquisitions: [],
      ticks: [],
    },
    ...{ decisions: [], outcomes: [], updates: [], publications: [], leases: [], faults: [], events: [] },
    ...{ loads: [], counts: [] },
  };
  /** What ECS could not count, by delivery. */
  const uncounted = new Map<number, ReadonlySet<string>>();
  const changes: Pick<RecordedUpdate, 'key' | 'from' | 'to'>[] = [];

  const answers: Readonly<Record<string, (answer: object, doer: Doer, term: number) => void>> = {
    lease: (answer, doer) => {
      const {
        acquired,
        peek = false,
        term,
        revived = false,
        why,
      } = answer as {
        readonly peek?: boolean;
        readonly acquired: boolean;
        readonly term: number;
        readonly revived?: boolean;
        readonly why?: string;
      };
      recording.acquisitions.push({
        ...doer,
        time: now(),
        // A look at a lane that sleeps takes nothing.
        acquired: acquired && !peek,
        term,
        revived,
        ...(why === undefined ? {} : { why }),
      });
    },
    collect: (answer, doer, term) => {
      recording.ticks.push({ ...doer, time: now(), term });
      const unknown = (answer as Collected).samples.filter(({ counts }) => 'known' in counts);
      uncounted.set(doer.delivery, new Set(unknown.map(({ service }) => keyOf(service))));
    },
    decide: (answer, doer) => {
      for (const decision of (answer as { readonly decisions: readonly Decision[] }).decisions) {
        const counted = !uncounted.get(doer.delivery)?.has(keyOf(decision));
        recording.decisions.push({ ...doer, time: now(), decision, counted });
      }
    },
    apply: (answer, doer) => {
      for (const outcome of (answer as { readonly outcomes?: readonly Outcome[] }).outcomes ?? [])
        recording.outcomes.push({ ...doer, time: now(), outcome });
    },
  };

  const notePause = ({ paused, pausedUntil }: Lease): void => {
    const open = recording.pauses.find(({ until }) => until === undefined || until > now());
    if (paused && open === undefined)
      recording.pauses.push({
        from: now(),
        ...(pausedUntil === undefined ? {} : { until: Date.parse(pausedUntil) }),
      });
    if (!paused && open !== undefined) open.until = now();
  };

  const acceptances: Partial<
    Record<Call['api'], (call: Call, by: Invocation | undefined, doer: Doer, answered: boolean) => void>
  > = {
    's3:PutObject': ({ path, body: text }, by, doer) => {
      const key = decodeURIComponent(path.split('?', 1)[0] ?? '')
        .split('/')
        .slice(2)
        .join('/');
      // The bucket itself is put too.
      if (key === '') return;
      const lease = key.endsWith('/lease.json') ? leaseIn(text) : undefined;
      recording.leases.push({
        ...{ time: now(), key, text },
        ...(lease === undefined ? {} : { lease }),
        by: by?.room === undefined ? 'story' : { ...doer, room: by.room },
      });
      if (lease !== undefined) notePause(lease);
    },
    'ecs:UpdateService': ({ body }, by, doer, answered) => {
      const { cluster, service, desiredCount } = JSON.parse(body) as Record<string, string | number>;
      const key = `${cluster}/${service}`;
      const nth = changes.findIndex((each) => each.key === key && each.to === desiredCount);
      const [change] = nth < 0 ? [] : changes.splice(nth, 1);
      if (change === undefined) return;
      recording.updates.push({
        ...doer,
        ...change,
        time: now(),
        term: by?.term ?? 0,
        at: by?.at ?? '',
        answered,
      });
    },
    'sns:Publish': ({ body: form }, _by, doer, answered) => {
      const body = JSON.parse(new URLSearchParams(form).get('Message') ?? '{}') as Notice['body'];
      recording.publications.push({ ...doer, time: now(), body, answered });
    },
  };

  return {
    recording,
    note: (what) => void recording.events.push({ time: now(), what }),
    ended: (invocation, answer, error) => {
      const { execution, delivery, room, act, term, began } = invocation;
      if (room === undefined) return;
      const doer = { execution, delivery };
      recording.invocations.push({
        ...{ ...doer, room, term, began, ended: now() },
        ...(act === undefined ? {} : { act }),
        ...(error === undefined ? {} : { error }),
      });
      if (error === undefined && act !== 'release' && act !== 'sleep')
        answers[room]?.(answer as object, doer, term);
    },
    setDesired: (key, from, to) => void changes.push({ key, from, to }),
    accepted: (call, by, answered) => {
      const doer = { execution: by?.execution ?? 'story', delivery: by?.delivery ?? 0 };
      acceptances[call.api]?.(call, by, doer, answered);
    },
  };
};
