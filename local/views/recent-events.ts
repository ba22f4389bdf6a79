/**
 * The last minutes of events, so that a page that is opened late or reloaded shows history. Bounded by age and by number:
 * a hundred services emit about 120 events a second, and a runner may run for days.
 */
import type { RunnerEvent } from '../events.ts';

/** An event and when the view received it, in milliseconds since 1970: the events themselves have no common clock. */
export interface Received {
  readonly received: number;
  readonly event: RunnerEvent;
}

/** What a page must know however long ago it happened. */
export interface LoopState {
  readonly paused: boolean;
  readonly queueStopped: boolean;
}

export interface RecentEvents {
  readonly add: (event: Received) => void;
  /** Everything kept that is not too old at `now`, in the order in which it was received. */
  readonly list: (now: number) => readonly Received[];
  readonly state: () => LoopState;
}

/** At most this many of what comes all the time: the world's samples and the holds. */
const samples = 20_000;
/** At most this many of what happens now and then. They are kept apart so that samples never push them out. */
const happenings = 2_000;

/** An empty buffer of `seconds` of events. */
export function recentEvents(
  seconds: number,
  limits: { readonly samples: number; readonly happenings: number } = { samples, happenings },
): RecentEvents {
  const lists = { samples: [] as Received[], happenings: [] as Received[] };
  let state: LoopState = { paused: false, queueStopped: false };
  const young = (now: number) => (each: Received) => each.received > now - seconds * 1000;
  return {
    add: (received) => {
      const kind = isSample(received.event) ? 'samples' : 'happenings';
      const list = lists[kind];
      list.push(received);
      const isYoung = young(received.received);
      while (list.length > limits[kind] || (list[0] && !isYoung(list[0]))) list.shift();
      state = after(state, received.event);
    },
    list: (now) =>
      [...lists.samples, ...lists.happenings].filter(young(now)).sort((a, b) => a.received - b.received),
    state: () => state,
  };
}

function isSample(event: RunnerEvent): boolean {
  return (
    event.kind === 'world' ||
    event.kind === 'hosts' ||
    (event.kind === 'decision' && event.direction === 'hold')
  );
}

function after(state: LoopState, event: RunnerEvent): LoopState {
  if (event.kind !== 'event') return state;
  switch (event.event) {
    case 'paused':
    case 'resumed':
      return { ...state, paused: event.event === 'paused' };
    case 'queue-stopped':
    case 'queue-started':
      return { ...state, queueStopped: event.event === 'queue-stopped' };
    default:
      return state;
  }
}
