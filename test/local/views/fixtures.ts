/** Event records as the runner really emits them, and the runner's side of the contract with its calls written down. */
import type { CapacityDecision } from '../../../lambdas/contract/capacity.ts';
import type { Decision } from '../../../lambdas/contract/records.ts';
import type { HostsEvent, LoopEvent, Runner, RunnerEvent, WorldEvent } from '../../../local/events.ts';

export const at = '2026-03-01T10:42:11.000Z';

export function decision(over: Partial<Decision> = {}): Decision {
  return {
    cluster: 'shop',
    service: 'orders-worker',
    from: 2,
    to: 50,
    direction: 'out',
    reasons: [
      { by: 'target', said: 60, why: '600 waiting / 10 per task' },
      { by: 'tasks allowed', said: 50, why: 'at most 50' },
    ],
    reading: { known: true, visible: 600, inFlight: 20, at },
    at,
    term: 3,
    ...over,
  };
}

export const hold = (over: Partial<Decision> = {}) =>
  decision({ to: 2, direction: 'hold', reasons: [{ by: 'target', said: 2, why: 'within 10 %' }], ...over });

export const unseen = (over: Partial<Decision> = {}) =>
  hold({ reading: { known: false, why: 'the queue did not answer', error: 'ECONNREFUSED' }, ...over });

export function world(over: Partial<WorldEvent> = {}): WorldEvent {
  const base = { kind: 'world', t: 12, cluster: 'shop', service: 'orders-worker' } as const;
  return { ...base, backlog: 600, inFlight: 20, desired: 2, running: 2, pending: 0, ...over };
}

export function capacity(over: Partial<CapacityDecision> = {}): CapacityDecision {
  return {
    ...{ cluster: 'shop', autoScalingGroup: 'shop-hosts', from: 2, to: 5, direction: 'out' },
    ...{ drain: [], terminate: [], at, term: 3 },
    reasons: [{ by: 'placement', said: 5, why: '7 of shop/orders-worker: no room for all on 2 hosts' }],
    ...over,
  };
}

export function hosts(over: Partial<HostsEvent> = {}): HostsEvent {
  return {
    ...{ kind: 'hosts', t: 12, cluster: 'shop', autoScalingGroup: 'shop-hosts', desired: 4 },
    hosts: [
      { id: 'i-1', status: 'ACTIVE', tasks: 3, cpu: 0.75, memory: 0.8 },
      { id: 'i-2', status: 'ACTIVE', tasks: 0, cpu: 0, memory: 0 },
      { id: 'i-3', status: 'DRAINING', tasks: 1, cpu: 0.25, memory: 0.27 },
      { id: 'i-4', status: 'PENDING', tasks: 0, cpu: 0, memory: 0 },
    ],
    ...over,
  };
}

export function loop(event: LoopEvent['event'], message = `about ${event}`): LoopEvent {
  return { kind: 'event', at, t: 12, event, message };
}

export function notice(): RunnerEvent {
  const { cluster, service, from, to, reasons, reading } = decision();
  const subject = 'Scale out: shop/orders-worker 2 -> 50';
  return {
    kind: 'notice',
    subject,
    event: 'scale-out',
    lane: 'default',
    cluster,
    service,
    from,
    to,
    reasons,
    reading,
    at,
    term: 3,
  };
}

export interface TestRunner extends Runner {
  readonly emit: (...events: readonly RunnerEvent[]) => void;
  /** The actions that were called, in order: `burst 600`. */
  readonly calls: string[];
  readonly listeners: () => number;
}

/** A runner that emits what the test says and writes its calls down. `fails`: every action rejects with this sentence. */
export function testRunner({ services = 1, fails = '' } = {}): TestRunner {
  const listeners = new Set<(event: RunnerEvent) => void>();
  const calls: string[] = [];
  const act =
    (name: string) =>
    async (...given: readonly (string | number | undefined)[]) => {
      if (fails !== '') throw new Error(fails);
      calls.push([name, ...given.filter((each) => each !== undefined)].join(' '));
    };
  return {
    services: Array.from({ length: services }, (_, i) => ({
      cluster: 'shop',
      service: i === 0 ? 'orders-worker' : `worker-${i}`,
      min: 0,
      max: 50,
    })),
    interval: 5,
    lane: 'default',
    queues: ['shop/orders-worker'],
    addresses: { SQS: 'http://127.0.0.1:4566', ECS: 'http://127.0.0.1:4570' },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    actions: {
      burst: act('burst'),
      stopQueue: act('stopQueue'),
      startQueue: act('startQueue'),
      pause: act('pause'),
      resume: act('resume'),
    },
    emit: (...events) => {
      for (const event of events) for (const listener of listeners) listener(event);
    },
    calls,
    listeners: () => listeners.size,
  };
}
